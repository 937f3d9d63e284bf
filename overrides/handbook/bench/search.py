"""How well search finds what readers ask for, and how fast: the golden queries, the built index, the real workers, in Chromium.

Half of the queries are held out: a hash of the query says which half it is in, and only the other half may be looked at
while search is tuned. A result's rank is its place in the list as the dialog shows it, which does not count what is folded
away under "more on this page". Each query asks one thing, so its recall is whether one of its answers is among the first five.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from handbook import browsing, search
from handbook.bench import Built, Row
from handbook.errors import BookError
from handbook.pages import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

GOLDEN = ROOT / "tests" / "site" / "search"
KINDS = ("exact", "acronym", "typo", "british", "synonym", "question", "code")
STOCK = {
    "lang": ["en"],
    "separator": r"[\s\-]+",
    "pipeline": ["stopWordFilter"],
    "fields": {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1000000.0}},
}

# In the page: start a worker, wait until it is ready, ask it, and say how long each answer took.
ASK = """async ([address, setup, queries]) => {
  const worker = new Worker(address);
  const next = () => new Promise((resolve, reject) => {
    worker.onmessage = ({data}) => data.type === 'failed' ? reject(new Error(data.data)) : resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    setTimeout(() => reject(new Error('the worker is silent')), 10000);
  });
  const began = performance.now();
  let answer = next();
  if (setup) worker.postMessage({type: 0, data: setup});
  await answer;
  const ready = performance.now() - began;
  const answers = [];
  for (const query of queries) {
    answer = next();
    const asked = performance.now();
    worker.postMessage({type: 2, data: query});
    const {data} = await answer;
    const took = performance.now() - asked;
    const items = data.items.map((page) => page.map(({location, score}) => ({location, score})));
    answers.push({query, took, items});
  }
  worker.terminate();
  return {ready, answers};
}"""


@dataclass(frozen=True)
class Query:
    """What a reader types, and the addresses of the sections any of which answers it."""

    ask: str
    kind: str
    answer: tuple[str, ...]
    where: str

    @property
    def held(self) -> bool:
        """Whether the query belongs to the half that nobody tunes on."""
        return hashlib.sha256(self.ask.encode("utf-8")).digest()[0] % 2 == 1


def golden(folder: Path = GOLDEN) -> list[Query]:
    """Every golden query; raises naming the file and the query when one is not well-formed."""
    found: list[Query] = []
    for path in sorted(folder.glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            if (
                set(item) != {"ask", "kind", "answer"}
                or item["kind"] not in KINDS
                or not isinstance(item["answer"], list)
            ):
                raise BookError(
                    f"{path.name}", f"{item} must have `ask`, `kind` (one of {', '.join(KINDS)}) and a list `answer`"
                )
            found.append(Query(str(item["ask"]), item["kind"], tuple(item["answer"]), path.name))
    return found


def rank(items: list[list[dict[str, Any]]], answers: Iterable[str]) -> int:
    """The place of the first right result from 1, or 0 when there is none, counted as the dialog shows them.

    The theme shows a page's best section and those that score the same, and folds the rest away. Above them stands the
    page: a heading that counts as a result where it is the best match of its group, and where it is the answer.

    >>> group = [{"location": "a/#x", "score": 3.0}, {"location": "a/#y", "score": 1.0}, {"location": "a/", "score": 0}]
    >>> rank([group], ["a/#x"]), rank([group], ["a/#y"]), rank([group], ["a/"])
    (1, 0, 1)
    """
    right = set(answers)
    place = 0
    for group in items:
        best = group[0]["score"]
        page: str = next((item["location"] for item in group if "#" not in item["location"]), "")
        if page in right:
            return place + 1
        place += int(group[0]["location"] == page)
        for item in group:
            if item["location"] != page and item["score"] == best:
                place += 1
                if item["location"] in right:
                    return place
    return 0


def mrr(ranks: list[int], most: int = 10) -> float:
    """Mean reciprocal rank; a right result behind the first `most` counts as none. NaN-free: no ranks are 0.

    >>> mrr([1, 2, 0, 11])
    0.375
    """
    return sum(1 / r for r in ranks if 0 < r <= most) / len(ranks) if ranks else 0.0


def recall(ranks: list[int], most: int = 5) -> float:
    """The share of queries with a right result among the first `most`."""
    return sum(0 < r <= most for r in ranks) / len(ranks) if ranks else 0.0


def ask(page: Page, queries: list[str], stock: dict[str, Any] | None = None) -> dict[str, Any]:
    """Put the queries to our worker, or to Material's with the settings `stock`, in a page of the served site."""
    base = page.evaluate("new URL(JSON.parse(document.getElementById('__config').textContent).base, location).href")
    if stock is None:
        address = page.evaluate("document.querySelector('script[data-worker]').dataset.worker")
        return cast("dict[str, Any]", page.evaluate(ASK, [address, None, queries]))
    docs = page.evaluate("async (base) => (await (await fetch(base + 'search/search_index.json')).json()).docs", base)
    address = page.evaluate("JSON.parse(document.getElementById('__config').textContent).search")
    setup = {"config": stock, "docs": docs, "options": {"suggest": False}}
    return cast("dict[str, Any]", page.evaluate(ASK, [address, setup, queries]))


