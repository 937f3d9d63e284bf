"""The same effect with less noise: regression on what was known before. Serves docs/chapters/experiments/analyzing.md."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.ArrayLike


class Effect(NamedTuple):
    """A difference of means, treatment minus control, its standard error, and the slope on the covariate."""

    difference: float
    error: float
    theta: float = 0.0


# --8<-- [start:cuped]
def cuped(
    control: Values,
    treated: Values,
    before_c: Values,
    before_t: Values,
) -> Effect:
    """Difference of means, treatment minus control, without the covariate's part.

    One number a user: outcome, and a covariate measured *before* the user was exposed;
    both arrays of an arm in the same order, two users at least in each arm, no NaN, else
    `ValueError` (fill a missing past first). A covariate that varies by rounding only
    changes nothing: theta is 0. Variance shrinks to about 1 - rho², rho being the
    correlation inside the arms. O(users).
    Deng and others 2013; the difference is that of least squares on arm and covariate.
    """
    y = [np.asarray(v, dtype=float) for v in (control, treated)]
    x = [np.asarray(v, dtype=float) for v in (before_c, before_t)]
    for a, b in zip(y, x, strict=True):
        if a.shape != b.shape or a.ndim != 1 or a.size < 2:
            raise ValueError("an outcome and a covariate a user, two users or more an arm")
        if np.isnan(a).any() or np.isnan(b).any():
            raise ValueError("NaN: give users without a past a value first")
    dx, dy = [v - v.mean() for v in x], [v - v.mean() for v in y]
    spread = sum(float(a @ a) for a in dx)
    shared = sum(float(a @ b) for a, b in zip(dx, dy, strict=True))
    size = sum(float(b @ b) for b in x)
    theta = shared / spread if spread > 1e-20 * size else 0.0
    left = [b - theta * a for a, b in zip(dx, dy, strict=True)]  # what x doesn't explain
    variance = sum(float(r @ r) / (r.size - 1) / r.size for r in left)
    shift = theta * (x[1].mean() - x[0].mean())  # luck of the draw, if x came first
    return Effect(float(y[1].mean() - y[0].mean() - shift), variance**0.5, theta)


# --8<-- [end:cuped]


def plain(control: Values, treated: Values) -> Effect:
    """Difference of means without a covariate, and Welch's standard error; two users or more an arm, else `ValueError`. O(users)."""
    c, t = np.asarray(control, dtype=float), np.asarray(treated, dtype=float)
    return cuped(c, t, np.zeros(c.shape), np.zeros(t.shape))
