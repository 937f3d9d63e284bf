"""The worked numbers of the uncertainty page, each computed again another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import mean_absolute_error, mean_pinball_loss, mean_squared_error
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_statsmodels

from snippets.metrics import figures_uncertainty
from snippets.metrics import worked_uncertainty as w

Z = stats.norm.ppf(0.975)


def wilson(successes, trials):
    return tuple(stats.binomtest(successes, trials).proportion_ci(method="wilson"))


def test_a_day_of_grades():
    low, high = wilson(252, 300)
    assert w.share_right() == 0.84
    assert w.day_interval() == pytest.approx((low, high))
    assert w.wrong_per_day("low") == pytest.approx(34_000 * (1 - high))
    assert w.wrong_per_day("high") == pytest.approx(34_000 * (1 - low))
    assert w.cost_of_width() == pytest.approx(34_000 * (high - low) * 20)
    assert w.half_width(0.84, 25) == pytest.approx((wilson(21, 25)[1] - wilson(21, 25)[0]) / 2)
    assert w.none_seen(300) == pytest.approx(wilson(0, 300)[1])
    assert 1 - (1 - w.rule_of_three(300)) ** 300 == pytest.approx(0.95, abs=0.002)
    assert w.normal_half_width(0.84, 300) == pytest.approx(Z * math.sqrt(0.84 * 0.16 / 300))


def test_clusters():
    assert w.design_effect(8, 0.3) == pytest.approx(3.1)
    assert w.effective_rows(800, 8, 0.3) == pytest.approx(800 / 3.1)
    right, names = w.conversations()
    table = np.array(right).reshape(100, 8)
    assert [names.count(name) for name in set(names)] == [8] * 100
    by_answer, by_conversation = w.conversation_interval(False), w.conversation_interval(True)
    assert (by_answer.high - by_answer.low) / 2 == pytest.approx(Z * table.std() / math.sqrt(800), rel=0.08)
    means = table.mean(axis=1)
    assert (by_conversation.high - by_conversation.low) / 2 == pytest.approx(Z * means.std() / 10, rel=0.08)
    assert w.width_ratio() > 1.4


def test_paired():
    assert w.accuracy_a() == pytest.approx(0.84125)
    assert w.accuracy_b() == pytest.approx(0.85)
    a, b = map(np.array, w.paired_rows())
    assert (a.sum(), b.sum(), (a > b).sum(), (b > a).sum(), len(a), len(b)) == (673, 680, 31, 38, 800, 800)
    assert w.gain() == pytest.approx((b - a).mean())
    assert w.disagreement() == pytest.approx((a != b).mean())
    assert w.paired_half_width() == pytest.approx(Z * (b - a).std() / math.sqrt(800))
    assert w.paired_half_width(0.05, 400) == pytest.approx(Z * math.sqrt((0.05 - w.gain() ** 2) / 400))
    assert w.unpaired_half_width() == pytest.approx(Z * math.sqrt((a.var() + b.var()) / 800))
    assert sum(w.paired_ends()) / 2 == pytest.approx(w.gain())
    assert w.gain_points() == pytest.approx(0.875)
    assert w.paired_points() == pytest.approx([100 * end for end in w.paired_ends()])
    assert w.paired_bootstrap() == pytest.approx(w.paired_ends(), abs=0.002)
    exact = mcnemar_statsmodels([[0, 31], [38, 0]], exact=True).pvalue
    assert w.p_value() == pytest.approx(exact - stats.binom.pmf(31, 69, 0.5))


def test_prices_of_points():
    assert w.change_half_width() == pytest.approx(Z * math.sqrt(0.84 * 0.16 / 300 + 0.86 * 0.14 / 2_100))
    assert w.cost_of_points(2) == pytest.approx(0.02 * 34_000 * 20)
    assert w.dearer_serving() == pytest.approx(34)
    assert w.days_for_pairs(0.02) == pytest.approx(2 * w.items_to_see(0.02, 69 / 800) / 300)
    n = w.items_to_see(0.009, 69 / 800)
    assert w.power_on(0.009, n) == pytest.approx(0.8, abs=1e-6)
    assert w.power_on(0.009, 800) == pytest.approx(
        stats.norm.sf(Z - 0.009 / math.sqrt((69 / 800 - 0.009**2) / 800)), abs=1e-9
    )


def test_promise():
    """The normal approximation against the exact chance that Wilson's lower end clears the floor."""
    k = np.arange(286)
    clears = np.array([wilson(int(caught), 285)[0] >= 0.9 for caught in k])
    assert w.chance_to_promise(285, 0.9, 0.93) == pytest.approx(stats.binom.pmf(k, 285, 0.93)[clears].sum())
    assert w.chance_to_promise(round(w.attacks_to_promise(0.9, 0.93)), 0.9, 0.93) == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("count", [0, 1, 3, 10])
