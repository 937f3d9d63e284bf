"""Abstention: how often answers are wrong, over the share of questions answered. Serves docs/chapters/llm-systems/generation.md."""

from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from snippets.metrics._inputs import Labels, Numbers
from snippets.metrics.confusion import labeled


class Policy(NamedTuple):
    """Answering from a confidence upward: share answered, and share of those wrong."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(wrong: Labels, confidence: Numbers) -> list[Policy]:
    """Every policy the confidence allows, from the most careful to answering everything.

    `wrong` holds 1 where the answer, if given, is wrong; unanswerable questions are
    wrong whenever answered. Equal confidences go together: no threshold parts them.
    Answering nothing has no risk and is left out; no question gives an empty list.
    NaN, other labels or unequal lengths raise `ValueError`. O(n log n).
    """
    labels, values = labeled(wrong, confidence)
    answered = mistakes = 0
    curve = []
    ranked = sorted(zip(values, labels, strict=True), key=itemgetter(0), reverse=True)
    for threshold, tied in groupby(ranked, key=itemgetter(0)):
        for _, label in tied:
            answered, mistakes = answered + 1, mistakes + label
        curve.append(Policy(threshold, answered / len(labels), mistakes / answered))
    return curve
