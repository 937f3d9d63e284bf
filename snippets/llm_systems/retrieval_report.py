"""Recall, reciprocal rank and nDCG of a retriever with intervals, and the layer that lost a passage.

Serves docs/chapters/llm-systems/retrieval.md. The metrics of one list come from `snippets.metrics.ranking`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from snippets.metrics.ranking import ndcg, reciprocal_rank
from snippets.metrics.uncertainty import Interval, bootstrap_interval, wilson_interval


# --8<-- [start:report]
@dataclass(frozen=True)
class Report:
    """Three metrics of one retriever, each with its 95 % interval."""

    recall: float
    recall_interval: Interval
    mrr: float
    mrr_interval: Interval
    ndcg: float
    ndcg_interval: Interval


def mean(values: Sequence[float]) -> float:
    """The mean of at least one value."""
    return math.fsum(values) / len(values)


def report(places: Sequence[int | None], k: int, seed: int = 0, resamples: int = 500) -> Report:
    """Metrics at k from the place of the one needed passage of each question, None if not returned.

    Recall is a share, so Wilson; reciprocal rank and nDCG are means of other
    numbers, so bootstrap over questions. Questions of one conversation belong
    together: use the clustered bootstrap. No question raises `ValueError`.
    O(resamples · n).
    """
    shown = [[int(place == i) for i in range(1, k + 1)] for place in places]
    hits = [any(row) for row in shown]
    ranks = [reciprocal_rank(row) for row in shown]
    gains = [ndcg(row, judged=[1] + [0] * (k - 1)) for row in shown]
    rng = np.random.default_rng(seed)
    return Report(
        mean(hits),
        wilson_interval(sum(hits), len(hits)),
        mean(ranks),
        bootstrap_interval(mean, ranks, rng, resamples=resamples),
        mean(gains),
        bootstrap_interval(mean, gains, rng, resamples=resamples),
    )


# --8<-- [end:report]


# --8<-- [start:layer]
Span = tuple[str, int, int]  # article, start, end: what the label names, not a passage's number


def covers(passage: Span, needed: Span) -> bool:
    """Whether a passage holds the whole needed span."""
    same = passage[0] == needed[0]
    return same and passage[1] <= needed[1] and needed[2] <= passage[2]


def lost_at(
    needed: Span,
    parsed: bool,
    passages: Sequence[Span],
    visible: Sequence[Span],
    candidates: Sequence[Span],
    window: Sequence[Span],
) -> str:
    """The first layer after which no passage holds the needed span; "found" if the window does.

    Each stage is a list of spans that survived it; `parsed` says whether the text
    was extracted at all. Labels are spans of the article, so they outlive every
    change of chunking. O(n).
    """
    if not parsed:
        return "parsing"
    stages = {"chunking": passages, "filter": visible, "search": candidates, "order": window}
    for name, survivors in stages.items():
        if not any(covers(passage, needed) for passage in survivors):
            return name
    return "found"


# --8<-- [end:layer]
