"""The offline copy: the built site as a zip that opens from a folder by double click, search included, with no server.

    site/chapters/metrics/index.html   →  ml-interview-handbook/chapters/metrics/index.html
    <a href="../data-audit/#labels">   →  <a href="../data-audit/index.html#labels">
    <a href="../../pdf/metrics-a4.pdf"> → <a href="https://…/pdf/metrics-a4.pdf">, since the PDF files stay out

From `file://` no server adds `index.html`, and browsers start no worker, load no module and fetch nothing. So links name the
file; the search index is a script that assigns, and the engine runs in the page (`overrides/search/page.mjs`); a plan's
page holds its calendar. The policy of each page stays: `'self'` is the folder's files in Chromium, Firefox and WebKit.

What stays out is in `LEFT_OUT`, links to it lead to the web. The PDF files weigh ten times what the copy does, and who
wants paper takes the book's PDF.
"""

from __future__ import annotations

import html
import json
import os
import posixpath
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from handbook import node
from handbook.dates import changed
from handbook.editions import FOLDER, NAME, Made, archive
from handbook.editions.book import edition_of
from handbook.errors import BookError
from handbook.links import ATTRIBUTES
from handbook.paper import press
from handbook.search import FOLDER as SCRIPTS
from handbook.search import INDEX

PATH = f"{FOLDER}/{NAME}-offline.zip"

LEFT_OUT = re.compile(
    r"404\.html"  # a folder asks for no missing page
    r"|(?:editions|pdf)/.*"
    r"|figures/.*"  # pages hold their drawings
    r"|sitemap\.xml(?:\.gz)?|robots\.txt|(?:.*/)?\.\w[^/]*|CNAME"  # for servers and search engines
    rf"|{re.escape(INDEX)}|{SCRIPTS}/search-worker-.*|{SCRIPTS}/(?:workers|lunr)/.*"  # search that needs a server
    r"|.*\.map"
)
KINDS = {".html", ".css", ".js", ".json", ".svg", ".png", ".jpg", ".webp", ".ico", ".woff2", ".ipynb", ".ics", ".txt"}

LINKS: dict[str, set[str]] = {}
for _tag, _attribute in ATTRIBUTES:
    LINKS.setdefault(_tag, set()).add(_attribute)
QUOTED = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
# Every tag, since a value may hold what looks like another; comments, scripts and styles are passed over whole.
TAG = re.compile(
    rf"<!--.*?-->|(?P<open><(?P<raw>script|style)(?=[\s/>]){QUOTED}>)(?P<text>.*?)(?P<close></(?P=raw)\s*>)"
    rf"|<(?P<tag>[a-z][^\s/>]*+){QUOTED}>",
    re.S | re.I,
)
ATTRIBUTE = re.compile(r"""(?P<name>[^\s"'<>/=]+)(?P<is>\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s"'=<>`]+)""")
FORWARD = re.compile(r"(?P<wait>\s*\d+\s*;\s*url=)(?P<link>.+)", re.I | re.S)
CALENDAR = re.compile(r'<p class="plan-calendar".*?<a href="(?P<link>[^"]*)".*?</p>', re.S)
OFFER = re.compile(r'(<p class="editions">[^<]*? as PDF):')
# What the page of editions says of this one: its size there would change the copy, and so its size.
SHELF = re.compile(r'(<div class="shelf" data-kind="offline">).*?(</div>)', re.S)


def local(link: str, address: str, kept: Collection[str], site_url: str) -> str:
    """A link on the page at `address`, made for a folder that holds the files `kept`; to what stays out it leads on the web.

    >>> kept = {"index.html", "chapters/metrics/index.html"}
    >>> def on(link): return local(link, "chapters/metrics/", kept, "https://example.org/book/")
    >>> on("../../chapters/metrics/?h=a#cost"), on("../.."), on(".")
    ('../../chapters/metrics/index.html?h=a#cost', '../../index.html', 'index.html')
    >>> on("../../pdf/metrics-a4.pdf"), on("https://example.org/book/#top"), on("https://example.net/"), on("#cost")
    ('https://example.org/book/pdf/metrics-a4.pdf', '../../index.html#top', 'https://example.net/', '#cost')
    """
    parts = urlsplit(link)
    site = urlsplit(site_url)
    inside = parts.scheme in ("http", "https", "") and parts.netloc in (site.netloc, "")
    if not inside or (parts.scheme and not parts.netloc) or not (parts.path or parts.netloc):
        return link
    rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    absolute = bool(parts.netloc) or parts.path.startswith("/")
    if absolute:
        if not f"{parts.path}/".startswith(site.path):
            return link if parts.netloc else f"{site.scheme}://{site.netloc}{link}"
        below = parts.path[len(site.path) :]
    else:
        below = posixpath.join(posixpath.dirname(f"{address}x"), parts.path)
    target = posixpath.normpath(unquote(below)) if below else "."
    for path in (target, posixpath.normpath(f"{target}/index.html")):
        if path in kept:
            written = "../" * address.count("/") + below if absolute else parts.path
            return (written if path == target else posixpath.join(written, "index.html").removeprefix("./")) + rest
        if LEFT_OUT.fullmatch(path):  # there or not: that links lead somewhere is the build's to check
            return f"{site_url.rstrip('/')}/{'' if target == '.' else posixpath.normpath(below)}{'/' * (path != target)}{rest}"
    raise BookError(f"site/{address}", f"`{link}` leads to no file of the site; run `make build` again")


