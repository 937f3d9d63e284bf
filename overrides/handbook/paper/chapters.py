"""Which built pages make a chapter, in the order of the table of contents.

Chapters > Metrics > five pages  →  Chapter("metrics", "Metrics", five addresses)
Labs > Two hours before departure  →  Chapter("labs-flights", "Two hours before departure", one address)
"""

from __future__ import annotations

from dataclasses import dataclass

from handbook import config
from handbook.bank import address
from handbook.errors import BookError

# Parts of the table of contents whose entries are printed, each as a file of its own.
PRINTED = ("Chapters", "System designs", "Labs")


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its files, its title, the part of the book, its pages' sources (below `docs/`)."""

    slug: str
    title: str
    part: str
    sources: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its pages are served, relative to the site's root."""
        return tuple(address(source) for source in self.sources)


def chapters(nav: list[tuple[tuple[str, ...], str]] | None = None, parts: tuple[str, ...] = PRINTED) -> list[Chapter]:
    """The book's chapters, of some of its parts.

    >>> for c in chapters([(("Chapters", "Metrics", "Ranking"), "chapters/metrics/ranking.md"), (("Start",), "index.md"),
    ...                    (("Chapters", "Metrics", "More"), "chapters/metrics/more.md"), (("Labs", "Flights"), "labs/flights.ipynb")]):
    ...     print(c.slug, "|", c.title, "|", *c.addresses)
    metrics | Metrics | chapters/metrics/ranking/ chapters/metrics/more/
    labs-flights | Flights | labs/flights/
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for titles, source in config.nav() if nav is None else nav:
        if titles[0] in parts and len(titles) > 1:
            found.setdefault(titles[:2], []).append(source)
    made = [
        Chapter(_slug(sources, folder=len(sources) > 1), title, part, tuple(sources))
        for (part, title), sources in found.items()
    ]
    slugs = [chapter.slug for chapter in made]
    if doubled := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise BookError(
            "mkdocs.yml", f"two chapters would be printed as `{doubled[0]}`; name their folders differently"
        )
    return made


def _slug(sources: list[str], *, folder: bool) -> str:
    place = address(sources[0]).rstrip("/")
    if folder and not sources[0].endswith("index.md"):
        place = place.rpartition("/")[0]
    return place.removeprefix("chapters/").replace("/", "-") or "book"
