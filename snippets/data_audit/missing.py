"""Missing values by slice, and whether being missing says something. Serves docs/chapters/data-audit/labels.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


# --8<-- [start:by-slice]
def missing_by_slice(
    column: pd.Series[Any],
    by: pd.Series[Any],
    label: pd.Series[Any],
) -> pd.DataFrame:
    """Per slice: rows, share missing, positive rate where missing and where not.

    `label` holds 0 or 1. A rate over no row is NaN. Equal rates: dropping the rows
    costs rows. Unequal ones: missing is a feature, and a promise that the pipeline
    goes on losing values the way it did. O(n log n).
    """
    gone = column.isna()
    table = pd.DataFrame({"by": by, "gone": gone, "label": label.astype(float)})
    table["if_missing"] = table["label"].where(gone)
    table["if_present"] = table["label"].where(~gone)
    groups = table.groupby("by", observed=True)
    found = groups[["gone", "if_missing", "if_present"]].mean()
    found.insert(0, "rows", groups.size())
    return found.rename(columns={"gone": "missing"})


# --8<-- [end:by-slice]


def likelihood_ratio(missing_if_positive: float, missing_if_negative: float, is_missing: bool) -> float:
    """What seeing the value missing, or present, does to the odds: the ratio of its chances in the two classes. O(1)."""
    if is_missing:
        return missing_if_positive / missing_if_negative
    return (1 - missing_if_positive) / (1 - missing_if_negative)


def complete_case_slope(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], kept: np.ndarray[Any, Any]) -> float:
    """Least-squares slope of y on x over the rows that are kept: arrays of shape (n,), at least two distinct x. O(n)."""
    xs, ys = x[kept], y[kept]
    return float(np.cov(xs, ys)[0, 1] / np.var(xs, ddof=1))
