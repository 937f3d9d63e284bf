"""What happens to the built site, whichever builder made it: permanent addresses, descriptions and previews (`handbook.meta`),
links to PDF and calendar files, a Content-Security-Policy a page.

`/q/<id>/` leads to a prompt wherever its chapter moves; a page's old addresses (front matter `moved_from`) lead to the
new one. Both are plain pages that forward without script. The policy allows scripts from our origin, and each inline
script of the theme by the hash of its very text: Material's differ by page depth, so the hashes are taken last.
"""

from __future__ import annotations

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from handbook import bank, meta
from handbook.errors import BookError
from handbook.grammar import Prompt
from handbook.pages import DOCS
from handbook.paper.offers import with_offer
from handbook.paper.press import Edition
from handbook.plan.calendar import Calendar, with_link

INLINE_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.S | re.I)
POLICY = (
    "default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
META = '<meta http-equiv="Content-Security-Policy" content="{policy}">'

FORWARD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={relative}">
<link rel="icon" href="{icon}">
<link rel="canonical" href="{absolute}" data-target="{target}">
<title>{title}</title>
</head>
<body>
<main><h1>{title}</h1><p>This address leads to <a href="{relative}">{title}</a>.</p></main>
</body>
</html>
"""


def script_hashes(page: str) -> list[str]:
    """The hash sources of a page's inline scripts, each once; data blocks are no scripts.

    >>> script_hashes('<script>1</script><script type="application/json">{}</script><script src="a.js"></script>')
    ["'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"]
    """
    found: dict[str, None] = {}
    for match in INLINE_SCRIPT.finditer(page):
        attributes = match["attributes"]
        if re.search(r"(?:^|\s)src\s*=", attributes) or re.search(r"type=[\"']?application/(ld\+)?json", attributes):
            continue
        digest = base64.b64encode(hashlib.sha256(match["text"].encode("utf-8")).digest()).decode("ascii")
        found[f"'sha256-{digest}'"] = None
    return list(found)


def with_policy(page: str) -> str:
    """The page with its policy as the first thing in its head; an older policy of ours is replaced."""
    page = re.sub(r'\n?<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    hashes = "".join(f" {source}" for source in script_hashes(page))
    meta = META.format(policy=POLICY.format(hashes=hashes))
    # Behind the charset, which browsers look for in the first 1,024 bytes, and before any script.
    done, count = re.subn(
        r"(<head\b[^>]*>(?:\s*<meta\s+charset=[^>]*>)?)", lambda head: f"{head[1]}\n{meta}", page, count=1, flags=re.I
    )
    if not count:
        raise ValueError("no <head> to put the Content-Security-Policy in")
    return done


def forward(address: str, target: str, title: str, site_url: str) -> str:
    """A page at `address` that leads to `target`, both relative to the site's root."""
    path, _, fragment = target.partition("#")
    relative = posixpath.relpath(path or ".", address) + "/" + (f"#{fragment}" if fragment else "")
    return FORWARD.format(
        relative=html.escape(relative),
        icon=html.escape(posixpath.relpath("assets/images/favicon.svg", address)),  # or browsers ask for /favicon.ico
        absolute=html.escape(site_url.rstrip("/") + "/" + path),  # search engines know no address with a fragment
        target=html.escape(target),
        title=html.escape(title),
    )


def moved_pages(docs: Path = DOCS) -> dict[str, str]:
    """Old address → source page, from the front matter `moved_from` of the pages that moved."""
    moved: dict[str, str] = {}
    for path in bank.sources(docs):
        text = (docs / path).read_text(encoding="utf-8-sig")
        match = re.match(r"---\n(.*?)\n(?:---|\.\.\.)\n", text, flags=re.S)
        meta = yaml.safe_load(match[1]) if match else None
        olds = meta.get("moved_from", []) if isinstance(meta, dict) else []
        for old in olds if isinstance(olds, list) else [None]:
            if not re.fullmatch(r"([\w-]+/)+", str(old)):
                raise BookError(
                    f"docs/{path}:1",
                    f"`moved_from: {olds if old is None else old}` is no list of addresses; write `moved_from: [chapters/old-name/]`",
                )
            if moved.setdefault(str(old), path) != path:
                raise BookError(f"docs/{path}:1", f"`moved_from: {old}` stands on docs/{moved[str(old)]} too; keep one")
    return moved


def forwards(prompts: Iterable[Prompt], moved: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Every forwarding address → its target and title."""
    found: dict[str, tuple[str, str]] = {}
    for prompt in prompts:
        for id_ in (prompt.id, *prompt.aliases):
            found[f"q/{id_}/"] = (f"{bank.address(prompt.page)}#{prompt.id}", prompt.title)
    for old, path in moved.items():
        found[old] = (bank.address(path), path)
    return found


def finish(
    site: Path,
    site_url: str,
    *,
    policy: bool = True,
    offers: Mapping[str, list[Edition]] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> int:
    """Write forwarding pages, what previews and search engines read, links to the PDF and calendar files made, and policies.

    Returns how many pages the site holds.
    """
    prompts = bank.read()
    for address, (target, title) in forwards(prompts, moved_pages()).items():
        file = site / address / "index.html"
        if file.exists() and 'http-equiv="refresh"' not in file.read_text(encoding="utf-8"):
            raise BookError(
                f"site/{address}",
                "a page stands where a forwarding address should; rename the page or drop `moved_from`",
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(forward(address, target, title, site_url), encoding="utf-8")
    if policy:  # not while serving
        meta.finish(site, site_url, prompts)
    count = 0
    for path in sorted(site.rglob("*.html")):
        count += 1
        if policy:
            text = path.read_text(encoding="utf-8")
            address = path.relative_to(site).as_posix().removesuffix("index.html")
            new = text if offers is None else with_offer(text, address, offers.get(address, []))
            new = new if calendars is None else with_link(new, address, calendars.get(address))
            new = with_policy(new)
            if new != text:
                path.write_text(new, encoding="utf-8")
    return count
