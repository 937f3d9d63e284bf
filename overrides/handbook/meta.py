"""What search engines and link previews read, written after the build: a description for each page, preview tags, sitemap, robots.txt.

A page is described by its author (front matter `description`), else by its first sentences, in 160 characters at most: more
is cut off where it is shown. Canonical addresses come from the builder. Dates are those of git, never the day of the build.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

from handbook import bank, config, dates, preview
from handbook.grammar import Prompt
from handbook.html import BuiltPage, pages, text_of
from handbook.pages import DOCS

LONGEST = 160  # characters of a description
SHORTEST = 60  # what is shorter says too little
OURS = re.compile(r'\n?[ \t]*<meta (?:property="(?:og|article):|name="twitter:)[^>]*>')
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.S)
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
SENTENCE = r"(?<!e\.g)(?<!i\.e)(?<!vs)[.!?][”\"')]*(?=\s+[“\"(]?[A-Z0-9])"
ASIDE = {"editions", "related", "plan-calendar", "prompt-report"}  # paragraphs that are no prose of the page

ROBOTS = "User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n"


def short(text: str, longest: int = LONGEST) -> str:
    """As much of a text as fits: whole sentences, else whole clauses, else whole words.

    >>> short("Costs decide. Then come metrics.", 20), short("Costs, limits, delays", 17), short("Costs decide", 9)
    ('Costs decide.', 'Costs, limits …', 'Costs …')
    >>> short("At 0.2 % fraud, i.e. rarely, accuracy says nothing. Look at costs.", 60)
    'At 0.2 % fraud, i.e. rarely, accuracy says nothing.'
    """
    if len(text) <= longest:
        return text
    least = min(SHORTEST, longest // 3)
    for ends, after in ((SENTENCE, ""), (r"(?=[,;:]\s)", " …"), (r"(?=\s)", " …")):
        fit = [match.end() for match in re.finditer(ends, text) if least <= match.end() <= longest - len(after)]
        if fit:
            return text[: fit[-1]] + after
    return text[: longest - 1] + "…"


def described(page: BuiltPage, site_description: str) -> str:
    """What a page says of itself: its author's description, unless that is the whole site's, else its first sentences."""
    match = DESCRIPTION.search(page.text)
    said = " ".join(html.unescape(match[1]).split()) if match else ""
    if said and said != site_description:
        return short(said)
    for paragraph in [] if page.article is None else page.article.iter("p"):
        aside = ASIDE & set((paragraph.get("class") or "").split()) or paragraph.find(".//svg") is not None
        if not aside and len(text := text_of(paragraph)) >= SHORTEST:
            return short(text)
    return short(said)


def titled(page: BuiltPage) -> str:
    """A page's title as its heading says it, or what the browser's tab does (a forwarding page)."""
    match = HEADING.search(page.text) or TITLE.search(page.text)
    words = re.sub(r"<a class=\"headerlink\".*?</a>|<[^>]+>", "", match[1], flags=re.S) if match else ""
    return " ".join(html.unescape(words).split())


def tags(title: str, description: str, address: str, image: str, *, kind: str, name: str) -> str:
    """The tags of a link's preview, a line each (Open Graph; where it is missing, Twitter's name for the same falls back to it)."""
    properties = {
        "og:type": kind,
        "og:site_name": name,
        "og:title": title,
        "og:description": description,
        "og:url": address,
        "og:image": image,
        "og:image:type": "image/png",
        "og:image:width": str(preview.SIZE[0]),
        "og:image:height": str(preview.SIZE[1]),
        "og:image:alt": preview.ALT,
    }
    lines = [f'<meta property="{key}" content="{html.escape(value)}">' for key, value in properties.items()]
    return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image">'])


def with_tags(text: str, description: str, lines: str) -> str:
    """The page with its own description, and the preview's tags behind it; older ones of ours are replaced."""
    text = OURS.sub("", text)
    meta = f'<meta name="description" content="{html.escape(description)}">'
    if DESCRIPTION.search(text):
        return DESCRIPTION.sub(lambda _: f"{meta}\n{lines}", text, count=1)
    return re.sub(r"(?=</head>)", lambda _: f"{meta}\n{lines}\n", text, count=1)


def sitemap(addresses: Mapping[str, int | None], site_url: str) -> str:
    """Every page with the day it was last changed.

    >>> print(sitemap({"a/": 86_400, "b/": None}, "https://x/"))
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://x/a/</loc><lastmod>1970-01-02</lastmod></url>
    <url><loc>https://x/b/</loc></url>
    </urlset>
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, seconds in sorted(addresses.items()):
        day = "" if seconds is None else dates.day(seconds)
        lastmod = f"<lastmod>{day}</lastmod>" if day else ""
        lines.append(f"<url><loc>{html.escape(site_url.rstrip('/') + '/' + address)}</loc>{lastmod}</url>")
    return "\n".join([*lines, "</urlset>"])


def finish(site: Path, site_url: str, prompts: list[Prompt]) -> None:
    """Describe every page of the site, and write preview picture, sitemap and robots.txt."""
    settings = config.load()
    general, name = " ".join(str(settings["site_description"]).split()), str(settings["site_name"])
    base = site_url.rstrip("/") + "/"
    questions = {f"q/{id_}/": prompt.question for prompt in prompts for id_ in (prompt.id, *prompt.aliases)}
    changed = dates.each(DOCS.name)
    sources = {bank.address(path): changed.get(f"{DOCS.name}/{path}") for path in bank.sources()}
    addresses: dict[str, int | None] = {}
    for page in pages(site):
        if page.address == "404.html":  # has no address of its own
            continue
        if page.is_redirect:  # a link to a prompt is the link most often shared: its preview says the question
            description = short(questions.get(page.address, f"This page has moved: {titled(page)}"))
        else:
            addresses[page.address] = sources.get(page.address)
            description = described(page, general)
        lines = tags(
            titled(page),
            description,
            base + page.address,
            base + preview.PATH,
            kind="article" if page.address else "website",
            name=name,
        )
        if (new := with_tags(page.text, description, lines)) != page.text:
            page.path.write_text(new, encoding="utf-8")
    preview.write(site, len(prompts))
    (site / "sitemap.xml").write_text(sitemap(addresses, base) + "\n", encoding="utf-8")
    (site / "sitemap.xml.gz").unlink(missing_ok=True)  # the builder's, with the day of the build in it
    (site / "robots.txt").write_text(ROBOTS.format(address=base), encoding="utf-8")
