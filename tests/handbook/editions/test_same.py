"""Two folders in, what differs out; a folder in, what it holds of the machine out."""

from __future__ import annotations

import doctest
import gzip
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from handbook.editions import same
from handbook.pages import ROOT


def folder(at: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(data)
    return at


def zipped(*members: tuple[str, str], day: int = 1, mode: int = 0o644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            entry = zipfile.ZipInfo(name, (2026, 11, day, 0, 0, 0))
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


def test_docstrings() -> None:
    assert doctest.testmod(same).failed == 0


def test_equal_folders(tmp_path: Path) -> None:
    files = {"a/b.html": b"x", "c.bin": b"\xff", "d": b""}
    assert same.differences(folder(tmp_path / "1", files), folder(tmp_path / "2", files)) == []


def test_each_difference_is_a_line(tmp_path: Path) -> None:
    one = folder(tmp_path / "1", {"a.html": b"1\n2\n", "gone": b"", "same": b"s", "z": zipped(("i", "a\nb"))})
    two = folder(tmp_path / "2", {"a.html": b"1\n3\n", "new": b"", "same": b"s", "z": zipped(("i", "a\nc"))})
    assert same.differences(one, two) == [
        f"gone: only in {one}",
        f"new: only in {two}",
        "a.html: line 2 differs at column 1: `2` became `3`",
        "z: in the zip, i: line 2 differs at column 1: `b` became `c`",
    ]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (b"a\nb", b"a\nb\n", "line 2 differs at column 2: `b` became `b`"),
        ("ä\nö".encode(), "ä\nü".encode(), "line 2 differs at column 1: `ö` became `ü`"),
        (
            b"x" * 100 + b"1" + b"y" * 100,
            b"x" * 100 + b"2" + b"y" * 100,
            f"column 101: `…{'x' * 40}1{'y' * 39}…` became",
        ),
        (b"%PDF\xff/ID(1)", b"%PDF\xff/ID(2)", "byte 9 of 11 differs: `%PDF./ID(1)` became `%PDF./ID(2)`"),
        (zipped(("i", "a")), zipped(("i", "a"), day=2), "i: its date_time is"),
        (zipped(("i", "a")), zipped(("i", "a"), mode=0o600), "i: its external_attr is"),
        (zipped(("i", ""), ("j", "")), zipped(("j", ""), ("i", "")), "another order"),
        (zipped(("i", "")), zipped(("j", "")), "`i` is in one of the zips"),
        (gzip.compress(b"a", mtime=1), gzip.compress(b"a", mtime=2), "the header of the gzip file"),
        (
            gzip.compress(b"a", mtime=1),
            gzip.compress(b"b", mtime=1),
            "inside, line 1 differs at column 1: `a` became `b`",
        ),
    ],
)
def test_where_it_begins(a: bytes, b: bytes, wanted: str) -> None:
    assert wanted in same.difference(a, b)


SINCE = datetime(2026, 11, 28, 17, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "data",
    [
        b"made 2026-11-28T17:31:05Z",
        b"made 2026-11-28 17:30",
        b"/CreationDate (D:20261128173105Z)",
        b"DTSTAMP:20261128T173105Z",
        b"28 Nov 2026 17:31:05 GMT",
        b"Sat Nov 28 17:31:05 UTC 2026",
        f"built={SINCE + 61:.0f}".encode(),
        f"built={(SINCE + 61) * 1000:.0f}".encode(),
        zipped(("i", "2026-11-28 17:31")),
        gzip.compress(b"x", mtime=int(SINCE) + 61),
        f'<a href="file://{ROOT}/docs">'.encode(),
        zipped(("i", f"{ROOT}")),
    ],
)
def test_what_a_machine_leaves_is_seen(data: bytes, tmp_path: Path) -> None:
    site = folder(tmp_path, {"a": data, "b": b"nothing"})
    (found,) = same.leaks(site, SINCE, SINCE + 120)
    assert found.startswith("a")


@pytest.mark.parametrize(
    "data",
    [
        b"2026-11-28",
        b"2026-11-28T19:00",
        b"DTSTART:20261128T190000",
        b"/CreationDate (D:20261128120000Z)",
        b"/CreationDate (D:20261128172959Z)",
        b"0.20261128173105",
        f"{SINCE - 5:.0f}".encode(),
        f"0.{SINCE + 61:.0f}".encode(),
        f"{SINCE + 61:.0f}99".encode(),
        zipped(("i", "2026-11-28")),
    ],
)
def test_what_is_no_trace_is_none(data: bytes, tmp_path: Path) -> None:
    assert same.leaks(folder(tmp_path, {"a": data}), SINCE, SINCE + 120) == []


def test_the_hours_of_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = folder(tmp_path, {"a.html": b"", "b.html": b""})
    os.utime(site / "a.html", (1000, 1000))
    os.utime(site / "b.html", (1030, 1030))
    for commit, since in ((None, 940), (950, 951), (10, 940), (1010, 1011), (1040, 940)):
        monkeypatch.setattr(same, "changed", lambda *_, commit=commit: commit)
        assert same.built_between(site) == (since, 1031)
