"""Lighthouse's scores for accessibility, best practices and SEO: a page of each template, by the package's own API.

Its performance score swings by ten points with the machine's load, so it is no gate; what it is made of, weight and layout
shift, is measured in `handbook.bench.weight` where it is steady.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from handbook import node
from handbook.bench import Built, Row, browser, weight

CATEGORIES = ("accessibility", "best-practices", "seo")


def scores(addresses: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Address → `{"scores": {category: 0 to 100}, "failing": [what costs points]}`."""
    asked = {
        "chrome": browser.executable() or _playwrights(),
        "flags": browser.ARGUMENTS,
        "categories": CATEGORIES,
        "addresses": list(addresses),
    }
    answer: dict[str, dict[str, Any]] = json.loads(
        node.run(Path(__file__).with_name("lighthouse.mjs"), stdin=json.dumps(asked))
    )
    return answer


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def run(built: Built) -> list[Row]:
    """The worst score of each category over the templates, ours and stock Material's."""
    addresses = weight.templates(built.site)
    with browser.served(built.site, built.site_url) as mine, browser.served(built.stock, built.site_url) as theirs:
        ours, other = (scores(base + address for address in addresses) for base in (mine, theirs))
    return [
        Row(
            f"Lighthouse, {category}, worst template",
            min(page["scores"][category] for page in ours.values()),
            min(page["scores"][category] for page in other.values()),
            "100",
        )
        for category in CATEGORIES
    ]
