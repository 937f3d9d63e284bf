"""The numbers of the page on models from scratch."""

import numpy as np
import pytest

from snippets.coding import worked_scratch as worked


def test_centering_five_years():
    raw = np.c_[np.ones(5), worked.YEARS]
    assert worked.condition(False) == pytest.approx(np.linalg.cond(raw) ** 2, rel=1e-3)
    assert worked.condition(True) == pytest.approx(2)
    assert worked.steps(True) == 13  # (1/3)^13 < 1e-6 < (1/3)^12
    assert (1 / 3) ** 13 < 1e-6 < (1 / 3) ** 12
    assert worked.steps(False) > 5e13
    w, out = np.zeros(2), []
    for factor in (0.9, 1.1):
        w = np.zeros(2)
        for _ in range(500):
            w = w - factor * worked.largest_step() * raw.T @ (raw @ w - 1) / 5
        out.append(np.abs(w).max())
    assert out[0] < 1 < 1e6 < out[1]


def test_the_check():
    assert worked.check(-5) < 1e-9 < worked.check(-1)
    assert worked.check(-13) > 1e-4
    assert worked.digits(-5) == 10
    assert worked.digits(-7, central=False) == 7
    assert worked.best_power() == -5
    assert worked.best_power(central=False) in (-7, -8)
    assert worked.check(-5, central=False) > 1e-7
    assert worked.wrong_check(zero=True) < 1e-9
    assert worked.wrong_check(zero=False) > 0.1


def test_the_rest():
    assert worked.words_until_zero(0.001) == 108
    assert worked.matrix_gb(10, 10**8) == 8
    assert worked.expanded(1e8) == 0
    assert worked.expanded(10) == 1
    assert worked.xor_gain() == 0
