"""The configuration as the machine reads it."""

from __future__ import annotations

import pytest
from handbook import config
from handbook.editions import offline


@pytest.mark.parametrize("said", ["https://book.example/shelf", "https://book.example/shelf/"])
def test_the_sites_address_ends_in_a_slash_however_it_was_given(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", said)
    url = str(config.load()["site_url"])
    assert url == "https://book.example/shelf/"
    kept = {"a/index.html"}
    assert offline.local("https://book.example/shelf/a/", "q/", kept, url) == "../a/index.html"
    assert offline.local("https://book.example/shelf-two/", "q/", kept, url) == "https://book.example/shelf-two/"
