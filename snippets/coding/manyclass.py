"""F1 of many classes, three averages, absent classes. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


# --8<-- [start:plain]
class F1(NamedTuple):
    """Three averages of one table; `None` where nothing defines them."""

    macro: float | None
    micro: float | None
    weighted: float | None


def f1_by_class(
    truth: Sequence[str],
    said: Sequence[str],
    classes: Sequence[str],
) -> dict[str, float | None]:
    """2·hits / (true + said) of each class; a class in neither has none. O(n + k)."""
    hits = Counter(t for t, s in zip(truth, said, strict=True) if t == s)
    both = Counter(truth) + Counter(said)
    if unknown := both.keys() - set(classes):
        raise ValueError(f"not among the classes: {sorted(unknown)}")
    return {c: 2 * hits[c] / both[c] if both[c] else None for c in classes}


def f1_averages(
    truth: Sequence[str],
    said: Sequence[str],
    classes: Sequence[str],
    absent: float | None = None,
) -> F1:
    """Macro, micro and weighted; a class in neither counts as `absent`, or not at all."""
    by_class = f1_by_class(truth, said, classes)
    if not truth:
        return F1(None, None, None)
    filled = [absent if value is None else value for value in by_class.values()]
    defined = [value for value in filled if value is not None]
    macro = sum(defined) / len(defined)
    micro = sum(t == s for t, s in zip(truth, said, strict=True)) / len(truth)
    weighted = sum((by_class[t] or 0.0) for t in truth) / len(truth)
    return F1(macro, micro, weighted)


# --8<-- [end:plain]