def page(text: str, address: str, kept: Collection[str], site_url: str) -> str:
    """A built page made for a folder: its links, where it forwards to, and the script that searches.

    >>> files = {"index.html", "a/index.html"}
    >>> page('<p title="<a href=b/>">x > y</p><a class="c" href="a/#b">', "", files, "https://example.org/")
    '<p title="<a href=b/>">x > y</p><a class="c" href="a/index.html#b">'
    >>> page('<meta http-equiv="refresh" content="0; url=../a/#b">', "q/", files, "https://example.org/")
    '<meta http-equiv="refresh" content="0; url=../a/index.html#b">'
    """

    def led(link: str) -> str:
        return local(link.strip(), address, kept, site_url)

    def opened(tag: str, opening: str) -> str:
        values = {match["name"].lower(): _value(match["value"]) for match in ATTRIBUTE.finditer(opening)}
        if "srcset" in values:
            raise BookError(f"site/{address}", "has a `srcset`, which the offline copy can't rewrite; write one `src`")
        if tag == "link" and values.get("rel", "").lower() in ("canonical", "alternate"):
            return opening  # where the page is on the web

        def rewritten(match: re.Match[str]) -> str:
            name, value = match["name"].lower(), _value(match["value"])
            new = value
            if tag == "meta":
                forward = FORWARD.fullmatch(value)
                if name == "content" and values.get("http-equiv", "").lower() == "refresh" and forward:
                    new = forward["wait"] + led(forward["link"])
            elif tag == "script" and name == "data-worker":
                return f'data-script="{html.escape(posixpath.relpath(_engine(), address or "."))}"'
            elif name in LINKS.get(tag, ()):
                new = led(value)
            return match[0] if new == value else f'{match["name"]}{match["is"]}"{html.escape(new)}"'

        return ATTRIBUTE.sub(rewritten, opening)

    def each(match: re.Match[str]) -> str:
        if match["open"]:
            return opened(match["raw"].lower(), match["open"]) + match["text"] + match["close"]
        tag = (match["tag"] or "").lower()
        return opened(tag, match[0]) if tag in LINKS or tag == "meta" else match[0]

    return TAG.sub(each, text)


def _value(written: str) -> str:
    return html.unescape(written[1:-1] if written[0] in "\"'" else written)


def _engine() -> str:
    """The search script's address in the copy."""
    return f"{SCRIPTS}/{node.search_bundle('page').name}"


def with_calendar(text: str, address: str, site: Path) -> str:
    """A plan's page with its calendar file inside, for `plan.js`, which can't fetch it here."""
    match = CALENDAR.search(text)
    if match is None:
        return text
    file = site / posixpath.normpath(posixpath.join(address, html.unescape(match["link"])))
    held = json.dumps(file.read_bytes().decode("utf-8"), ensure_ascii=False).replace("<", "\\u003c")
    block = f'<script type="application/json" id="plan-calendar-file">{held}</script>'
    return text[: match.end()] + block + text[match.end() :]


def index(written: str) -> str:
    """The search index as a script that assigns.

    >>> index('{"config":{},"synonyms":{},"docs":[]}')
    'handbookIndex={"synonyms":{},"docs":[]};'
    """
    whole = json.loads(written)
    kept = {name: whole[name] for name in ("synonyms", "docs")}
    return f"handbookIndex={json.dumps(kept, ensure_ascii=False, separators=(',', ':'))};"


def read_me(site_url: str, date: int | None) -> str:
    """What lies beside `index.html`, in three lines."""
    return (
        f"Open index.html in a browser. Search works, and nothing is fetched from anywhere.\n"
        f"{press.BOOK}, {edition_of(date)}. The newest is at {site_url}\n"
        f"Text CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), code MIT (https://opensource.org/license/mit).\n"
    )


def files(site: Path, site_url: str, date: int | None) -> Iterator[tuple[str, bytes]]:
    """Every file of the copy, path and bytes, in the order of their paths."""
    every = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    kept = {path for path in every if not LEFT_OUT.fullmatch(path)}
    made = {
        _engine(): node.search_bundle("page").read_bytes(),
        INDEX.replace(".json", ".js"): index((site / INDEX).read_text(encoding="utf-8")).encode(),
        "READ-ME.txt": read_me(site_url, date).encode(),
    }
    for path in sorted(kept | set(made)):
        if path in made:
            yield path, made[path]
            continue
        if Path(path).suffix not in KINDS:
            raise BookError(
                f"site/{path}", "is of a kind the offline copy doesn't know; put it in `KINDS` or in `LEFT_OUT`"
            )
        if not path.endswith(".html"):
            yield path, (site / path).read_bytes()
            continue
        address = path.removesuffix("index.html") if path.endswith("index.html") else path
        text = with_calendar((site / path).read_text(encoding="utf-8"), address, site)
        text = OFFER.sub(r"\1, on the web:", text)
        text = SHELF.sub(
            rf'\1<p>You have it. The newest is <a href="{site_url.rstrip("/")}/{PATH}">on the web</a>.</p>\2', text
        )
        yield path, page(text, address, kept, site_url).encode()


def make(site: Path, site_url: str) -> list[Made]:
    """Write the zip: files in order, one time, one mode, so that the same site gives the same bytes."""
    date = changed("docs", "snippets")  # the other editions carry the same
    target = site / PATH
    target.parent.mkdir(exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    try:
        archive.write(fresh, ((f"{NAME}/{path}", content) for path, content in files(site, site_url, date)), date)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return [Made(PATH, "offline", "The site, to open from a folder", target.stat().st_size)]
