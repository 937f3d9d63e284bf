"""The page's numbers, another way."""

import math
from fractions import Fraction

import numpy as np
import pytest

from snippets.coding import worked_streams as w


def test_p99_of_the_day_by_numpy():
    values = [np.repeat(list(server), list(server.values())) for server in w.SERVERS]
    one_by_one = [float(np.quantile(each, 0.99, method="lower")) for each in values]
    assert [w.p99(i) for i in range(3)] == one_by_one
    assert w.p99() == np.quantile(np.concatenate(values), 0.99, method="lower")
    assert w.mean_of_p99() == pytest.approx(np.mean(one_by_one))
    assert w.weighted_p99() == pytest.approx(
        np.average(one_by_one, weights=[len(v) for v in values])
    )
    assert w.merged_p99() == pytest.approx(w.p99(), rel=0.01)
    assert w.requests() == sum(map(len, values))
    with pytest.raises(ValueError, match="no requests"):
        w.exact(())


def test_buckets_and_touches():
    growth = 1.01 / 0.99
    assert w.buckets(1, 60_000) == len(
        {math.ceil(math.log(x, growth)) for x in np.geomspace(1, 60_000, 99_999)}
    )
    assert w.touches(1_000_000, 10) == pytest.approx(
        10 * (1 + math.log(1_000_000 / 10)), rel=0.01
    )
    assert w.touches(3, 5) == 3


def test_inclusion_by_fractions():
    assert w.inclusion() == pytest.approx(
        float(Fraction(8, 10) + 2 * Fraction(1, 10) * Fraction(8, 9))
    )
    assert w.inclusion() + 2 * w.light() == pytest.approx(2)


def test_bounds():
    assert w.bucket_bound(100 / 60, 100, 2) == pytest.approx(103.3, abs=0.05)
    assert w.undercount(9, 2) == 3
