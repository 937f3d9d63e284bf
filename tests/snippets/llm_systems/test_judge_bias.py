"""The controlled win share against statsmodels' clustered logit, and on a judge whose biases are known."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from snippets.llm_systems.judge_bias import Pair, controlled_win_share, first_wins, win_share
from snippets.metrics.llm import Rate


def drawn(n, version, length, position, seed=1, mean=0.1):
    rng = np.random.default_rng(seed)
    pairs = []
    for longer in rng.normal(mean, 0.3, n):
        odds = [version + length * longer + position * side for side in (0.5, -0.5)]
        first, second = (rng.random() < 1 / (1 + math.exp(-o)) for o in odds)
        pairs.append(Pair(bool(first), bool(second), float(longer)))
    return pairs


def test_it_is_the_clustered_logit_of_statsmodels():
    pairs = drawn(300, 0.2, 1.5, 1.0)
    x = [(1.0, p.longer, side) for p in pairs for side in (0.5, -0.5)]
    y = [float(w) for p in pairs for w in (p.b_wins_first, p.b_wins_second)]
    groups = np.repeat(np.arange(300), 2)
    fit = sm.Logit(y, x).fit(disp=0, cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    done = controlled_win_share(pairs)
    assert (done.length, done.position) == pytest.approx(tuple(fit.params[1:]), rel=1e-6)
    low, high = fit.conf_int()[0]
    assert done.interval == pytest.approx((1 / (1 + math.exp(-low)), 1 / (1 + math.exp(-high))), rel=1e-6)


def test_a_judge_that_sees_only_length_and_place_gives_half():
    pairs = drawn(6_000, 0.0, 3.0, 1.0, mean=0.3)
    assert win_share(pairs)[0] > 0.65  # asking both orders does not help against length
    done = controlled_win_share(pairs)
    assert done.interval.low < 0.5 < done.interval.high
    assert done.length == pytest.approx(3.0, abs=0.35)


def test_two_verdicts_on_a_pair_are_not_two_pairs():
    pairs = [Pair(True, True)] * 60 + [Pair(False, False)] * 40
    share, (low, high) = win_share(pairs)
    assert share == 0.6
    assert high - low == pytest.approx(2 * 1.96 * math.sqrt(0.24 / 99), rel=1e-3)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
def test_swapping_the_versions_mirrors_the_share(verdicts):
    pairs = [Pair(first, second) for first, second in verdicts]
    mirrored = [Pair(not p.b_wins_second, not p.b_wins_first) for p in pairs]
    assert win_share(mirrored)[0] == pytest.approx(1 - win_share(pairs)[0])
    assert first_wins(mirrored) == first_wins(pairs)  # the place's bias has no version


def test_first_wins_counts_torn_pairs_only():
    assert first_wins([Pair(True, False), Pair(False, True), Pair(True, True)]) == Rate(1, 2)
    assert first_wins([Pair(True, True)]) == Rate(0, 0)


@pytest.mark.parametrize(
    "pairs",
    [[], [Pair(True, False, 0.1)], [Pair(True, False, 0.2)] * 9],
)
def test_no_difference_of_length_no_fit(pairs):
    with pytest.raises(ValueError, match="length"):
        controlled_win_share(pairs)


def test_one_side_wins_everywhere():
    with pytest.raises(ValueError, match="one side"):
        controlled_win_share([Pair(True, True, x / 10) for x in range(20)])
    with pytest.raises(ValueError, match="at least 2"):
        win_share([Pair(True, True)])
