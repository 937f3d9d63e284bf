"""Same input, same bytes: nothing of the machine is in the site; and, for `make test-full`, two builds that have nothing in common but their input."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.editions import same


def test_no_file_holds_a_path_or_the_hour_of_this_machine(site: Path) -> None:
    assert same.leaks(site, *same.built_between(site)) == []


@pytest.mark.slow
def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    sites = [same.built(place, tmp_path.resolve())[0] for place in same.PLACES]
    assert len(list(sites[0].rglob("*.html"))) > 300
    assert same.differences(*sites) == []
