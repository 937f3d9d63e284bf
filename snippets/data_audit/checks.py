"""Checks that turn red on a leak. Serves docs/chapters/data-audit/leaks.md.

Most return a number whose honest value is known beforehand (0, or one half), so that a build can stop on it. The last
function runs all of them on the planted leaks and on their honest twins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.data_audit import planted
from snippets.data_audit.dedup import near_duplicates, shared
from snippets.data_audit.model import fit_logistic, log_odds, rank_auc
from snippets.metrics._inputs import FloatArray


# --8<-- [start:columns]
def alone(columns: Mapping[str, FloatArray], y: FloatArray) -> dict[str, float]:
    """AUC of each column by itself, whichever way it points, the strongest first.

    A column that almost decides alone is a question to its owner, not a verdict. NaN
    is read as a value below all others, so a telltale gap counts. O(k · n log n).
    """
    areas = {}
    for name, values in columns.items():
        lowest = np.nanmin(values) - 1 if np.isfinite(values).any() else 0.0
        filled = np.nan_to_num(values, nan=lowest)
        area = rank_auc(y, filled)
        areas[name] = max(area, 1 - area)
    return dict(sorted(areas.items(), key=lambda item: -item[1]))


def written_late(decided_at: FloatArray, written_at: FloatArray) -> float:
    """Share of the filled values that were written after the decision they serve.

    Times of shape (n,); NaN: never written. Honest: 0. Nothing written gives 0. O(n).
    """
    filled = ~np.isnan(written_at)
    return float((written_at > decided_at)[filled].mean()) if filled.any() else 0.0


def fill_gap(in_table: FloatArray, at_serving: FloatArray) -> float:
    """Share of values filled in the training table, less the share in the serving log.

    Filled means neither NaN nor 0. Honest: 0, within noise. O(n).
    """

    def filled(values: FloatArray) -> float:
        return float(((values != 0) & ~np.isnan(values)).mean())

    return filled(in_table) - filled(at_serving)


# --8<-- [end:columns]


# --8<-- [start:future]
EVENT, KNOWN = 0, 1  # the two clocks of a fact


def moves_with_future(
    feature: Callable[[FloatArray, float], float],
    facts: FloatArray,
    asked: Sequence[float],
    clock: int = KNOWN,
) -> float:
    """Share of rows whose feature changes when what was not known yet is deleted.

    `facts` of shape (n, 2): event time, known-since time. `feature(facts, now)`
    computes one row. Honest: exactly 0. It needs no idea of what the leak is. Deleting
    by event time instead overlooks what is filed late.
    """
    moved = []
    for now in asked:
        known = facts[facts[:, clock] <= now]
        moved.append(feature(facts, now) != feature(known, now))
    return float(np.mean(moved))


def own_label_moves(
    encode: Callable[[FloatArray], FloatArray],
    y: FloatArray,
    rows: Sequence[int],
) -> float:
    """Share of rows whose own feature changes when their own label is flipped.

    `encode(y)` computes the column from all labels. Honest: exactly 0, for target
    encodings, group means and stacked scores alike. One call for each row asked.
    """
    before, moved = encode(y), 0
    for row in rows:
        flipped = y.copy()
        flipped[row] = 1 - flipped[row]
        moved += bool(encode(flipped)[row] != before[row])
    return moved / len(rows)


def shuffled_score(
    pipeline: Callable[[FloatArray, FloatArray], float],
    x: FloatArray,
    y: FloatArray,
    times: int = 10,
) -> float:
    """Mean validation AUC of the whole pipeline when the labels are shuffled first.

    `pipeline(x, y)` does everything: selection, encoding, split, fit, score. Honest:
    one half. Above it, validation labels reach the model by some road. `times` runs.
    """
    rng = np.random.default_rng(0)
    return float(np.mean([pipeline(x, rng.permutation(y)) for _ in range(times)]))


# --8<-- [end:future]


# Each check on the leak it is for, and on the honest twin


class Verdict(NamedTuple):
    """What a check says with the leak and without it."""

    leaky: float
    honest: float


def attempts(facts: FloatArray, now: float, before: float, after: float) -> float:
    """Events from `before` ago to `after` ahead, whenever they were known."""
    return float(((facts[:, EVENT] > now - before) & (facts[:, EVENT] <= now + after)).sum())


def attempts_known(facts: FloatArray, now: float, before: float) -> float:
    """Events from `before` ago until now that were known by now."""
    return attempts(facts[facts[:, KNOWN] <= now], now, before, 0)


def selecting(rows: slice) -> Callable[[FloatArray, FloatArray], float]:
    """A pipeline that picks twenty columns by the labels of these rows, fits on the first 200 and judges on the rest."""

    def pipeline(x: FloatArray, y: FloatArray) -> float:
        columns = planted.selected(x[rows], y[rows], 20)
        beta = fit_logistic(x[:200][:, columns], y[:200])
        return rank_auc(y[200:], log_odds(beta, x[200:][:, columns]))

    return pipeline


def scaling(rows: slice) -> Callable[[FloatArray, FloatArray], float]:
    """A pipeline that scales by the mean and spread of these rows, keeps twenty columns unseen, fits and judges alike."""

    def pipeline(x: FloatArray, y: FloatArray) -> float:
        scaled = (x[:, :20] - x[rows, :20].mean(axis=0)) / x[rows, :20].std(axis=0)
        beta = fit_logistic(scaled[:200], y[:200])
        return rank_auc(y[200:], log_odds(beta, scaled[200:]))

    return pipeline


def _keys(x: FloatArray, rows: NDArray[np.int64]) -> list[bytes]:
    return [x[row].tobytes() for row in rows]


@cache
def verdicts() -> dict[str, Verdict]:
    """Every check on its planted leak and on the honest twin (seed 0)."""

    def rng() -> np.random.Generator:
        return np.random.default_rng(0)

    found: dict[str, Verdict] = {}
    events = rng().uniform(0, 1_000, 800)
    asked = rng().uniform(100, 900, 200).tolist()
    at_once = np.column_stack([events, events])
    found["moves with future"] = Verdict(
        moves_with_future(lambda e, now: attempts(e, now, 12, 12), at_once, asked),
        moves_with_future(lambda e, now: attempts(e, now, 24, 0), at_once, asked),
    )
    filed = np.column_stack([events[:80], events[:80] + rng().uniform(15, 90, 80)])  # a merchant's chargebacks, in days
    for name, clock in (("late update", KNOWN), ("late update, event clock", EVENT)):
        found[name] = Verdict(
            moves_with_future(lambda e, now: attempts(e, now, 60, 0), filed, asked, clock),
            moves_with_future(lambda e, now: attempts_known(e, now, 60), filed, asked, clock),
        )
    w, contacted, _ = planted.after_the_fact(rng())
    decided = rng().uniform(0, 100, planted.HISTORY)
    delay = rng().exponential(5, planted.HISTORY)
    written = np.where(contacted[: planted.HISTORY] == 1, decided + delay, np.nan)
    earlier = np.where(contacted[: planted.HISTORY] == 1, decided - delay, np.nan)
    found["written late"] = Verdict(written_late(decided, written), written_late(decided, earlier))
    found["fill gap"] = Verdict(
        fill_gap(contacted[: planted.HISTORY], contacted[planted.HISTORY :]),
        fill_gap(w.x[: planted.HISTORY, 2], w.x[planted.HISTORY :, 2]),
    )
    w, refunded, _ = planted.target_derived(rng())
    table: dict[str, Any] = dict(zip(("amount", "velocity", "new device"), w.x[: planted.HISTORY].T, strict=True))
    y = w.y[: planted.HISTORY]
    honest = alone(table, y)
    found["alone"] = Verdict(
        alone(table | {"refunded": refunded[: planted.HISTORY]}, y)["refunded"], max(honest.values())
    )
    x, _, _, blind, seeing = planted.with_copies(rng())
    found["shared rows"] = Verdict(*(shared(_keys(x, a), _keys(x, b)) for a, b in (blind, seeing)))
    goods = planted.listings(rng())
    titled = [[planted.titles(goods, rows) for rows in split] for split in planted.listing_splits(goods, rng())]
    found["shared titles"] = Verdict(*(shared(a, b) for a, b in titled))
    found["near titles"] = Verdict(*(len(near_duplicates(a, b)) / len(b) for a, b in titled))
    users = planted.people(rng()).user[: planted.HISTORY]
    apart = users < planted.USERS // 3
    train, check = planted.halves(rng())
    found["shared users"] = Verdict(
        shared(users[train], users[check].tolist()), shared(users[apart], users[~apart].tolist())
    )
    splits = planted.account_splits(rng())
    found["shared accounts"] = Verdict(*(shared(a.tolist(), b.tolist()) for a, b in splits))
    found["shared persons"] = Verdict(*(shared((a // 2).tolist(), (b // 2).tolist()) for a, b in splits))
    code = rng().integers(0, planted.MERCHANTS, planted.HISTORY)
    w = planted.world(rng(), planted.HISTORY)
    train, _ = planted.halves(rng())
    some = train[:100].tolist()

    def column(version: int) -> Callable[[FloatArray], FloatArray]:
        return lambda labels: planted.encodings(code, labels, train, planted.MERCHANTS)[version]

    found["own label"] = Verdict(own_label_moves(column(1), w.y, some), own_label_moves(column(2), w.y, some))
    noise = rng().normal(size=(300, 2_000))
    coin = (rng().random(300) < 0.5).astype(float)
    everything, training = slice(0, 300), slice(0, 200)
    found["shuffled labels, selection"] = Verdict(
        shuffled_score(selecting(everything), noise, coin), shuffled_score(selecting(training), noise, coin)
    )
    found["shuffled labels, scaling"] = Verdict(
        shuffled_score(scaling(everything), noise, coin), shuffled_score(scaling(training), noise, coin)
    )
    return found
