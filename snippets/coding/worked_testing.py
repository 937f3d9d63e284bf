"""The worked numbers of the page on testing: mutants missed, alarms of a metric test, which check finds which fault. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from snippets.coding import flaky, training
from snippets.coding import wrong_testing as wrong
from snippets.coding.training import CHECKS, Model

# The exhibit, as the mutation tool left it: `make mutants` writes it, tests/snippets/coding/test_lapsed.py proves it again.
RECORD = Path(__file__).with_name("mutants.json")
TRUE_AUC = 0.92  # given
LINE = 0.90  # given
POSITIVES, NEGATIVES = 200, 1_800  # given: 2,000 held-out rows
BUILDS_A_WEEK = 70  # given
QUIET = (
    52 * BUILDS_A_WEEK
)  # a false alarm in so many builds is what I would accept: one a year

FAULTS = {
    "softmax over rows": Model(predict=wrong.predict_by_column),
    "bias never moves": Model(step=wrong.step_one_part),
    "sum for mean": Model(step=wrong.step_by_total),
    "labels shuffled apart": Model(order=wrong.order_each),
    "label in a feature": Model(rows=wrong.rows_with_means),
}


@cache
def mutants() -> list[dict[str, object]]:
    """The recorded mutants of the exhibit."""
    return list(json.loads(RECORD.read_text(encoding="utf-8")))


def made() -> int:
    """Mutants that the tool made of the exhibit's function, counted in its record."""
    return len(mutants())


def missed(test: str = "weak") -> int:
    """Mutants that pass a test, by the tool's record."""
    return sum(not row[test] for row in mutants())


def missed_without_a_value() -> int:
    """Mutants that the weak test's rows let pass when it only asserts that something comes back."""
    source = RECORD.with_name("lapsed.py").read_text(encoding="utf-8")
    rows = [("ann", 1, 5), ("ann", 1, 20), ("bob", 1, 7), ("eve", 1, 9)]
    rows += [("eve", 3, 28), ("ann", 4, 2)]
    orders = [(who, date(2026, month, day)) for who, month, day in rows]
    passed = 0
    for row in mutants():
        made: dict[str, Any] = {}
        exec(source.replace(str(row["line"]), str(row["mutated"])), made)  # noqa: S102
        with suppress(Exception):  # a mutant that raises is noticed
            passed += bool(made["lapsed"](orders, date(2026, 3, 31)))
    return passed


def distinct() -> int:
    """Places in the function whose mutants the weak test misses: mutants of one line are one place."""
    return len({row["line"] for row in mutants() if not row["weak"]})


def demo_missed() -> None:
    """The mutants that the weak test misses, as the tool made them."""
    for row in mutants():
        if not row["weak"]:
            for sign, part in zip(
                "-+", _around(str(row["line"]), str(row["mutated"])), strict=True
            ):
                print(sign, part)
            print()


def _around(old: str, new: str, before: int = 22, after: int = 8) -> list[str]:
    """Where two lines differ, with a little of what stands around it: a phone shows 38 columns."""
    short = min(len(old), len(new))
    start = next((i for i in range(short) if old[i] != new[i]), short)
    end = next(
        (i for i in range(short - start) if old[-1 - i] != new[-1 - i]), short - start
    )
    parts = []
    for line in (old, new):
        left, right = max(0, start - before), min(len(line), len(line) - end + after)
        parts.append("…" * (left > 0) + line[left:right] + "…" * (right < len(line)))
    return parts


@cache
def noise(rows: int = 1, auc: float = TRUE_AUC) -> float:
    """Standard error of the AUC on the given test set, or on one `rows` times as large; scores normal in both classes."""
    apart = math.sqrt(2) * NormalDist().inv_cdf(auc)
    positives, negatives = _typical(rows * POSITIVES), _typical(rows * NEGATIVES)
    return flaky.auc_and_noise(apart + positives, negatives)[1]


