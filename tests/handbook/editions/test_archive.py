"""One way to write a zip, for the deck, the EPUB and the offline copy."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from handbook.editions import archive


@pytest.mark.parametrize(
    ("date", "time"),
    [(None, (1980, 1, 1, 0, 0, 0)), (0, (1980, 1, 1, 0, 0, 0)), (1_790_000_000, (2026, 9, 21, 14, 13, 20))],
)
def test_a_zip_has_no_clock(date: int | None, time: tuple[int, ...]) -> None:
    made = io.BytesIO()
    archive.write(made, [("a", b"1")], date)
    assert [entry.date_time for entry in zipfile.ZipFile(made).infolist()] == [time]


def test_no_other_module_writes_a_zip_entry() -> None:
    """A second one would have a time, a mode and a system of its own to forget."""
    folder = Path(archive.__file__).parent
    assert [
        path.name
        for path in sorted(folder.rglob("*.py"))
        if re.search(r"ZipInfo\(|writestr\(", path.read_text(encoding="utf-8"))
    ] == ["archive.py"]