def test_poisson_interval(count):
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
    assert w.poisson_interval(count) == pytest.approx((low, stats.chi2.ppf(0.975, 2 * count + 2) / 2))


def test_far_stratum():
    labels = w.stratified_labels()["far"]
    assert w.far_found() == pytest.approx(labels * 5 / (0.974 * 40_000))
    assert w.recall_if(w.far_found()) == pytest.approx(0.9)
    assert w.recall_if(0) == pytest.approx(180 / 195)
    per_find = 0.974 * 40_000 / labels
    low, high = stats.chi2.ppf([0.025, 0.975], [6, 8]) / 2
    assert w.recall_range(3) == pytest.approx((180 / (195 + high * per_find), 180 / (195 + low * per_find)))
    n = w.labels_to_exclude(5)  # none among n leaves 10 attacks a day in the rest at 95 %
    assert (1 - 10 / (0.974 * 40_000)) ** n == pytest.approx(0.05, abs=0.001)
    assert w.chance_of_no_find(5) == pytest.approx((1 - 5 / (0.974 * 40_000)) ** n, abs=0.001)


def test_slice():
    assert w.slice_share() == 0.96
    assert w.slice_interval() == pytest.approx(wilson(24, 25))
    assert w.slice_center() == pytest.approx(sum(wilson(24, 25)) / 2, abs=0.003)
    assert w.textbook_top() == pytest.approx(0.96 + Z * math.sqrt(0.96 * 0.04 / 25))
    assert w.perfect_by_luck(0.84) == pytest.approx(stats.binom.sf(23, 25, 0.84))
    for half in (0.05, 0.03):
        low, high = wilson(round(0.96 * 25 * w.days_to_width(half)), round(25 * w.days_to_width(half)))
        assert (high - low) / 2 == pytest.approx(half, abs=0.002)


def test_fewest_disagreements():
    def mid_p(n):
        fewer = (n - 7) // 2
        return 2 * stats.binom.cdf(fewer, n, 0.5) - stats.binom.pmf(fewer, n, 0.5)

    n = w.disagreements_for_a_win()
    assert mid_p(n) < 0.05 < mid_p(n + 2)


def test_items_to_see():
    lead, disagree = 0.009, 0.08625
    n = w.items_to_see(lead, disagree)
    assert stats.norm.cdf(lead / math.sqrt((disagree - lead**2) / n) - Z) == pytest.approx(0.8, abs=1e-6)


def test_labels_at_random():
    n = w.positives()
    k = 0.9

    def half(count):
        return Z * math.sqrt(k * (1 - k) / count + Z * Z / (4 * count * count)) / (1 + Z * Z / count)

    assert half(n) <= 0.03 < half(n - 1)
    assert w.items_at_random() == n * 200
    assert w.days_at_random(0.05) == pytest.approx(w.positives(width=0.05) * 200 / 300)


def test_strata_simulated():
    """Draw the design 4,000 times: the spread of the estimates is the formula's."""
    assert sum(q for q, _ in w.STRATA.values()) == pytest.approx(1)
    assert sum(a for _, a in w.STRATA.values()) == pytest.approx(1)
    labels = w.stratified_labels()
    assert Z * w.recall_error(labels) == pytest.approx(0.03)
    rng = np.random.default_rng(5)
    found = {
        name: share * rng.binomial(round(labels[name]), w.attacks_in(name), size=4_000) / round(labels[name])
        for name, (share, _) in w.STRATA.items()
    }
    recall = found["blocked"] / sum(found.values())
    assert recall.std() == pytest.approx(w.recall_error(labels), rel=0.1)
    assert recall.mean() == pytest.approx(0.9, abs=0.003)


def test_strata_are_allocated_best():
    labels = w.stratified_labels()
    total = w.stratified_total()
    assert total == pytest.approx(sum(labels.values()))
    names = list(labels)
    for giver in names:  # moving labels from any stratum to any other makes it worse
        for taker in names:
            if giver != taker:
                moved = {**labels, giver: labels[giver] * 0.95, taker: labels[taker] + labels[giver] * 0.05}
                assert w.recall_error(moved) > w.recall_error(labels)
    assert w.far_share() == pytest.approx(labels["far"] / total)
    assert w.stratified_days() == pytest.approx(total / 300)