def _typical(rows: int) -> np.ndarray:
    """A normal sample without luck: its quantiles."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / rows) for i in range(rows)])


def false_alarms(rows: int = 1) -> float:
    """Red builds a week from a model that is as good as ever."""
    return BUILDS_A_WEEK * flaky.alarm_rate(TRUE_AUC, LINE, noise(rows))


def false_alarm() -> float:
    """Share of builds that turn red without a reason."""
    return flaky.alarm_rate(TRUE_AUC, LINE, noise())


def retried() -> float:
    """Builds until a healthy model is red twice in a row, when each red build is run once more."""
    return 1 / false_alarm() ** 2


def passes_fallen(fall: float) -> float:
    """Share of builds that stay green after the true AUC fell by so much."""
    fallen = TRUE_AUC - fall
    return 1 - flaky.alarm_rate(fallen, LINE, noise(auc=fallen))


def quiet_line(rows: int = 1) -> float:
    """The line that rings without a reason once a year."""
    return flaky.line_for(TRUE_AUC, noise(rows), QUIET)


def quiet_drop(rows: int = 1) -> float:
    """The fall in AUC that a build with the quiet line finds nine times in ten."""
    drop = 0.0
    for _ in range(8):  # the larger the fall, the larger its noise
        drop = flaky.drop_found(
            TRUE_AUC, quiet_line(rows), noise(rows, TRUE_AUC - drop)
        )
    return drop


def rows_for(drop: float) -> int:
    """Held-out rows, in thousands, with which the quiet line finds such a fall nine times in ten."""
    # Both noises fall with the root of the rows.
    on_2000 = flaky.drop_found(TRUE_AUC, quiet_line(), noise(auc=TRUE_AUC - drop))
    return math.ceil((POSITIVES + NEGATIVES) * (on_2000 / drop) ** 2 / 1_000)


@cache
def skew() -> float:
    """Skewness of the measured AUC over 16,000 drawn test sets: the longer tail is below."""
    rng = np.random.default_rng(0)
    apart = math.sqrt(2) * NormalDist().inv_cdf(TRUE_AUC)
    drawn = np.empty(16_000)
    for i in range(len(drawn)):
        negatives = np.sort(rng.normal(size=NEGATIVES))
        positives = rng.normal(apart, size=POSITIVES)
        drawn[i] = np.searchsorted(negatives, positives).mean() / NEGATIVES
    away = drawn - drawn.mean()
    return float((away**3).mean() / drawn.std() ** 3)


def skewed_rate(line: float) -> float:
    """The alarm rate of a healthy model with the skew's first correction (Edgeworth)."""
    z = (line - TRUE_AUC) / noise()
    normal = NormalDist()
    return normal.cdf(z) - normal.pdf(z) * skew() / 6 * (z * z - 1)


def skewed_alarms_a_year() -> float:
    """False alarms a year at the quiet line, the skew counted."""
    return QUIET * skewed_rate(quiet_line())


@cache
def matrix() -> dict[str, list[bool]]:
    """For each fault, which checks pass."""
    return {name: [check(model) for check in CHECKS] for name, model in FAULTS.items()}


def found_by(check: str) -> int:
    """Faults of the five that one check finds."""
    place = [each.__name__ for each in CHECKS].index(check)
    return sum(not passed[place] for passed in matrix().values())


def finds_each() -> int:
    """Faults of the five that at least one check finds."""
    return sum(not all(passed) for passed in matrix().values())


def found_once() -> int:
    """Faults of the five that exactly one check finds."""
    return sum(passed.count(False) == 1 for passed in matrix().values())


def first_loss_moves(spread: float = 0.1, draws: int = 2_000) -> float:
    """How far random logits of this spread move the loss of the sixteen rows from log 3, on average."""
    _, y = training.data()
    z = np.random.default_rng(0).normal(0, spread, (draws, len(y), 3))
    own = np.take_along_axis(z, np.tile(y[:, None], (draws, 1, 1)), axis=2)[..., 0]
    loss = (np.log(np.exp(z).sum(axis=2)) - own).mean(axis=1)
    return float(np.abs(loss - math.log(3)).mean())


def final_loss(fault: str = "") -> float:
    """Training loss after five epochs, of the right loop or of one with a fault."""
    model = FAULTS[fault] if fault else Model()
    x, y = training.data()
    return model.loss(model.fit(x, y, epochs=5), x, y)


def demo_matrix() -> None:
    """Which check finds which fault: an x where it fails."""
    letters = "ABCDE"
    print(" " * 19, *letters)
    for check, column in zip(CHECKS, zip(*matrix().values(), strict=True), strict=True):
        print(f"{check.__name__:19}", *("." if passed else "x" for passed in column))
    print()
    for letter, name in zip(letters, FAULTS, strict=True):
        print(letter, name)
