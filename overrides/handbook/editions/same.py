"""Same input, same bytes: which files of two built folders differ, and where; and what of the machine a built file holds.

    one/plan/index.html  <p>made on 28 November</p>   →  plan/index.html: line 1 differs at column 12:
    other/plan/index.html <p>made on 29 November</p>     `<p>made on 28 November</p>` became `<p>made on 29 November</p>`

`python -m handbook.editions.same` builds the book twice under one `SOURCE_DATE_EPOCH` and compares. The two builds differ in
what must not matter: the folder, the time zone (25 hours apart, so never the same day), the seed of hashes, the locale, and
whether anything is remembered in `.build`. It takes six CPU minutes.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from handbook.dates import changed
from handbook.errors import BookError
from handbook.pages import CACHE, ROOT

EPOCH = 1_790_000_000  # 2026-09-21: any day will do
AROUND = 40  # characters shown on both sides of a difference

# The comparison


def differences(one: Path, other: Path) -> list[str]:
    """Every file below one folder that is missing below the other or has other bytes there, a line each."""
    here, there = _files(one), _files(other)
    found = [f"{path}: only in {one if path in here else other}" for path in sorted(here ^ there)]
    for path in sorted(here & there):
        a, b = (one / path).read_bytes(), (other / path).read_bytes()
        if a != b:
            found.append(f"{path}: {difference(a, b)}")
    return found


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def difference(a: bytes, b: bytes) -> str:
    """Where two files begin to differ: the member of a zip, the line of a text, the byte of anything else.

    >>> difference(b"a\\nb\\n", b"a\\nc\\n")
    'line 2 differs at column 1: `b` became `c`'
    >>> difference(b"\\xff\\x00/Made (8)", b"\\xff\\x00/Made (9)")
    'byte 9 of 11 differs: `../Made (8)` became `../Made (9)`'
    """
    if all(data.startswith(b"PK\x03\x04") for data in (a, b)):
        return _zips(a, b)
    if all(data.startswith(b"\x1f\x8b") for data in (a, b)):
        inside = gzip.decompress(a), gzip.decompress(b)
        return "the header of the gzip file" if inside[0] == inside[1] else f"inside, {difference(*inside)}"
    try:
        return _texts(a.decode("utf-8"), b.decode("utf-8"))
    except UnicodeDecodeError:
        at = _first(a, b)
        return f"byte {at} of {len(a):,} differs: `{_shown(a, at)}` became `{_shown(b, at)}`"


def _first(a: bytes | str, b: bytes | str) -> int:
    """The place of the first difference.

    >>> _first("abc", "abd"), _first("ab", "abc")
    (2, 2)
    """
    low, high = 0, min(len(a), len(b))
    while low < high:  # by halves: a loop over each byte of a book takes seconds
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle - 1)
    return low


def _texts(a: str, b: str) -> str:
    at = _first(a, b)
    begin = a.rfind("\n", 0, at) + 1
    lines = [text[begin : end if (end := text.find("\n", begin)) >= 0 else None] for text in (a, b)]
    shown = [_cut(line, at - begin) for line in lines]
    return f"line {a.count(chr(10), 0, at) + 1} differs at column {at - begin + 1}: `{shown[0]}` became `{shown[1]}`"


def _cut(line: str, at: int) -> str:
    start, end = max(0, at - AROUND), at + AROUND
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"


def _shown(data: bytes, at: int) -> str:
    part = data[max(0, at - AROUND) : at + AROUND]
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)


def _zips(a: bytes, b: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(a)) as one, zipfile.ZipFile(io.BytesIO(b)) as other:
        entries = {entry.filename: entry for entry in one.infolist()}
        others = {entry.filename: entry for entry in other.infolist()}
        if gone := sorted(set(entries) ^ set(others)):
            return f"`{gone[0]}` is in one of the zips"
        for name, entry in entries.items():
            inside = one.read(entry), other.read(name)
            if inside[0] != inside[1]:
                return f"in the zip, {name}: {difference(*inside)}"
            for what in ("date_time", "external_attr", "create_system", "compress_type", "compress_size", "extra"):
                was, now = getattr(entry, what), getattr(others[name], what)
                if was != now:
                    return f"in the zip, {name}: its {what} is {was} and {now}"
        if list(entries) != list(others):
            return "the zips hold the same files in another order"
    return "the zips hold the same files and differ elsewhere"


# What a single build shows


def leaks(site: Path, since: float, until: float) -> list[str]:
    """Files that hold a path of this machine, or a time between `since` and `until`, when the site was built; zips are opened.

    A date alone is none: the sitemap carries the day.
    """
    paths = {str(path).encode() for path in (ROOT, site, Path(sys.prefix), Path(tempfile.gettempdir()) / "pytest-of-")}
    days = {datetime.fromtimestamp(t, zone).date() for t in (since, until) for zone in (UTC, None)}
    begins = {day.strftime(form).encode() for day in days for form in ("%Y-%m-%d", "%Y%m%d", "%d %b %Y", "%b %d")}
    digits = {str(int(t))[:6].encode() for t in (since, until)}  # three hours of seconds since 1970
    found = []
    for path in sorted(_files(site)):
        for name, data in _opened(path, (site / path).read_bytes()):
            found += [f"{name}: holds the path `{mark.decode()}`" for mark in sorted(paths) if mark in data]
            if time := _time(data, begins, digits, since, until):
                found.append(f"{name}: holds `{time}`, when the site was built")
    return found


def _opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield f"{name}, {entry.filename}", f"{datetime(*entry.date_time)}\n".encode() + archive.read(entry)
    elif data.startswith(b"\x1f\x8b"):
        yield f"{name}, inside", f"{int.from_bytes(data[4:8], 'little')}\n".encode() + gzip.decompress(data)


def _time(data: bytes, begins: set[bytes], digits: set[bytes], since: float, until: float) -> str:
    """The first time in the data between the two, as it is written there, or nothing."""
    for begin in sorted(begins):  # `find` first: a pattern alone takes ten times as long over a whole site
        at = data.find(begin)
        while at >= 0:
            written = data[at : at + len(begin) + 15]
            rest = re.match(rb"(?:[T ]|, | \d{4} )?(\d\d):?(\d\d)(?::?(\d\d))?", written[len(begin) :])
            if rest and not _in_number(data, at) and _inside([int(n) for n in rest.groups() if n], since, until):
                return written[: len(begin) + rest.end()].decode()
            at = data.find(begin, at + 1)
    for begin in sorted(digits):
        at = data.find(begin)
        while at >= 0:
            number = re.match(rb"\d+", data[at : at + 20])
            if number and len(number[0]) in (10, 13) and not _in_number(data, at):
                seconds = int(number[0]) / (1 if len(number[0]) == 10 else 1000)
                if since <= seconds <= until:
                    return number[0].decode()
            at = data.find(begin, at + 1)
    return ""


def _in_number(data: bytes, at: int) -> bool:
    """True when what stands at the place is the rest of a number."""
    return at > 0 and data[at - 1] in b"0123456789."


def _inside(shown: list[int], since: float, until: float) -> bool:
    """True when the clock showed that hour, minute and second, here or in UTC, between the two times; seconds may be missing."""
    step = 1 if len(shown) == 3 else 60
    return any(
        [time.hour, time.minute, time.second][: len(shown)] == shown
        for at in range(-int(-since // step), int(until // step) + 1)
        for time in (datetime.fromtimestamp(at * step, UTC), datetime.fromtimestamp(at * step))
    )


def built_between(site: Path) -> tuple[float, float]:
    """From when to when the site was built: from a minute before its first file on, but not from before the last commit."""
    times = [path.stat().st_mtime for path in site.rglob("*") if path.is_file()]
    since, commit = min(times) - 60, float(changed(".") or 0)
    return (commit + 1 if since <= commit < max(times) else since), max(times) + 1


# Two builds


@dataclass(frozen=True)
class Place:
    """Where and how one of the two builds is made."""

    folder: str
    environment: dict[str, str]
    warm: bool


PLACES = (
    Place("one", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}, warm=True),
    Place("an other/place", {"TZ": "Pacific/Pago_Pago", "PYTHONHASHSEED": "2", "LC_ALL": "C"}, warm=False),
)
REMEMBERED = ("math", "pdf", "checked.jsonl", "mathjax-*.js", "search-*.js")


def copied(to: Path, *, warm: bool) -> None:
    """A copy of the book's source as it stands, edits included; what is remembered in `.build` comes along when `warm`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
    (to / "node_modules").symlink_to(ROOT / "node_modules")
    for path in (path for form in REMEMBERED for path in CACHE.glob(form)) if warm else ():
        (to / ".build").mkdir(exist_ok=True)
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, to / ".build" / path.name)


