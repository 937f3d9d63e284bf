"""Columns of the flights table in an honest and in a leaking version. Serves docs/labs/flights-leaks.ipynb.

Built on `snippets.labs.flights`: the same flights, the same moment of decision, times in minutes since 1970 in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from snippets.labs.flights import Bools, Floats, Ints, latest_known, utc_minutes

NOTED = Path(__file__).parents[1] / "outputs" / "labs" / "flights-leaks.json"
TAXI = 30  # minutes on the ground, out and in together, taken as known; the table has the time in the air only
FOREVER = 10**9  # minutes


def landing(flights: pd.DataFrame, taxi: int = TAXI) -> Floats:
    """When each flight had landed and its outcome was known: gate departure, time in the air, minutes of taxi; NaN if never. O(n)."""
    scheduled = utc_minutes(flights["time_hour"]) + flights["minute"].to_numpy()
    flown = flights["air_time"].to_numpy(dtype=np.float64)
    return np.asarray(scheduled + flights["dep_delay"].to_numpy(dtype=np.float64) + flown + taxi)


# --8<-- [start:past-mean]
def past_mean(
    cut: Ints,
    key: NDArray[Any],
    known: Floats,
    value: Floats,
    window: int = FOREVER,
    prior: float = 0.0,
    weight: float = 0.0,
) -> Floats:
    """For each row, the mean value of its key's rows known in (cut − window, cut].

    Shrunk to `prior` as if `weight` further rows had it; with no weight and nothing
    known, NaN. `known` is when each row's value could be read (NaN: never), so a row
    never counts itself as long as its own value is known after its cut. O(n log n).
    """
    found = np.full(len(cut), np.nan)
    groups: Any = pd.Series(key).groupby(key).indices
    for mine in groups.values():
        read = mine[~np.isnan(known[mine])]
        read = read[np.argsort(known[read], kind="stable")]
        total = np.concatenate([[0.0], np.cumsum(value[read])])
        until = np.searchsorted(known[read], cut[mine], side="right")
        since = np.searchsorted(known[read], cut[mine] - window, side="right")
        count = until - since + weight
        sums = total[until] - total[since] + weight * prior
        nothing = np.full(len(mine), np.nan)
        found[mine] = np.divide(sums, count, out=nothing, where=count > 0)
    return found


# --8<-- [end:past-mean]


def mean_by(key: NDArray[Any], value: Floats, rows: Bools, prior: float, weight: float) -> Floats:
    """For each row, the mean value of its key over the chosen rows, whenever they were known; shrunk as in `past_mean`. O(n)."""
    code, _ = pd.factorize(key)
    total = np.bincount(code[rows], value[rows], code.max() + 1)
    count = np.bincount(code[rows], minlength=code.max() + 1)
    return np.asarray(((total + weight * prior) / (count + weight))[code])


def last_leg(cut: Ints, tail: pd.Series[Any], at: Floats, delay: Floats, oldest: int = 1440) -> Floats:
    """Arrival delay of the plane's newest leg whose time `at` lies at most `oldest` minutes before the cut, else NaN.

    With `at` the landing it is what could be read; with the scheduled departure it is the join that leaks. Flights without
    a tail number, or a leg without a time, find and are nothing. O((n + m) log m).
    """
    named = tail.notna().to_numpy() & ~np.isnan(at)
    legs = np.flatnonzero(named)
    key, _ = pd.factorize(tail)
    found = latest_known(cut, key, at[legs].astype(np.int64), key[legs], oldest)
    return np.where((found >= 0) & (key >= 0), delay[legs[found]] if len(legs) else np.nan, np.nan)


# --8<-- [start:moves]
def moves(
    build: Callable[[Ints, Bools], Floats],
    key: NDArray[Any],
    cut: Ints,
    known: Floats,
    sample: Ints,
) -> float:
    """Share of sampled rows whose column changes when their future is deleted.

    The future: what was not known at the row's cut; known at that very minute is kept.
    `build(rows, seen)` computes the column for the rows of one key, using only those
    marked as seen. Honest: 0. Two missing values are equal. O(sample · rows of a key).
    """
    code, _ = pd.factorize(key)
    moved = 0
    for row in sample:
        rows = np.flatnonzero(code == code[row])
        here = int(np.flatnonzero(rows == row)[0])
        every = np.ones(len(rows), dtype=bool)
        whole = build(rows, every)[here]
        cropped = build(rows, known[rows] <= cut[row])[here]
        moved += not np.array_equal(whole, cropped, equal_nan=True)
    return moved / len(sample)


# --8<-- [end:moves]


@lru_cache(maxsize=1)
def _noted(path: Path, edited: float) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def noted(name: str, path: Path = NOTED) -> Any:
    """A number that the lab's notebook noted when it ran; a test runs the notebook again and compares."""
    found = _noted(path, path.stat().st_mtime)[name]
    return tuple(found) if isinstance(found, list) else found
