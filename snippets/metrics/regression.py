"""Errors of numbers and of quantiles. Serves docs/chapters/metrics/uncertainty.md."""

import math

from snippets.metrics._inputs import Numbers, finite, fraction, row_count, whole


def errors(y_true: Numbers, y_pred: Numbers) -> list[float]:
    """Prediction minus truth, item by item: above zero, the prediction was too high.

    Two columns of finite numbers of length n, in one unit. No item, unequal lengths, NaN or infinity raise
    `ValueError`. O(n).
    """
    truth, guess = finite(y_true, "y_true"), finite(y_pred, "y_pred")
    row_count(y_true=truth, y_pred=guess)
    return [b - a for a, b in zip(truth, guess, strict=True)]


def mean_error(y_true: Numbers, y_pred: Numbers) -> float:
    """Average of prediction minus truth: what is promised too much, or too little.

    In the unit of y. Look at it before any absolute error: signs tell who pays. Inputs and errors as in `errors`;
    infinite if the sum is too large for a float. O(n).
    """
    signed = errors(y_true, y_pred)
    return sum(signed) / len(signed)


def mean_absolute_error(y_true: Numbers, y_pred: Numbers) -> float:
    """Average size of the error, in the unit of y; it is smallest at the median.

    Inputs and errors as in `errors`; infinite if the sum is too large for a float. O(n).
    """
    sizes = [abs(error) for error in errors(y_true, y_pred)]
    return sum(sizes) / len(sizes)


def root_mean_squared_error(y_true: Numbers, y_pred: Numbers) -> float:
    """Root of the average squared error, in the unit of y; it is smallest at the mean and heeds big misses most.

    Never below the mean absolute error. Inputs and errors as in `errors`. Taken as a vector's length, so squares
    do not overflow. O(n).
    """
    missed = errors(y_true, y_pred)
    return math.hypot(*missed) / math.sqrt(len(missed))


# --8<-- [start:pinball]
def pinball_loss(y_true: Numbers, y_pred: Numbers, quantile: float) -> float:
    """Average loss: `quantile` for each unit too low, 1 − `quantile` for each unit too high.

    In the unit of y; it is smallest at that quantile, and at 0.5 it is half of the mean absolute
    error. `quantile` lies strictly between 0 and 1, else `ValueError`; other inputs and errors as
    in `errors`. O(n).
    """
    tau = fraction(quantile, "quantile", open_ends=True)
    charges = [max((tau - 1) * -error, tau * -error) for error in errors(y_true, y_pred)]
    return sum(charges) / len(charges)


def quantile_for_costs(too_low: float, too_high: float) -> float:
    """The quantile to predict when a unit too low costs one amount and a unit too high another.

    too_low / (too_low + too_high), in any one currency: three times as costly to be low asks for
    the 0.75 quantile. Costs are finite and at least 0, not both 0, else `ValueError`. O(1). The
    newsvendor's ratio.
    """
    low, high = finite([too_low], "too_low")[0], finite([too_high], "too_high")[0]
    if min(low, high) < 0 or not 0 < low + high < math.inf:
        raise ValueError("too_low and too_high must be at least 0 and not both 0")
    return low / (low + high)


# --8<-- [end:pinball]


def quantile_coverage(y_true: Numbers, y_pred: Numbers) -> float:
    """Share of items whose truth lies at or below the predicted quantile: it should equal the quantile's level.

    Inputs and errors as in `errors`. Right on average and wrong on every slice is possible, so look by slice. O(n).
    """
    below = [error >= 0 for error in errors(y_true, y_pred)]
    return sum(below) / len(below)


def interval_coverage(y_true: Numbers, low: Numbers, high: Numbers) -> float:
    """Share of items whose truth lies inside its predicted interval, ends included.

    Three columns of finite numbers of length n. No item, unequal lengths or a low end above its high end (crossed
    quantiles) raises `ValueError`. O(n).
    """
    truth, lows, highs = finite(y_true, "y_true"), finite(low, "low"), finite(high, "high")
    n = row_count(y_true=truth, low=lows, high=highs)
    if any(a > b for a, b in zip(lows, highs, strict=True)):
        raise ValueError("low is above high somewhere")
    return sum(a <= y <= b for y, a, b in zip(truth, lows, highs, strict=True)) / n


def weighted_absolute_percentage_error(y_true: Numbers, y_pred: Numbers) -> float:
    """Sum of the absolute errors over the sum of the absolute truths: WAPE, a percentage that survives zeros.

    A share, 0.1 for 10 %; it can pass 1. NaN when every truth is 0. Items with large truths decide it. Inputs and
    errors as in `errors`. O(n).
    """
    missed = sum(abs(error) for error in errors(y_true, y_pred))
    total = sum(abs(y) for y in finite(y_true, "y_true"))
    return missed / total if total else math.nan


def mean_absolute_scaled_error(y_true: Numbers, y_pred: Numbers, history: Numbers, season: int = 1) -> float:
    """Mean absolute error in units of the error that "the same as one season ago" made on the history.

    Below 1 beats that naive forecast's error on the training period. `history` is the training series in order of
    time, longer than `season` (7 for daily data with a week's rhythm, 1 for "the same as last time"). NaN when
    the naive forecast was never wrong. A short history, and inputs as refused by `errors`, raise `ValueError`.
    O(n). Defined in Hyndman and Koehler 2006.
    """
    lag, past = whole(season, "season", least=1), finite(history, "history")
    if len(past) <= lag:
        raise ValueError(f"history has {len(past)} values: more than the season of {lag} are needed")
    naive = mean_absolute_error(past[lag:], past[:-lag])
    return mean_absolute_error(y_true, y_pred) / naive if naive else math.nan
