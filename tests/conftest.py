"""What all tests share: the built site, made once a run whichever worker asks first, and a server for it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from handbook import config
from handbook.__main__ import build
from handbook.pages import ROOT


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

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="session")
def server(site: Path, site_url: str) -> Iterator[str]:
    """The address of the served site, with the base path it will have in public and a slash at the end."""
    base = urlsplit(site_url).path

    class Handler(_Handler):
        pass

    Handler.base = base
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}{base}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
