"""Cited addresses: which are asked for, what LinkChecker's answers become, and LinkChecker itself against a server of ours."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from handbook import outside
from handbook.errors import BookError
from handbook.outside import Place

URL = "https://book.example/handbook/"
QUICK = outside.POLITE.replace("maxrequestspersecond=1\n", "maxrequestspersecond=1000\n")
PLACES = {f"https://{name}.example/": [Place("chapters/a/", f"Source {name}")] for name in "abcdefgh"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, body in {
        "index.html": '<a href="https://a.example/x#part">Home</a><a href="chapters/">in</a>',
        "chapters/index.html": '<a href="https://a.example/x#other"> The\n<em>paper</em></a><a href="https://a.example/x"><svg/></a>'
        f'<a href="{URL}q/x/">ours</a><a href="https://code.example/book/edit/x.md">edit</a><a href="mailto:a@b">m</a>',
        "q/x/index.html": '<meta http-equiv="refresh" content="0; url=.."><a href="https://b.example/">x</a>',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return tmp_path


def test_every_foreign_address_is_asked_for_once(site: Path) -> None:
    assert outside.cited(site, [URL, "https://code.example/book"]) == {
        "https://a.example/x": [
            Place("chapters/", "The paper"),
            Place("chapters/", "(a picture)"),
            Place("", "Home"),
        ]
    }


def test_an_issue_names_page_words_address_and_answer() -> None:
    places = PLACES | {
        "https://a.example/": [Place("", "One | two"), Place("p/", "w" * 70), *(Place("x/", str(n)) for n in range(4))]
    }
    told = outside.report({"https://a.example/": "404 Not Found"}, places, URL)
    assert told.startswith("One cited address did not answer")
    assert f"| [home]({URL}) | One \\| two | https://a.example/ | 404 Not Found |\n" in told
    assert f"| [p/]({URL}p/) | {'w' * 59}… |" in told
    assert "| 3 more | | https://a.example/ | |" in told
    assert outside.report(dict.fromkeys([*PLACES][:2], "x"), PLACES, URL).startswith("2 of 8 cited addresses did not")


def test_all_is_well_is_an_empty_issue() -> None:
    assert outside.report({}, PLACES, URL) == ""


def test_no_network_is_no_issue() -> None:
    with pytest.raises(BookError, match="5 of 8 addresses did not answer: is there a network"):
        outside.report(dict.fromkeys([*PLACES][:5], "no such host"), PLACES, URL)


def test_an_issue_is_never_longer_than_the_code_host_takes() -> None:
    many = {f"https://{number}.example/{'x' * 200}": [Place("a/", "w")] for number in range(2000)}
    told = outside.report(dict.fromkeys([*many][:900], "404 Not Found"), many, URL)
    assert len(told) < 65_000
    assert told.endswith("more rows are left out: mend these first.\n")


def test_a_refusal_is_no_fault_of_a_host_that_refuses_robots_only() -> None:
    heard = {
        "https://doi.org/1": "403 Forbidden",
        "https://doi.org/2": "404 Not Found",
        "https://doi.org/3": "",
        "https://not-doi.org/1": "403 Forbidden",
        "https://a.example/": "ConnectionError: 403",
    }
    assert [*outside.failed(heard, {"doi.org"})] == ["https://doi.org/2", "https://not-doi.org/1", "https://a.example/"]


class _Answers(http.server.BaseHTTPRequestHandler):
    """Answers with the number that the path begins with."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:4]))
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b'<a href="/404-not-followed">x</a>')

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def host() -> Iterator[str]:
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def test_linkchecker_is_asked_and_understood(host: str) -> None:
    asked = [f"{host}/200?a=1&b=%20;c", f"{host}/404", f"{host}/403", "http://127.0.0.1:1/"]
    heard = outside.answers(outside.ask(asked, QUICK))
    assert {address: outside.said(result) for address, result in heard.items()} == {
        asked[0]: "",
        asked[1]: "404 Not Found",
        asked[2]: "403 Forbidden",
        asked[3]: "connection refused",
    }


def test_an_address_without_an_answer_is_missed(host: str) -> None:
    with pytest.raises(BookError, match="said nothing about 1 of 1"):
        outside.ask([f"{host}/200 and words behind it"], QUICK)


def test_the_command(monkeypatch: pytest.MonkeyPatch, site: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(outside, "SITE", site)
    assert "https://a.example/x\n" in outside.main(["addresses"])
    answers = tmp_path / "answers.csv"
    answers.write_text("# x\nurlname;result;valid\nhttps://a.example/x;;True\nhttps://doi.org/1;403 Forbidden;False\n")
    assert outside.main(["failed", str(answers)]) == ""
    assert outside.main(["report", str(answers)]) == ""
    answers.write_text("urlname;result;valid\nhttps://a.example/x;500 Oops;False\n")
    assert outside.main(["failed", str(answers)]) == "https://a.example/x\n"
    with pytest.raises(BookError, match="usage"):
        outside.main(["fail"])