def built(place: Place, below: Path) -> tuple[Path, float]:
    """Build the site with all its editions in a copy; returns the site and the CPU seconds it took."""
    home = below / place.folder
    copied(home, warm=place.warm)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("SITE_URL", "REPO_URL", "SITE_DIR")},
        **place.environment,
        "SOURCE_DATE_EPOCH": str(EPOCH),
        "PYTHONPATH": os.pathsep.join([str(home / "overrides"), str(home)]),  # before the packages that are installed
        "PYTHONUTF8": "1",
    }
    before = os.times()
    where = "import handbook.pages, snippets; print(handbook.pages.ROOT); from handbook import node; node.bundle(); node.search_bundle(); node.search_bundle('page')"
    for arguments in (["-c", where], ["-m", "handbook", "editions"]):
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BookError("", f"the build in {home} fails: {done.stderr[-3000:] or done.stdout[-3000:]}")
        if arguments[0] == "-c" and Path(done.stdout.strip()) != home:
            raise BookError("", f"the build in {home} would be one of {done.stdout.strip()}")
    after = os.times()
    took = after.children_user + after.children_system - before.children_user - before.children_system
    return home / "site", took


def main() -> int:
    """Build twice, say what differs; 1 when anything does."""
    with tempfile.TemporaryDirectory() as folder:
        sites = []
        for place in PLACES:
            site, seconds = built(place, Path(folder).resolve())
            print(f"{'remembering' if place.warm else 'from nothing'}: {seconds:.0f} CPU seconds", flush=True)
            sites.append(site)
        found = differences(*sites)
        print("\n".join(found) or f"{len(_files(sites[0]))} files, all the same")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
