"""Every internal link and anchor of the built site, checked against what was built. Quick, and it sees them all.

LinkChecker takes minutes over anchors, and the builders' own checks do not see raw HTML; this one reads each page once.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from handbook.html import BuiltPage, pages

ATTRIBUTES = (
    *(("a", "href"), ("area", "href"), ("link", "href"), ("img", "src"), ("script", "src"), ("iframe", "src")),
    *(("image", "href"), ("use", "href"), ("image", "xlink:href"), ("use", "xlink:href"), ("video", "poster")),
    *(("source", "src"), ("video", "src"), ("audio", "src"), ("object", "data"), ("embed", "src"), ("form", "action")),
)
RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
LOADED = {"image", "use", "img", "script", "iframe", "source", "video", "audio", "object", "embed"}


def broken(site: Path, site_url: str) -> list[str]:
    """What is wrong, a line each: page, link, reason. Doubled ids and loads from other origins count too."""
    built = {page.address: page for page in pages(site)}
    origin = urlsplit(site_url)
    problems: list[str] = []
    for page in built.values():
        seen: set[str] = set()
        for id_ in page.ids:
            if id_ in seen:
                problems.append(f"{page.address or '/'}: the id `{id_}` stands twice")
            seen.add(id_)
        for tag, attribute in ATTRIBUTES:
            for element in page.tree.iter(tag):
                link = element.get(attribute)
                if link is None:
                    continue
                relations = set((element.get("rel") or "").lower().split())
                loads = tag in LOADED or bool(tag == "link" and relations & RELATIONS)
                if tag == "link" and not loads and relations & {"canonical", "prev", "next", "edit", "alternate"}:
                    continue
                reason = _wrong(link.strip(), loads, page, built, site, origin.netloc, origin.path)
                if reason:
                    problems.append(f"{page.address or '/'}: `{link}` {reason}")
        for element in page.tree.iter("img", "source"):
            for link in re.findall(r"(?:^|,)\s*([^\s,]\S*)", element.get("srcset") or ""):
                reason = _wrong(link.rstrip(","), True, page, built, site, origin.netloc, origin.path)
                if reason:
                    problems.append(f"{page.address or '/'}: `{link}` {reason}")
    return problems


def _wrong(
    link: str, loads: bool, page: BuiltPage, built: dict[str, BuiltPage], site: Path, host: str, base: str
) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("mailto", "tel", "data"):
        return ""
    if parts.scheme == "javascript":
        return "runs a script from a link"
    if parts.netloc and parts.netloc != host:
        return "is loaded from another origin" if loads else ""
    path = unquote(parts.path)
    if parts.netloc or path.startswith("/"):
        if not path.startswith(base):
            return f"leaves the site's base path {base}"
        target = _normal(path[len(base) :])
    elif path:
        if page.address == "404.html":
            return "is relative, and 404.html is shown at any depth; write an absolute link"
        target = _normal(posixpath.join(posixpath.dirname(page.address + "x"), path))
        if target.startswith(".."):
            return "leads out of the site"
    else:
        target = page.address
    file = site / target
    if file.is_dir():
        if target and not target.endswith("/"):
            return "lacks its closing slash"
        file /= "index.html"
    if not file.is_file():
        return "leads to no file"
    fragment = unquote(parts.fragment)
    if not fragment or fragment.startswith(":~:"):
        return ""
    other = built.get(target.removesuffix("index.html"))
    if other is None:
        return ""
    return "" if fragment in other.ids else f"has no such anchor on {other.address or '/'}"


def _normal(path: str) -> str:
    """A path below the root without `.` and `..`; a folder keeps its slash, the root is empty."""
    folder = path.endswith("/") or path.rsplit("/", 1)[-1] in (".", "..")
    plain = posixpath.normpath(path) if path else "."
    return "" if plain == "." else plain + ("/" if folder else "")
