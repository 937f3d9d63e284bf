"""Where search does not put a right section first, among the queries that may be looked at; never the held-out half."""

from __future__ import annotations

from handbook import browsing
from handbook.bench import Built, Row
from handbook.bench.search import ask, golden, rank


def run(built: Built) -> list[Row]:
    """A row a query whose first result is not an answer: what stands first instead, and its rank (0: not found)."""
    queries = [query for query in golden() if not query.held]
    with browsing.served(built.site, built.site_url) as server, browsing.chromium() as browser:
        page = browser.new_page()
        page.goto(server)
        answers = ask(page, [query.ask for query in queries])["answers"]
    rows: list[Row] = []
    for query, answer in zip(queries, answers):
        place = rank(answer["items"], query.answer)
        if place != 1:
            first = answer["items"][0][0]["location"] if answer["items"] else "nothing"
            rows.append(Row(f"{query.ask} ({query.where})", place, limit=f"first: {first}"))
    return rows
