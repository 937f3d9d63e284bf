"""Sums of serving, against simulation and brute force."""

import math
from itertools import pairwise
from random import Random

import pytest

from snippets.llm_systems import economics
from snippets.llm_systems.economics import Try


def test_prefix_pays_from_the_first_read_that_makes_it_cheaper():
    for write, read in ((1.25, 0.1), (2.0, 0.1), (3.0, 0.5)):
        pays = next(n for n in range(100) if write + n * read <= 1 + n)
        assert math.ceil(economics.reads_that_pay(write, read)) == pays
    assert economics.reads_that_pay(1.25, 1.0) == math.inf
    assert economics.reads_that_pay(0.9, 0.1) == 0


def test_the_rate_that_pays_costs_as_much_as_no_cache():
    rate = economics.rate_that_pays(1.25, 0.1, 300)
    random, costs, last = Random(1), [], -math.inf
    times = []
    now = 0.0
    for _ in range(60_000):
        now += random.expovariate(rate)
        times.append(now)
    for last, now in pairwise(times):
        costs.append(0.1 if now - last <= 300 else 1.25)
    assert sum(costs) / len(costs) == pytest.approx(1, rel=0.02)
    assert economics.rate_that_pays(1.25, 1.0, 300) == math.inf
    assert economics.rate_that_pays(0.9, 0.1, 300) == 0


def test_cascade_by_enumeration():
    # 100 questions: 60 stay small, 3 of them wrong where the large one was right; 40 go on
    with_cascade = 100 * 1.0 + 40 * 10.0 + 3 * 7.0
    assert economics.cascade_saving(0.6, 1.0, 10.0, 0.05, 7.0) == pytest.approx((1_000 - with_cascade) / 100)
    price = economics.error_price_that_pays(0.6, 1.0, 10.0, 0.05)
    assert economics.cascade_saving(0.6, 1.0, 10.0, 0.05, price) == pytest.approx(0)
    assert economics.error_price_that_pays(0.6, 1.0, 10.0, 0.0) == math.inf


CHAIN = [Try(0.9, 0.8, 1.0, 2.0, 5.0), Try(0.5, 0.8, 1.0, 2.0, 5.0), Try(0.99, 0.6, 0.2, 1.0, 3.0)]


def test_expectation_against_simulation():
    exact, drawn = economics.expect(CHAIN), economics.simulate(CHAIN, 60_000, 1)
    for a, b in zip(exact, drawn, strict=True):
        assert a == pytest.approx(b, rel=0.02)
    assert exact.cost_per_right == exact.cost / exact.right


def test_no_call_answers_nothing():
    nothing = economics.expect([])
    assert nothing == (0, 0, 0, 0, 0)
    assert nothing.cost_per_right == math.inf
    with pytest.raises(ValueError, match="works"):
        economics.expect([Try(1.2, 1, 1, 1, 1)])


def test_retries_multiply():
    assert economics.attempts(1.0, 3, 3) == 27
    assert economics.attempts(0.0, 3, 3) == 1
    random, calls, n = Random(2), 0, 40_000
    for _ in range(n):  # two layers of two tries at 40 % failing
        for _outer in range(2):
            failed = True
            for _inner in range(2):
                calls += 1
                failed = random.random() < 0.4
                if not failed:
                    break
            if not failed:
                break
    assert economics.attempts(0.4, 2, 2) == pytest.approx(calls / n, rel=0.02)


def test_a_common_cause_caps_availability():
    assert economics.availability([0.9, 0.9]) == pytest.approx(0.99)
    assert economics.availability([1.0, 1.0], 0.004) == pytest.approx(0.996)
    assert economics.availability([]) == 0


def test_a_prefix_as_cheap_to_write_as_to_read_pays_at_any_rate() -> None:
    assert economics.rate_that_pays(0.1, 0.1, 300) == 0
