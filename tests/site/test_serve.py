"""`make serve` as an author uses it, on a copy of the repository: another port when one is taken, and edits that show at once."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files as git lists them, with what set-up made linked in."""
    folder = tmp_path_factory.mktemp("book")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)
    (folder / "node_modules").symlink_to(root / "node_modules")
    shutil.copytree(root / ".build", folder / ".build", ignore=shutil.ignore_patterns("zensical", "mypy"))
    return folder


@pytest.fixture(scope="module")
def served(copy: Path) -> Iterator[Callable[[str], str]]:
    """A running server; call it with an address to read the page."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{copy / 'overrides'}", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "handbook", "serve", "--port", str(port)]
        log = (copy / "serve.log").open("w+")
        process = subprocess.Popen(command, cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            base = ""
            for _ in range(1800):  # three minutes: on a fresh machine every number of the book is worked out first
                said = (copy / "serve.log").read_text(encoding="utf-8")
                if match := re.search(r"Serving on (http://127\.0\.0\.1:(\d+)\S*)", said):
                    base = match[1]
                    break
                assert process.poll() is None, said
                time.sleep(0.1)
            assert base, said
            assert f"port {port} is taken" in said
            assert f":{port}/" not in base

            def read(address: str) -> str:
                with urllib.request.urlopen(base + address) as answer:
                    return str(answer.read().decode("utf-8"))

            yield read
        finally:
            process.terminate()
            process.wait(10)
            log.close()


def seconds_until(shown: Callable[[], bool], limit: float = 20.0) -> float:
    begin = time.monotonic()
    while not shown():
        assert time.monotonic() - begin < limit, "the edit never showed"
        time.sleep(0.05)
    return time.monotonic() - begin


def test_an_edit_of_a_page_shows_within_three_seconds(served: Callable[[str], str], copy: Path) -> None:
    page = copy / "docs" / "chapters" / "metrics" / "classification.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nEdited a moment ago.\n", encoding="utf-8")
    took = seconds_until(lambda: "Edited a moment ago." in served("chapters/metrics/classification/"))
    print(f"an edit of the largest page showed after {took:.1f} s")
    assert took <= 3


def test_an_edit_of_code_shows_on_the_page_that_embeds_it(served: Callable[[str], str], copy: Path) -> None:
    module = copy / "snippets" / "metrics" / "ranking.py"
    module.write_text(module.read_text(encoding="utf-8").replace("discount", "discont"), encoding="utf-8")
    seconds_until(lambda: "discont" in served("chapters/metrics/ranking/"))


def test_a_mistake_is_said_and_the_server_goes_on(served: Callable[[str], str], copy: Path) -> None:
    page = copy / "docs" / "reference" / "corrections.md"
    good = page.read_text(encoding="utf-8")
    page.write_text(good + "\n{{3 = len([1, 2])}}\n", encoding="utf-8")
    log = copy / "serve.log"
    seconds_until(lambda: "the text says 3 and the value" in log.read_text(encoding="utf-8"))
    page.write_text(good + "\nMended.\n", encoding="utf-8")
    seconds_until(lambda: "Mended." in served("reference/corrections/"))


def test_permanent_addresses_work_while_serving(served: Callable[[str], str]) -> None:
    assert 'http-equiv="refresh"' in served("q/high-auc-blocked-users/")