def prefixes(queries: Iterable[str]) -> list[str]:
    """What the field holds after each key, for every query typed from the beginning."""
    return [query[:end] for query in queries for end in range(1, len(query) + 1)]


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(built: Built) -> list[Row]:
    """Ranking of both halves, ours and stock Material's; weight, start and keystrokes of ours."""
    queries = golden()
    asks = [query.ask for query in queries]
    rows: list[Row] = []
    with browsing.served(built.site, built.site_url) as server, browsing.chromium() as browser:
        page = browser.new_page()
        page.goto(server)
        ours = ask(page, asks)
        stock = ask(page, asks, STOCK)
        typed = ask(page, prefixes(asks))
        stock_typed = ask(page, prefixes(asks), STOCK)

    def ranks(found: dict[str, Any], held: bool, kind: str = "") -> list[int]:
        both = zip(queries, found["answers"])
        return [rank(a["items"], q.answer) for q, a in both if q.held == held and kind in ("", q.kind)]

    for label, held, limit in (("tuned half", False, ""), ("held-out half", True, "aim ≥ 0.90")):
        mine, theirs = ranks(ours, held), ranks(stock, held)
        rows.append(Row(f"search, MRR@10, {label} ({len(mine)} queries)", mrr(mine), mrr(theirs), limit))
        rows.append(Row(f"search, recall@5, {label}", recall(mine), recall(theirs)))
    for kind in KINDS:
        mine, theirs = ranks(ours, False, kind), ranks(stock, False, kind)
        rows.append(Row(f"search, MRR@10, {kind} ({len(mine)}, tuned half)", mrr(mine), mrr(theirs)))
    packed = {}
    for name, site, path in (
        ("index", built.site, search.INDEX),
        ("stock index", built.stock, search.INDEX),
        ("worker", built.site, search.worker()),
    ):
        packed[name] = len(gzip.compress((site / path).read_bytes(), 9))
    rows.append(Row("search, index, gzip", packed["index"], packed["stock index"], unit="bytes"))
    rows.append(Row("search, worker, gzip", packed["worker"], unit="bytes"))
    rows.append(Row("search, ready after (stock: without the fetch)", ours["ready"], stock["ready"], unit="ms"))
    for name, share in (("median", 0.5), ("95th percentile", 0.95), ("longest", 1.0)):
        took = [percentile([a["took"] for a in found["answers"]], share) for found in (typed, stock_typed)]
        rows.append(Row(f"search, a key, {name}", took[0], took[1], "≤ 10" if share == 0.95 else "", "ms"))
    return rows
