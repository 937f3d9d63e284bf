"""What pages weigh, that they don't jump, and that their HTML stays as it is when the book grows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from handbook.bench import browser as measure
from handbook.bench import lighthouse, weight
from handbook.html import pages
from playwright.sync_api import Browser


def test_the_largest_page_is_light_on_a_first_visit(browser: Browser, server: str, site: Path) -> None:
    """The pages that are largest under gzip, each with all it loads; search comes on first use."""
    built = [page for page in pages(site) if not page.is_redirect]
    largest = sorted(built, key=lambda page: -len(gzip.compress(page.text.encode(), 6)))[:3]
    for page in largest:
        sizes = measure.cold_weight(browser, server + page.address)
        assert len(sizes) > 3, "styles and scripts were counted"
        assert sum(sizes.values()) <= weight.COLD, f"{page.address}: {sorted(sizes.items(), key=lambda item: -item[1])}"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_template_jumps(browser: Browser, server: str, site: Path, width: int) -> None:
    shifts = {address: measure.layout_shift(browser, server + address, width) for address in weight.templates(site)}
    assert shifts == dict.fromkeys(shifts, 0.0)


@pytest.mark.slow
def test_html_hardly_grows_with_the_book(site: Path) -> None:
    longest = weight.templates(site)[2]
    some, more = (weight.page_of(weight.grown(extra), longest) for extra in (40, 120))
    assert (weight.around(more) - weight.around(some)) / 80 <= weight.GROWTH
    packed = [len(gzip.compress(page.text.encode(), 6)) for page in (some, more)]
    assert packed[1] - packed[0] <= 2_000


@pytest.mark.slow
def test_lighthouse_finds_nothing(server: str, site: Path) -> None:
    found = lighthouse.scores(server + address for address in weight.templates(site))
    assert {address: page["failing"] for address, page in found.items() if page["failing"]} == {}
    assert all(set(page["scores"].values()) == {100} for page in found.values()), found
