"""Do the addresses that the book cites still answer? LinkChecker asks; this says whom, and makes an issue of what it heard.

`python -m handbook.outside addresses > a.txt`, `… ask a.txt answers.csv`, `… failed answers.csv`, `… report answers.csv`. Links inside the
site are followed by every build (`handbook.links`); our own repository's pages need an account or are made by us. So each foreign
address is asked for once, however often it is cited, and at most once a second a host.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit

import yaml

from handbook import config
from handbook.errors import BookError
from handbook.html import pages, text_of
from handbook.pages import ROOT

SITE = ROOT / "site"
ALLOWED = ROOT / ".github" / "refuses-robots.yml"
REFUSALS = {"401", "403", "405", "406", "418", "429", "451", "503", "999"}  # said to robots; "not found" is said to all
LONGEST = 60_000  # an issue holds 65,536 characters

POLITE = """\
[checking]
maxrequestspersecond=1
threads=10
timeout=45
recursionlevel=0
[output]
status=0
"""

# What LinkChecker quotes from the libraries below it, in a reader's words.
UNREACHABLE = {
    "NameResolutionError": "no such host",
    "NewConnectionError": "connection refused",
    "ConnectTimeout": "no answer in time",
    "ReadTimeout": "no answer in time",
    "SSLError": "its certificate is not valid",
    "Too many redirects": "redirects without end",
}


class Place(NamedTuple):
    """Where an address is cited: the page's address below the site's root, and the link's words."""

    page: str
    words: str


def cited(site: Path, ours: Iterable[str]) -> dict[str, list[Place]]:
    """Every foreign address, without its fragment, in order → where it is cited. `ours`: how addresses begin that are not asked for."""
    own = tuple(address.rstrip("/") for address in ours)
    found: dict[str, list[Place]] = {}
    for page in pages(site):
        if page.is_redirect:
            continue
        for link in page.tree.iter("a"):
            address = urldefrag((link.get("href") or "").strip()).url
            if re.match(r"https?://", address) and not address.startswith(own):
                found.setdefault(address, []).append(Place(page.address, text_of(link) or "(a picture)"))
    return dict(sorted(found.items()))


def ask(addresses: list[str], polite: str = POLITE) -> str:
    """LinkChecker's answers to these addresses, as its CSV; an error when one of them is missing."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "linkcheckerrc"
        settings.write_text(polite, encoding="utf-8")
        command = [sys.executable, "-m", "linkcheck", "--config", str(settings), "--no-robots", "--check-extern"]
        command += ["--stdin", "--verbose", "--output", "csv/utf-8"]
        done = subprocess.run(
            command, input="\n".join(addresses), capture_output=True, text=True, encoding="utf-8", check=False
        )
    if done.returncode not in (0, 1):  # 1: some did not answer
        raise BookError("linkchecker", done.stderr.strip()[-2000:])
    lost = sorted(set(addresses) - set(answers(done.stdout)))
    if lost:
        raise BookError("linkchecker", f"said nothing about {len(lost)} of {len(addresses)}: {' '.join(lost[:5])}")
    return done.stdout


def answers(text: str) -> dict[str, str]:
    '''LinkChecker's CSV → each address asked for, and what it answered, nothing where all is well.

    >>> answers("""# by LinkChecker
    ... urlname;result;valid
    ... https://a;200 OK;True
    ... https://b;404 Not Found;False""")
    {'https://a': '', 'https://b': '404 Not Found'}
    '''
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    rows = csv.DictReader(lines, delimiter=";")
    return {row["urlname"]: "" if row["valid"] == "True" else row["result"] for row in rows}


def said(result: str) -> str:
    """An answer in a few words.

    >>> said("404 Not Found"), said("ConnectionError: HTTPSConnectionPool(host='x'): … (Caused by NameResolutionError(…")
    ('404 Not Found', 'no such host')
    """
    for name, words in UNREACHABLE.items():
        if name in result:
            return words
    return result if len(result) <= 80 else result[:79] + "…"


def allowed(path: Path = ALLOWED) -> set[str]:
    """The hosts of which a refusal is no fault."""
    return {str(row["host"]) for row in yaml.safe_load(path.read_text(encoding="utf-8"))}


def failed(heard: Mapping[str, str], hosts: set[str]) -> dict[str, str]:
    """What is wrong: address → answer, without the refusals of hosts that refuse robots.

    >>> failed({"https://doi.org/1": "403 Forbidden", "https://doi.org/2": "404 Not Found", "https://a": ""}, {"doi.org"})
    {'https://doi.org/2': '404 Not Found'}
    """
    return {
        address: result
        for address, result in heard.items()
        if result and not (urlsplit(address).hostname in hosts and result[:3] in REFUSALS)
    }


def report(wrong: Mapping[str, str], places: Mapping[str, list[Place]], site_url: str) -> str:
    """The issue's text: a row for each place that cites an address that did not answer; nothing when all did.

    An error when more than half did not: then it is not they who can't be reached.
    """
    if not wrong:
        return ""
    if len(wrong) * 2 > len(places):
        raise BookError(
            "", f"{len(wrong)} of {len(places)} addresses did not answer: is there a network? No issue is made"
        )
    count = "One cited address did" if len(wrong) == 1 else f"{len(wrong)} of {len(places)} cited addresses did"
    head = (
        f"{count} not answer, a quarter of an hour apart. Find where the page went, or cite another one that says the same. "
        "When the page is there for a person and refuses robots only, name its host in `.github/refuses-robots.yml`.\n\n"
        "| page | link | address | answered |\n| --- | --- | --- | --- |\n"
    )
    rows: list[str] = []
    for address, result in sorted(wrong.items()):
        cites = list(dict.fromkeys(places.get(address, [])))
        for place in cites[:3]:
            page = f"[{place.page or 'home'}]({site_url.rstrip('/')}/{place.page})"
            words = place.words if len(place.words) <= 60 else place.words[:59] + "…"
            rows.append(f"| {page} | {_cell(words)} | {_cell(address)} | {_cell(said(result))} |\n")
        if len(cites) > 3:
            rows.append(f"| {len(cites) - 3} more | | {_cell(address)} | |\n")
    text = head
    for number, row in enumerate(rows):
        if len(text) + len(row) > LONGEST:
            return f"{text}\n{len(rows) - number} more rows are left out: mend these first.\n"
        text += row
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> str:
    """What the command prints."""
    settings = config.load()
    ours = [str(settings["site_url"]), str(settings["repo_url"])]
    match arguments:
        case ["addresses"]:
            return "".join(f"{address}\n" for address in cited(SITE, ours))
        case ["ask", source, target]:
            Path(target).write_text(ask(Path(source).read_text(encoding="utf-8").split()), encoding="utf-8")
            return ""
        case ["failed", source]:
            wrong = failed(answers(Path(source).read_text(encoding="utf-8")), allowed())
            return "".join(f"{address}\n" for address in wrong)
        case ["report", source]:
            wrong = failed(answers(Path(source).read_text(encoding="utf-8")), allowed())
            return report(wrong, cited(SITE, ours), ours[0])
    raise BookError("", "usage: python -m handbook.outside addresses | ask FROM TO | failed ANSWERS | report ANSWERS")


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]), end="")
    except BookError as error:
        sys.exit(str(error))
