"""Broken runs that show while training: labels, order, step size. Serves docs/chapters/debugging/broken-runs.md."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import NamedTuple

import numpy as np

from snippets.cases import marketplace, payments
from snippets.debugging.checks import (
    base_rate_entropy,
    batch_label_means,
    known_positives,
    largest_curvature,
    share_explained,
)
from snippets.debugging.data import payment_rows
from snippets.debugging.learn import (
    Step,
    auc,
    batches,
    fit_logistic,
    mean_log_loss,
    predict,
    sgd_logistic,
    sigmoid,
    with_ones,
)
from snippets.metrics._inputs import FloatArray

# Run: labels no longer belong to their rows


class LossRun(NamedTuple):
    """What the training log of a fraud model says, and what it does not."""

    log: list[Step]
    validation_loss: float
    validation_auc: float
    known_found: float  # of twenty payments known to be fraud, the share labeled 1


@cache
def label_run(fault: bool) -> LossRun:
    """Train on Payments; with the fault, labels were joined by position after the rows had been sorted anew."""
    train, validation = payment_rows(1), payment_rows(2)
    known: list[Hashable] = list(np.flatnonzero(train.y)[:20].tolist())
    y = np.random.default_rng(3).permutation(train.y) if fault else train.y
    w, log = sgd_logistic(train.x, y, 0.5, 2_000, 10, np.random.default_rng(4))
    p = predict(w, validation.x)
    labels: dict[Hashable, int] = dict(enumerate(y.astype(int).tolist()))
    return LossRun(log, mean_log_loss(validation.y, p), auc(validation.y, p), known_positives(labels, known))


def logged_loss(run: LossRun, step: int, window: int = 100) -> float:
    """Mean training loss of the window of steps that ends before this one."""
    return float(np.mean([s.loss for s in run.log[max(0, step - window) : max(1, step)]]))


def demo_label_run() -> None:
    """Print the log of the run."""
    run = label_run(True)
    for step in (0, 100, 200, 400, 700, 1000):
        accuracy = np.mean([s.accuracy for s in run.log[max(0, step - 100) : max(1, step)]])
        print(f"step {step:4}  loss {logged_loss(run, step):.4f}  acc {accuracy:.4f}")
    print(f"val   loss {run.validation_loss:.4f}")
    fall = 1 - run.validation_loss / run.log[0].loss
    print(f"converged: loss down {fall:.1%}")


@cache
def auc_of_shuffled(shuffles: int = 12) -> tuple[float, float]:
    """Lowest and highest validation AUC over twelve fits, each to another shuffle of the labels."""
    train, validation = payment_rows(1), payment_rows(2)
    found = []
    for seed in range(shuffles):
        w = fit_logistic(train.x, np.random.default_rng(seed).permutation(train.y))
        found.append(auc(validation.y, predict(w, validation.x)))
    return min(found), max(found)


def demo_label_check() -> None:
    """Print the check on the broken run and on the healthy one."""
    broken, healthy = label_run(True), label_run(False)
    print("               broken  healthy")
    print(f"known frauds 1  {broken.known_found * 20:2.0f}/20    {healthy.known_found * 20:2.0f}/20")
    entropy = [share_explained(run.validation_loss, payments.fraud_rate) for run in (broken, healthy)]
    print(f"loss explained {entropy[0]:6.1%}   {entropy[1]:6.1%}")
    print(f"validation AUC {broken.validation_auc:6.3f}   {healthy.validation_auc:6.3f}")


# Run: a step size that grows past what the steepest direction allows

WARMUP_TO = 0.01  # learning rate at the end of the warm-up; given
WARMUP_STEPS = 4_000  # given
VIEWS = 30.0  # mean of the unscaled column; given


class BlowUp(NamedTuple):
    """The log of a regression: rate, batch loss and gradient norm of every step, until the numbers ran out."""

    rates: list[float]
    losses: list[float]
    gradients: list[float]
    rows: list[FloatArray]  # largest absolute value of each batch

    def step(self) -> int:
        """First step whose loss is more than 100 times the lowest so far; the number of steps if there is none."""
        lowest = np.minimum.accumulate(self.losses)
        wild = np.flatnonzero(~(np.asarray(self.losses) <= 100 * lowest))
        return int(wild[0]) if len(wild) else len(self.losses)


def price_rows(seed: int, scaled: bool, bad_row: bool = False) -> tuple[FloatArray, FloatArray]:
    """Marketplace listings: five scaled columns, one count of views, and the standardized log price."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(20_000, 5))
    views = rng.gamma(2.0, VIEWS / 2, size=20_000)
    y = x @ np.array([0.5, -0.3, 0.2, 0.2, 0.1]) + 0.3 * (views - VIEWS) / VIEWS + rng.normal(0, 0.6, 20_000)
    column = (views - views.mean()) / views.std() if scaled else views
    data = np.column_stack([x, column])
    if bad_row:
        data[7_314, 0] = 900_000.0  # one listing, one field, nine hundred thousand
    return data, y


@cache
def step_run(fault: bool, order: int = 0, bad_row: bool = False) -> BlowUp:
    """Squared loss with warm-up; with the fault, the count of views is missing from the list of columns to scale."""
    x, y = price_rows(11, scaled=not fault, bad_row=bad_row)
    data, rng = with_ones(x), np.random.default_rng(order)
    w, log = np.zeros(data.shape[1]), BlowUp([], [], [], [])
    with np.errstate(all="ignore"):
        for _ in range(20):
            for rows in batches(len(y), 256, rng):
                rate = WARMUP_TO * min(1.0, (len(log.rates) + 1) / WARMUP_STEPS)
                error = data[rows] @ w - y[rows]
                gradient = data[rows].T @ error / len(error)
                log.rates.append(rate)
                log.losses.append(float((error**2).mean() / 2))
                log.gradients.append(float(np.linalg.norm(gradient)))
                log.rows.append(np.abs(data[rows]).max(axis=0))
                w = w - rate * gradient
    return log


