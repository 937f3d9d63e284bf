"""Intervals and paired tests, against statsmodels and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as sm_mcnemar
from statsmodels.stats.proportion import proportion_confint

from snippets.metrics import uncertainty
from snippets.metrics.uncertainty import Interval

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
few = settings(max_examples=20, deadline=None, derandomize=True, database=None)


def mean(rows):
    return sum(rows) / len(rows)


def test_z_score():
    assert uncertainty.z_score(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert uncertainty.z_score(0.5) == pytest.approx(stats.norm.ppf(0.75))
    for bad in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="confidence is"):
            uncertainty.z_score(bad)


@quick
@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_agrees_with_statsmodels_and_scipy(successes, trials, confidence):
    assume(successes <= trials)
    ours = uncertainty.wilson_interval(successes, trials, confidence)
    theirs = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
    scipy = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert ours == pytest.approx(theirs, abs=1e-12)
    assert ours == pytest.approx(tuple(scipy), abs=1e-12)
    assert 0 <= ours.low <= successes / trials <= ours.high <= 1
    mirrored = uncertainty.wilson_interval(trials - successes, trials, confidence)
    assert mirrored == pytest.approx((1 - ours.high, 1 - ours.low), abs=1e-12)


def test_wilson_at_the_ends():
    assert uncertainty.wilson_interval(0, 0) == (0.0, 1.0)
    assert uncertainty.wilson_interval(0, 10).low == 0.0
    assert uncertainty.wilson_interval(0, 10).high > 0.2
    assert uncertainty.wilson_interval(10, 10).high == 1.0
    for successes, trials, name in [(3, 2, "successes"), (-1, 2, "successes"), (0, -1, "trials"), (0.5, 2, "succ")]:
        with pytest.raises(ValueError, match=name):
            uncertainty.wilson_interval(successes, trials)


@quick
@given(st.integers(0, 20).map(lambda i: i / 20), st.floats(0.005, 0.5), st.sampled_from([0.8, 0.95, 0.99]))
def test_positives_for_recall_is_the_least_number_that_will_do(recall, half_width, confidence):
    n = uncertainty.positives_for_recall(recall, half_width, confidence)
    z = stats.norm.ppf((1 + confidence) / 2)

    def half(count):
        return z * math.sqrt(recall * (1 - recall) * count + z * z / 4) / (count + z * z)

    assert half(n) <= half_width * (1 + 1e-6)
    assert n == 1 or half(n - 1) > half_width * (1 - 1e-6)


def test_positives_for_recall_by_the_whiteboard_formula():
    by_hand = 1.96**2 * 0.8 * 0.2 / 0.05**2  # 246
    assert uncertainty.positives_for_recall(0.8, 0.05) == pytest.approx(by_hand, abs=4)
    interval = uncertainty.wilson_interval(80, 100)
    assert uncertainty.positives_for_recall(0.8, (interval.high - interval.low) / 2) == 100
    assert uncertainty.positives_for_recall(1.0, 0.01) > 100  # the formula would say 0
    assert uncertainty.positives_for_recall(0.5, 0.5) == 1


def test_items_for_recall():
    positives = uncertainty.positives_for_recall(0.8, 0.05)
    assert uncertainty.items_for_recall(0.8, 0.05, 0.002) == positives * 500
    assert uncertainty.items_for_recall(0.8, 0.05, 1.0) == positives
    assert uncertainty.items_for_recall(0.8, 0.05, 0.3) == math.ceil(positives / 0.3)
    with pytest.raises(ValueError, match="prevalence is 0"):
        uncertainty.items_for_recall(0.8, 0.05, 0.0)
    for bad in (0.0, -0.1, 0.6, math.nan):
        with pytest.raises(ValueError, match="half_width is"):
            uncertainty.positives_for_recall(0.8, bad)
    with pytest.raises(ValueError, match="recall is"):
        uncertainty.positives_for_recall(1.2, 0.1)


def test_bootstrap_agrees_with_scipy():
    rows = np.random.default_rng(1).exponential(size=150).tolist()
    ours = uncertainty.bootstrap_interval(mean, rows, np.random.default_rng(2), resamples=4000)
    theirs = stats.bootstrap(
        (rows,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    assert ours == pytest.approx(tuple(theirs), abs=0.02)
    narrow = uncertainty.bootstrap_interval(mean, rows, np.random.default_rng(2), resamples=4000, confidence=0.5)
    assert ours.low < narrow.low < mean(rows) < narrow.high < ours.high


def test_bootstrap_is_the_percentile_of_the_resampled_metric():
    rows = [(1, 0.9), (0, 0.4), (1, 0.3), (0, 0.1)]
    rng = np.random.default_rng(4)
    values = [max(rows[i][1] for i in rng.integers(4, size=4)) for _ in range(50)]
    ours = uncertainty.bootstrap_interval(
        lambda picked: max(s for _, s in picked), rows, np.random.default_rng(4), resamples=50, confidence=0.9
    )
    assert ours == pytest.approx(np.quantile(values, [0.05, 0.95]).tolist())


@few
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=15), st.integers(0, 99))
def test_bootstrap_is_reproducible_and_stays_inside_the_data(rows, seed):
    def interval():
        return uncertainty.bootstrap_interval(mean, rows, np.random.default_rng(seed), resamples=40)

    ours = interval()
    assert ours == interval()
    assert min(rows) <= ours.low <= ours.high <= max(rows)
    own = uncertainty.clustered_bootstrap_interval(
        mean, rows, range(len(rows)), np.random.default_rng(seed), resamples=40
    )
    assert own == ours  # every row its own cluster


def test_clusters_widen_the_interval_when_rows_of_a_user_agree():
    rng = np.random.default_rng(5)
    users = np.repeat(np.arange(40), 25)
    rows = (rng.normal(size=40)[users] + 0.1 * rng.normal(size=1000)).tolist()
    naive = uncertainty.bootstrap_interval(mean, rows, np.random.default_rng(6), resamples=300)
    honest = uncertainty.clustered_bootstrap_interval(
        mean, rows, users.tolist(), np.random.default_rng(6), resamples=300
    )
    wider = (honest.high - honest.low) / (naive.high - naive.low)
    assert wider == pytest.approx(5, rel=0.3)  # the root of 25 rows a user
    user_means = np.array(rows).reshape(40, 25).mean(axis=1)
    standard_error = float(user_means.std(ddof=1)) / math.sqrt(40)
    assert honest.high - honest.low == pytest.approx(2 * 1.96 * standard_error, rel=0.15)


def test_a_single_cluster_says_nothing():
    one = uncertainty.clustered_bootstrap_interval(mean, [1.0, 2.0], ["u", "u"], np.random.default_rng(0), resamples=10)
    assert one == Interval(1.5, 1.5)


def test_clusters_of_unequal_size_come_along_whole():
    sizes = []

    def record(rows):
        assert rows.count("a") % 3 == 0
        sizes.append(len(rows))
        return 0.0

    uncertainty.clustered_bootstrap_interval(
        record, ["a", "b", "a", "a"], ["x", "y", "x", "x"], np.random.default_rng(0), resamples=40
    )
    assert set(sizes) == {2, 4, 6}


def test_pairing_cancels_what_both_models_find_hard():
    rng = np.random.default_rng(7)
    hard = rng.normal(size=400)
    a, b = (hard + 0.1).tolist(), (hard + 0.05 * rng.normal(size=400)).tolist()
    paired = uncertainty.paired_bootstrap_difference(mean, a, b, np.random.default_rng(8), resamples=400)
    single = uncertainty.bootstrap_interval(mean, a, np.random.default_rng(8), resamples=400)
    assert paired.low > 0.08
    assert paired.high < 0.12
    assert single.high - single.low > 5 * (paired.high - paired.low)
    differences = (np.array(a) - np.array(b)).tolist()
    of_differences = uncertainty.bootstrap_interval(mean, differences, np.random.default_rng(8), resamples=400)
    assert paired == pytest.approx(of_differences)


def test_pairing_turns_its_sign_and_takes_clusters():
    a, b, users = [1.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0], ["u", "u", "v", "v"]
    ab = uncertainty.paired_bootstrap_difference(mean, a, b, np.random.default_rng(1), resamples=60, clusters=users)
    ba = uncertainty.paired_bootstrap_difference(mean, b, a, np.random.default_rng(1), resamples=60, clusters=users)
    assert ab == pytest.approx((-ba.high, -ba.low))
    assert ab == Interval(0.5, 0.5)  # both users gain one half, so resampling users changes nothing
    same = uncertainty.paired_bootstrap_difference(mean, a, a, np.random.default_rng(1), resamples=10)
    assert same == Interval(0.0, 0.0)


def test_bootstrap_refuses_what_it_cannot_do():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="rows is empty"):
        uncertainty.bootstrap_interval(mean, [], rng)
    with pytest.raises(ValueError, match="resamples is 0"):
        uncertainty.bootstrap_interval(mean, [1.0], rng, resamples=0)
    with pytest.raises(ValueError, match="confidence is 1"):
        uncertainty.bootstrap_interval(mean, [1.0], rng, resamples=3, confidence=1.0)
    with pytest.raises(ValueError, match="rows has 1, clusters has 2"):
        uncertainty.clustered_bootstrap_interval(mean, [1.0], ["a", "b"], rng)
    with pytest.raises(ValueError, match="rows_a has 1, rows_b has 2"):
        uncertainty.paired_bootstrap_difference(mean, [1.0], [1.0, 2.0], rng)
    with pytest.raises(ValueError, match="clusters has 2"):
        uncertainty.paired_bootstrap_difference(mean, [1.0], [1.0], rng, clusters=["a", "b"])
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="metric is undefined on 20 of 20 resamples"):
            uncertainty.bootstrap_interval(lambda rows, bad=bad: bad, [1.0], rng, resamples=20)


@quick
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20))
def test_discordant_counts_where_just_one_is_right(pairs):
    only_a, only_b = uncertainty.discordant([a for a, _ in pairs], [b for _, b in pairs])
    assert only_a == sum(a and not b for a, b in pairs)
    assert only_b == sum(b and not a for a, b in pairs)


@quick
@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_agrees_with_statsmodels_and_scipy(a, b):
    assume(a + b > 0)
    exact = uncertainty.mcnemar(a, b, "exact")
    assert exact == pytest.approx(stats.binomtest(a, a + b, 0.5).pvalue)
    assert exact == pytest.approx(sm_mcnemar([[3, a], [b, 5]], exact=True).pvalue)
    asymptotic = uncertainty.mcnemar(a, b, "chi-square")
    assert asymptotic == pytest.approx(sm_mcnemar([[3, a], [b, 5]], exact=False, correction=False).pvalue)
    mid = uncertainty.mcnemar(a, b)
    below = stats.binom.cdf(min(a, b) - 1, a + b, 0.5)
    assert mid == pytest.approx(2 * (below + 0.5 * stats.binom.pmf(min(a, b), a + b, 0.5)))
    assert 0 < mid < exact or a == b
    for variant in ("exact", "mid-p", "chi-square"):
        assert uncertainty.mcnemar(a, b, variant) == uncertainty.mcnemar(b, a, variant)


def test_mcnemar_at_the_ends():
    assert uncertainty.mcnemar(0, 0) == uncertainty.mcnemar(0, 0, "chi-square") == 1.0
    assert uncertainty.mcnemar(7, 7) == 1.0
    assert uncertainty.mcnemar(1, 0, "exact") == 1.0
    assert uncertainty.mcnemar(1, 0) == 0.5
    assert uncertainty.mcnemar(3000, 2000) < 1e-40  # 2 to the 5000 does not fit into a float
    assert 0.9 < uncertainty.mcnemar(2500, 2499, "exact") <= 1.0
    with pytest.raises(ValueError, match="only_a is -1"):
        uncertainty.mcnemar(-1, 0)
    with pytest.raises(ValueError, match=r"only_b is 0\.5"):
        uncertainty.mcnemar(1, 0.5)
    with pytest.raises(ValueError, match="variant is 'yates'"):
        uncertainty.mcnemar(1, 0, "yates")
    with pytest.raises(ValueError, match=r"right_a\[0\] is 2"):
        uncertainty.discordant([2], [1])
    with pytest.raises(ValueError, match="argument 2 is longer"):
        uncertainty.discordant([1], [1, 0])
