"""What tests and benches share: the built site served below its public base path, and a Chromium to look at it."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site below its base path and keeps quiet."""

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

    def end_headers(self) -> None:
        self.send_header("LinkChecker", "as fast as it likes")  # else it asks for three pages a second at most
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def served(site: Path, site_url: str) -> Iterator[str]:
    """The address of the served site, with the base path it will have in public and a slash at the end."""
    base = urlsplit(site_url).path

    class Handler(_Handler):
        pass

    Handler.base = base
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}{base}"
    finally:
        httpd.shutdown()
        httpd.server_close()


def installed() -> str | None:
    """The Chromium on the path, or None: then Playwright looks for its own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def executable() -> str:
    """The browser's file, for tools that start it themselves."""
    from playwright.sync_api import sync_playwright

    if found := installed():
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium: one that is on the path, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        yield browser
        browser.close()