@cache
def rate_limit(fault: bool) -> float:
    """Largest stable learning rate: 2 over the largest curvature of the squared loss."""
    return 2 / largest_curvature(with_ones(price_rows(11, scaled=not fault)[0]))


def loss_when_scaled() -> float:
    """Mean batch loss of the last hundred steps when every column is scaled."""
    return float(np.mean(step_run(False).losses[-100:]))


def as_logged(value: float) -> str:
    """A number of the log with three digits; above 10¹², where rounding depends on the machine, only that it is above."""
    return "> 1e12" if value > 1e12 else f"{value:.3g}"


def column_facts(x: FloatArray) -> list[tuple[float, float, float]]:
    """Mean, spread and largest absolute value of each column. O(n · d)."""
    return [(float(c.mean()), float(c.std()), float(np.abs(c).max())) for c in x.T]


def demo_step_run() -> None:
    """Print the log of the run."""
    log = step_run(True)
    print("step       lr      loss    |grad|")
    for step in (0, 200, 400, 600, 640, 660, 680, 800, 1000, 1500):
        print(f"{step:4}  {log.rates[step]:.5f} {as_logged(log.losses[step]):>9} {as_logged(log.gradients[step]):>9}")


def demo_step_check() -> None:
    """Print the columns and the limit of the rate, and where the loss leaves for three orders of the rows."""
    print("column    mean spread largest")
    found, bad_row = column_facts(price_rows(11, False)[0]), column_facts(price_rows(11, True, True)[0])
    for name, (mean, spread, largest) in (("views", found[5]), ("age", found[0]), ("bad row*", bad_row[0])):
        print(f"{name:8} {mean:z5.1f} {spread:6,.0f} {largest:7,.0f}")
    print("* age, if one row were corrupt")
    print("largest stable rate")
    print(f"as it is           {rate_limit(True):.5f}")
    print(f"all columns scaled {rate_limit(False):.5f}")
    print("first wild step,")
    print("by order of rows 1    2    3")
    for name, fault, bad in (("this run", True, False), ("one bad row", False, True)):
        steps = [step_run(fault, order, bad).step() for order in (0, 1, 2)]
        print(f"{name:13} " + " ".join(f"{step:4}" for step in steps))


# Run: the file is in the order of its labels

RATE = 0.5  # given
SEARCHES = 40_000  # in the training file, given
BATCH = 250  # searches in a batch, given


def steps_an_epoch() -> int:
    """Steps of one pass over the file: searches over batch."""
    return SEARCHES // BATCH


class OrderRun(NamedTuple):
    """Curves of a click model."""

    losses: list[float]  # by step
    validation: list[float]  # by epoch
    batch_means: list[float]  # share of clicks in the batches of the first epoch
    mean_prediction: float  # on validation, at the end


@cache
def order_run(fault: bool, rate: float = RATE, epochs: int = 4) -> OrderRun:
    """Train a click model on searches; with the fault, in file order: searches without a click first."""
    rng = np.random.default_rng(21)
    n = SEARCHES
    x = rng.normal(size=(2 * n, 6))
    logit = x @ np.array([0.9, 0.6, -0.5, 0.4, 0.3, 0.2]) - 0.80
    y = (rng.random(2 * n) < sigmoid(logit)).astype(float)
    train, validation = slice(0, n), slice(n, None)
    order = np.argsort(y[train], kind="stable") if fault else np.arange(n)
    xs, ys = x[train][order], y[train][order]
    w = np.zeros(7)
    losses: list[float] = []
    history: list[float] = []
    data, shuffler = with_ones(xs), None if fault else np.random.default_rng(22)
    for _ in range(epochs):
        for rows in batches(n, BATCH, shuffler):
            p = sigmoid(data[rows] @ w)
            losses.append(mean_log_loss(ys[rows], p))
            w = w - rate * data[rows].T @ (p - ys[rows]) / len(p)
        history.append(mean_log_loss(y[validation], predict(w, x[validation])))
    means = batch_label_means(ys, BATCH)
    return OrderRun(losses, history, means, float(predict(w, x[validation]).mean()))


def click_rate() -> float:
    """Share of simulated searches with a click, made to meet the case's."""
    return float(np.mean(order_run(False).batch_means))


def demo_order_check() -> None:
    """Print the check on the broken run and on the healthy one."""
    broken, healthy = order_run(True), order_run(False)
    print("               broken  healthy")
    print("clicks in a batch")
    for name, pick in (("  lowest share", min), ("  highest share", max)):
        print(f"{name:15} {pick(broken.batch_means):5.2f}    {pick(healthy.batch_means):5.2f}")
    print(f"{'mean prediction':15} {broken.mean_prediction:5.2f}    {healthy.mean_prediction:5.2f}")
    print(f"{'validation loss':15} {broken.validation[-1]:5.2f}    {healthy.validation[-1]:5.2f}")
    slow = order_run(True, RATE / 10)
    print("at a tenth of the rate")
    print(f"{'mean prediction':15} {slow.mean_prediction:5.2f}")
    print(f"{'validation loss':15} {slow.validation[-1]:5.2f}")


def click_entropy() -> float:
    """Log-loss of saying the case's click rate to every search."""
    return base_rate_entropy(marketplace.search_click_rate)