def test_slices_looks_seeds():
    assert w.chance_of_false_alarm(12) == pytest.approx(stats.binom.sf(0, 12, 0.05))
    assert w.graded_per_language() == 25
    assert w.looks_false_positive(1) == pytest.approx(0.05, abs=0.004)
    assert w.looks_false_positive(2) == pytest.approx(0.083, abs=0.005)  # two equally spaced looks, bivariate normal
    both = stats.multivariate_normal([0, 0], [[1, 0.5**0.5], [0.5**0.5, 1]])
    inside = both.cdf([Z, Z], lower_limit=[-Z, -Z])
    assert w.looks_false_positive(2) == pytest.approx(1 - inside, abs=0.004)
    interval = stats.ttest_ind(w.SEEDS["new"], w.SEEDS["old"]).confidence_interval()
    assert w.seed_gain() == pytest.approx((interval.low + interval.high) / 2)
    assert w.seed_half_width() == pytest.approx((interval.high - interval.low) / 2, rel=1e-3)


def test_staffing():
    y = np.array(w.HANDOVERS, dtype=float)
    assert (w.too_low_cost(), w.too_high_cost(), w.staffing_quantile()) == pytest.approx((24, 6, 0.8))
    for name, forecast in w.FORECASTS.items():
        assert w.forecast_mae(name) == pytest.approx(mean_absolute_error(y, forecast))
        assert w.forecast_rmse(name) == pytest.approx(math.sqrt(mean_squared_error(y, forecast)))
        assert w.forecast_cost(name) == pytest.approx(3_000 * mean_pinball_loss(y, forecast, alpha=0.8))
    levels = range(40, 100)
    assert mean_absolute_error(y, [60] * 10) == min(mean_absolute_error(y, [x] * 10) for x in levels)
    assert mean_squared_error(y, [62] * 10) == min(mean_squared_error(y, [x] * 10) for x in levels)
    assert w.staffing_cost(67) == min(w.staffing_cost(x) for x in levels)


def test_rare():
    y = np.array(w.RARE, dtype=float)
    assert w.rare_mean() == pytest.approx(y.mean())
    assert w.zero_days() == 10
    for level in (0, y.mean()):
        error = np.abs(y - level)
        assert w.rare_mae(level) == pytest.approx(error.mean())
        assert w.rare_rmse(level) == pytest.approx(math.sqrt((error**2).mean()))
        assert w.rare_wape(level) == pytest.approx(error.sum() / y.sum())
        assert w.rare_mase(level) == pytest.approx(error[7:].mean() / np.abs(np.diff(y[:7])).mean())


def test_small():
    y = np.array(w.SMALL, dtype=float)
    assert w.small_mean() == pytest.approx(5.3)
    for level in (2, 5, 8):
        short, idle = np.clip(y - level, 0, None), np.clip(level - y, 0, None)
        assert w.small_mape(level) == pytest.approx((np.abs(y - level) / y).mean())
        assert w.small_cost(level) == pytest.approx((24 * short + 6 * idle).mean())
        assert w.small_short(level) == pytest.approx(short.sum() / y.sum())
    assert w.mape_choice() == 2
    assert w.cost_choice() == 8


def test_coverage():
    assert w.covered() == pytest.approx(292 / 365)
    assert w.covered("Mondays") == pytest.approx(22 / 52)
    assert w.covered_interval("Mondays") == pytest.approx(wilson(22, 52))
    assert w.covered_interval("other days") == pytest.approx(wilson(270, 313))
    assert w.short_days_on_mondays() == pytest.approx(30 / 73)


def test_demos(capsys):
    w.demo_wilson()
    w.demo_clusters()
    w.demo_paired()
    w.demo_forecasts()
    out = capsys.readouterr().out
    assert "Wilson 0.794 to 0.877" in out
    assert "McNemar mid-p 0.40" in out
    assert "quantile 67: MAE 9.50  RMSE 11.49  pinball 3.28  $9,840 a day" in out


def test_figures():
    (axes,) = figures_uncertainty.paired_interval().axes
    x, y = (np.asarray(data) for data in axes.lines[0].get_data())
    assert x[y < 100 * w.gain()].max() == pytest.approx(1.6, abs=0.05)  # the text alternative says 1.6 %
    assert (round(float(y[np.abs(x - 1).argmin()]), 1), round(float(y[-1]), 1)) == (0.7, 3.8)
    (axes,) = figures_uncertainty.staffing_costs().axes
    x, y = (np.asarray(data) for data in axes.lines[0].get_data())
    assert (round(float(y[0]), 1), round(float(y.min()), 1), round(float(y[-1]), 1)) == (29.3, 9.8, 13.1)
    assert (x[np.isclose(y, y.min())].min(), x[np.isclose(y, y.min())].max()) == (66, 69)
