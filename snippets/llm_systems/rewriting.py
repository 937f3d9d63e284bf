"""A follow-up made into a question that stands alone, cached and checked. Serves docs/chapters/llm-systems/retrieval.md."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence

# --8<-- [start:rewrite]
Rewriter = Callable[[Sequence[str], str], str]
EXACT = re.compile(r"\w*\d[\w.,-]*\w|\d|\"[^\"]+\"")  # codes, amounts, dates, quotations
NOT = re.compile(r"\b(?:no|not|never|without|cannot|except)\b|n['’]t\b", re.IGNORECASE)


def keeps(question: str, rewritten: str) -> bool:
    """Whether every code, number and quotation survived, and a negation if there was one."""
    exact = {found.lower() for found in EXACT.findall(question)}
    kept = {found.lower() for found in EXACT.findall(rewritten)}
    return exact <= kept and (not NOT.search(question) or bool(NOT.search(rewritten)))


def queries(
    history: Sequence[str],
    question: str,
    rewrite: Rewriter,
    cache: MutableMapping[tuple[str, ...], str],
    release: str,
) -> list[str]:
    """What to search with: always the question as typed, and a rewrite if one is due and faithful.

    A first turn is not rewritten. The cache's key holds the release and the whole
    conversation, so that nobody is served another conversation's rewrite, and a new
    prompt starts afresh. A rewriter that fails leaves the question as typed; a
    failure is not cached. One call at most.
    """
    if not history:
        return [question]
    key = (release, *history, question)
    if key not in cache:
        try:
            cache[key] = rewrite(history, question)
        except (TimeoutError, ConnectionError):
            return [question]
    rewritten = cache[key]
    return [question, rewritten] if rewritten != question and keeps(question, rewritten) else [question]


# --8<-- [end:rewrite]
