"""The k nearest rows in blocks of bounded memory. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:squared]
def squared(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Squared Euclidean distances: (q, d) and (n, d) give (q, n)."""
    # (q, n, d): this is the memory. In floats: bytes would wrap.
    apart = np.subtract(a[:, None, :], b[None, :, :], dtype=float)
    return np.asarray(np.einsum("qnd,qnd->qn", apart, apart))


# --8<-- [end:squared]


# --8<-- [start:numpy]
def nearest(
    queries: NDArray[Any],
    base: NDArray[Any],
    k: int,
    floats: int = 1_000_000,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows and squared distances of the k nearest, each (q, k), nearest first.

    Ties go to the lower row. A base row with NaN or ±inf is nobody's neighbor, such a
    query raises; missing places are row −1 at inf. Holds about `floats` numbers.
    """
    q, d = queries.shape
    if base.shape[1] != d or not np.isfinite(queries).all():
        raise ValueError("the columns differ, or a query is not finite")
    # Held: differences (q, rows, d), and six arrays of (q, k + rows).
    rows = max(1, (floats - 6 * q * k) // max(1, q * (d + 6)))
    best = np.full((q, k), np.inf)
    ids = np.full((q, k), -1)
    for start in range(0, len(base), rows):
        far = squared(queries, base[start : start + rows])
        numbers = np.broadcast_to(np.arange(start, start + far.shape[1]), far.shape)
        far, numbers = np.hstack([best, far]), np.hstack([ids, numbers])
        # Stable: earlier rows stand first. NaN sorts last, behind the k places at inf.
        keep = np.argsort(far, axis=1, kind="stable")[:, :k]
        best = np.take_along_axis(far, keep, axis=1)
        ids = np.take_along_axis(numbers, keep, axis=1)
    return ids, best


def unit(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows of length 1, so that Euclid ranks by cosine; a zero row becomes NaN."""
    with np.errstate(invalid="ignore"):
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


# --8<-- [end:numpy]
