"""A Chromium and a server for what can only be measured in a browser; tests share the first."""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

# Layout shifts that no input caused, added up over the page's life; `buffered` brings those before the script.
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""


def executable() -> str | None:
    """The system's Chromium, or None: then Playwright looks for its own."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below a base path, with its own 404 page, and keeps quiet."""

    base = "/"

    def translate_path(self, path: str) -> str:
        path = urlsplit(path).path
        if not path.startswith(self.base):
            return str(Path(self.directory) / "404-outside-of-the-base-path")
        return super().translate_path("/" + path[len(self.base) :])

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def served(site: Path, site_url: str) -> Iterator[str]:
    """The address of the served folder, with the base path it has in public and a slash at the end."""
    base = urlsplit(site_url).path
    handler = type("Based", (Handler,), {"base": base})
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(site)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}{base}"
    httpd.shutdown()
    httpd.server_close()


def cold_weight(browser: Browser, address: str) -> dict[str, int]:
    """What a first visit fetches: the path of each response from our origin → its bytes under `gzip -6`. Search is left out."""
    sizes: dict[str, int] = {}
    context = browser.new_context(viewport={"width": 360, "height": 740})
    seen: list[Response] = []
    context.on("response", lambda response: seen.append(response))
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    for response in seen:
        parts = urlsplit(response.url)
        if parts.netloc == urlsplit(address).netloc and "/search" not in parts.path and response.ok:
            sizes[parts.path] = len(gzip.compress(response.body(), 6, mtime=0))
    context.close()
    return sizes


def layout_shift(browser: Browser, address: str, width: int) -> float:
    """Cumulative layout shift while the page loads and is scrolled to its end; 0 is none."""
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    page.goto(address, wait_until="load")
    for share in (0.25, 0.5, 1.0):
        page.evaluate("share => scrollTo(0, document.documentElement.scrollHeight * share)", share)
        page.wait_for_timeout(60)
    shift = float(page.evaluate(SHIFT))
    context.close()
    return shift
