"""What all tests share: the built site, made once a run whichever worker asks first, and a server for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from handbook import browsing, config
from handbook.__main__ import build
from handbook.pages import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One test that builds the site first, then those that need none, so that no worker waits for the other's build."""
    wants = {item.nodeid for item in items if "site" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.nodeid in wants)
    first = next((item for item in items if item.nodeid in wants), None)
    if first:
        items.remove(first)
        items.insert(0, first)


@pytest.fixture(scope="session")
def site_url() -> str:
    return str(config.load()["site_url"])


@pytest.fixture(scope="session")
def shared_tmp(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def site(shared_tmp: Path) -> Path:
    """The site as `make build` makes it: strict, finished, links and promised ids checked."""
    out = shared_tmp / "site"
    with FileLock(shared_tmp / "site.lock"):
        failed = shared_tmp / "site.failed"
        if failed.exists():
            pytest.fail(failed.read_text(), pytrace=False)
        if not (out / "index.html").exists():
            try:
                build(out)
            except Exception as error:
                failed.write_text(f"the site does not build: {error}")
                raise
    return out


@pytest.fixture(scope="session")
def server(site: Path, site_url: str) -> Iterator[str]:
    """The address of the served site, with the base path it will have in public and a slash at the end."""
    with browsing.served(site, site_url) as address:
        yield address


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
