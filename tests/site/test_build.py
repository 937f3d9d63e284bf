"""The built site as a whole: every link by LinkChecker, every anchor by our own check, the same from the second builder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from handbook import ids, links
from handbook.html import pages


def test_every_internal_link_and_anchor_resolves(site: Path, site_url: str) -> None:
    assert links.broken(site, site_url) == []


def test_a_planted_fault_is_seen(site: Path, site_url: str, tmp_path: Path) -> None:
    page = site / "practice" / "index.html"
    original = page.read_text(encoding="utf-8")
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "index.html").write_text(original.replace("</article>", '<a href="#gone">x</a></article>'))
    assert any("#gone" in problem for problem in links.broken(tmp_path, site_url))


def test_linkchecker_agrees(server: str, tmp_path: Path) -> None:
    configuration = tmp_path / "linkcheckerrc"
    configuration.write_text("[checking]\nmaxrequestspersecond=1000\nthreads=4\n[output]\nwarnings=0\nstatus=0\n")
    command = [
        sys.executable,
        "-m",
        "linkcheck",
        "--config",
        str(configuration),
        "--no-robots",
        "--output",
        "text",
        server,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "0 errors found" in done.stdout
    assert int(done.stdout.split("links in")[0].split()[-1]) > 50, "it followed links"


def test_no_published_id_is_gone_and_every_new_one_is_listed(site: Path) -> None:
    gone, new = ids.compare(ids.published(site), ids.listed())
    assert gone == [], "bring them back or leave an alias"
    assert new == [], "run `make check` and commit tests/book/ids.txt"
    assert len(ids.listed()) == len(set(ids.listed()))


@pytest.mark.xdist_group("zensical")
def test_the_second_builder_makes_the_same_addresses_and_ids(site: Path, root: Path) -> None:
    out = root / ".build" / "zensical"  # it builds inside the project only
    command = [sys.executable, "-m", "zensical", "build", "--clean"]
    environment = {**os.environ, "SITE_DIR": str(out)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def offered(folder: Path) -> set[str]:
        lines: set[str] = set()
        for page in pages(folder):
            if page.is_redirect or page.address.startswith("labs/"):  # labs: the one named exception
                continue
            lines.add(page.address)
            lines.update(f"{page.address}#{id_}" for id_ in ids.permanent(page))
        return lines

    ours, theirs = offered(site), offered(out)
    assert ours - theirs == set()
    assert theirs - ours == set()


def test_search_holds_prose_and_not_what_crowds_it(site: Path) -> None:
    """Lists of how numbers came about, and the labs' code, would be found before the sentence that answers."""
    records = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert len(records) > 100
    for record in records:
        assert "metrics.worked" not in record["text"], record["location"]
        if record["location"].startswith("labs/"):
            assert "import " not in record["text"], record["location"]
    assert any(record["location"].startswith("labs/") for record in records)
    assert any(record["location"].endswith("#high-auc-blocked-users") for record in records)
