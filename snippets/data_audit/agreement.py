"""Agreement between raters, and what noisy labels do to a measured score. Serves docs/chapters/data-audit/labels.md."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import fraction, row_count


# --8<-- [start:kappa]
class Agreement(NamedTuple):
    """How two raters agree on the same items."""

    observed: float  # share of items with the same label
    chance: float  # what their label shares alone would give
    kappa: float  # (observed − chance) / (1 − chance)


def agreement(a: Sequence[Hashable], b: Sequence[Hashable]) -> Agreement:
    """Observed agreement and Cohen's kappa of two raters, any number of labels.

    Same items in the same order, at least one, else `ValueError`. When both give one
    and the same label throughout, chance explains everything and kappa is NaN. O(n).
    """
    n = row_count(a=a, b=b)
    count_a, count_b = Counter(a), Counter(b)
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    chance = sum(count_a[label] * count_b[label] for label in count_a) / n**2
    kappa = (observed - chance) / (1 - chance) if chance < 1 else math.nan
    return Agreement(observed, chance, kappa)


def specific_agreement(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    label: Hashable,
) -> float:
    """Of the times either rater gave this label, the share where both did; their F1.

    2 · both / (times a gave it + times b gave it), so a common label can't hide a rare
    one. Neither ever gave it: NaN. O(n).
    """
    row_count(a=a, b=b)
    both = sum(x == y == label for x, y in zip(a, b, strict=True))
    given = sum(x == label for x in a) + sum(y == label for y in b)
    return 2 * both / given if given else math.nan


# --8<-- [end:kappa]


def measured_accuracy(accuracy: float, flipped: float) -> float:
    """The accuracy that a test set shows when so many of its labels are flipped, whatever the item.

    Right and the label kept, or wrong and the label flipped: a(1 − e) + (1 − a)e. Two classes; both arguments shares. O(1).
    """
    a, e = fraction(accuracy, "accuracy"), fraction(flipped, "flipped")
    return a * (1 - e) + (1 - a) * e


class Measured(NamedTuple):
    """Precision, recall and base rate against labels that are not the truth."""

    precision: float
    recall: float
    base_rate: float


def measured_against(precision: float, recall: float, prevalence: float, reported: float, spurious: float) -> Measured:
    """What a detector's true precision and recall look like against noisy positives.

    A share `reported` of the true positives is labeled so, whether detected or not. A share `spurious` of the labeled
    positives is not true, and taken as undetected more than any other negative is not. O(1).
    """
    p, r = fraction(precision, "precision"), fraction(recall, "recall")
    true_labeled = prevalence * fraction(reported, "reported")
    labeled = true_labeled / (1 - fraction(spurious, "spurious", open_ends=True))
    false_flags = prevalence * r * (1 - p) / p if p else 0.0
    false_rate = false_flags / (1 - prevalence)
    hit = true_labeled * r + (labeled - true_labeled) * false_rate
    flagged = prevalence * r + false_flags
    return Measured(hit / flagged if flagged else math.nan, hit / labeled, labeled)
