"""A zip whose bytes are its files' alone: no clock, no rights and no system of the machine that wrote it."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

FIRST = 315_532_800  # 1980-01-01, the first day a zip can name


def write(
    to: Path | IO[bytes], files: Iterable[tuple[str, bytes]], date: int | None = None, stored: Collection[str] = ()
) -> None:
    """Pack files in the order in which they come, all of one `date` (1980 without one); those whose names end as in `stored` are not compressed.

    >>> import io
    >>> one, other = io.BytesIO(), io.BytesIO()
    >>> write(one, [("b.txt", b"b"), ("a.png", b"a")], 1_700_000_000, stored=[".png"])
    >>> write(other, [("b.txt", b"b"), ("a.png", b"a")], 1_700_000_000, stored=[".png"])
    >>> one.getvalue() == other.getvalue()
    True
    >>> [(e.filename, e.date_time, oct(e.external_attr >> 16), e.create_system, e.compress_type) for e in zipfile.ZipFile(one).infolist()]
    [('b.txt', (2023, 11, 14, 22, 13, 20), '0o100644', 3, 8), ('a.png', (2023, 11, 14, 22, 13, 20), '0o100644', 3, 0)]
    """
    time = datetime.fromtimestamp(max(date or FIRST, FIRST), UTC).timetuple()[:6]
    with zipfile.ZipFile(to, "w") as packed:
        for name, data in files:
            entry = zipfile.ZipInfo(name, time)
            entry.create_system = 3  # Unix, whose modes those are, wherever it is made
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(tuple(stored)) else zipfile.ZIP_DEFLATED
            packed.writestr(entry, data, compresslevel=9)
