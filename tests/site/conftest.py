"""A real Chromium for the site's tests; every page object also watches what must never happen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from handbook import browsing
from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).parent))  # `papers`, which tests of printed files share


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as browser:
        yield browser


class Watched:
    """A browser context whose requests to other origins and console errors are collected."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.context = context
        self.server = server
        self.foreign: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._request)
        context.on(
            "console", lambda m: self.errors.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None
        )
        context.on("weberror", lambda e: self.errors.append(f"uncaught: {e.error}"))

    def _request(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if urlsplit(url).netloc != urlsplit(self.server).netloc and not url.startswith(("data:", "blob:", "about:")):
            self.foreign.append(url)

    def open(self, address: str = "") -> Page:
        page = self.context.new_page()
        page.goto(self.server + address, wait_until="load")
        return page


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Watched]]:
    """Make a watched context: `visit(width=360, scheme="dark", javascript=False)`; checked when the test ends."""
    made: list[Watched] = []

    def make(
        width: int = 1280, height: int = 800, scheme: str = "light", javascript: bool = True, **options: object
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        made.append(Watched(context, server))
        return made[-1]

    yield make
    for watched in made:
        watched.context.close()
        assert watched.foreign == [], "requests to other origins"
        assert watched.errors == [], "errors in the console"


@pytest.fixture(scope="session")
def axe(root: Path) -> str:
    return (root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
