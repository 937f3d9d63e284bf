"""The page's numbers, another way."""

import math

import numpy as np
import pytest
from scipy import stats

from snippets.cases import marketplace, payments
from snippets.experiments import worked_probability as w


def test_visits():
    assert w.mean_visit() == 10
    assert w.mean_met() == pytest.approx(0.1 * 2 + 0.9 * 18)
    assert w.call_met() == pytest.approx((3 * 3 + 15 * 15) / 18)
    assert w.long_share() == 0.9
    assert w.remaining() == pytest.approx(8.2)


def test_ids():
    assert w.ids_for_half() == pytest.approx(math.sqrt(2 * math.log(2) * 2**32), rel=1e-4)
    assert w.listings() == 365 * marketplace.new_listings_per_day
    assert w.pairs_colliding(3, 1) == 1.5
    rng = np.random.default_rng(0)
    _, counts = np.unique(rng.integers(0, 2**20, 100_000), return_counts=True)
    assert w.sharing_a_bucket(100_000, 2**20) == pytest.approx(1 - (counts == 1).sum() / 100_000, abs=0.005)


def test_years_to_a_pair():
    # day by day, each day's new ids against all before; a small id space, so that it ends
    before, expected, days = 0, 0.0, 0
    while expected < 1:
        new = marketplace.new_listings_per_day
        expected += (new * before + new * (new - 1) / 2) / 2**52
        before, days = before + new, days + 1
    assert w.years_to_a_pair(52) == pytest.approx(days / 365, rel=0.01)
    assert w.years_to_a_pair(64) == pytest.approx(2**6 * w.years_to_a_pair(52))


def test_drawing_by_class():
    rows = np.array([1] * 8 + [0] * 56)
    weights = np.where(rows == 1, w.rare_weight(), w.common_weight())
    assert np.average(rows, weights=weights) == pytest.approx(0.01)
    assert weights.sum() == pytest.approx(64)
    odds_drawn, odds = (8 / 56), 0.01 / 0.99
    assert w.logit_shift() == pytest.approx(math.log(odds_drawn) - math.log(odds))
    empty = np.random.default_rng(0).binomial(1_000, w.missing(), 50_000) / 1_000
    assert w.empty_noise(1_000) == pytest.approx((np.quantile(empty, 0.975) - np.quantile(empty, 0.025)) / 2, abs=0.001)


def test_classes_unseen():
    seen = np.zeros(21)  # chance of so many classes seen
    seen[0] = 1
    for row in range(1, 118):
        seen[1:] = seen[1:] * np.arange(1, 21) / 20 + seen[:-1] * np.arange(20, 0, -1) / 20
        seen[0] = 0
        if row == 72:
            assert w.one_unseen(72) == pytest.approx(1 - seen[20])
    assert w.one_unseen(117) == pytest.approx(1 - seen[20])
    assert w.rows_for_all(0.05) == 117
    assert w.one_unseen(117) <= 0.05 < w.one_unseen(116)  # the bound is no looser than a row here


def test_rare_class():
    assert w.missing() == pytest.approx(stats.binom.cdf(0, 64, 0.01))
    size = w.batch_for(0.95)
    assert stats.binom.sf(0, size, 0.01) >= 0.95 > stats.binom.sf(0, size - 1, 0.01)


def test_alarms():
    assert [w.false_wait(days) for days in (1, 2, 3)] == pytest.approx([20, 420, 8420])
    fresh = w.red_after_white()
    assert fresh / (fresh + 0.6) == pytest.approx(0.05)  # as many red days as before
    assert w.sticky_wait(0.05) == pytest.approx(w.false_wait(3))  # no memory
    chain = np.array([[1 - fresh, fresh, 0], [0.6, 0, 0.4], [0.6, 0, 0]])  # none, one, two in a row
    assert w.sticky_wait() == pytest.approx(np.linalg.solve(np.eye(3) - chain, np.ones(3))[0])
    last_two = np.array([[0.95, 0.05, 0], [0, 0, 0.95], [0.95, 0, 0]])  # white, red, red then white
    assert w.two_of_three_wait() == pytest.approx(np.linalg.solve(np.eye(3) - last_two, np.ones(3))[0])
    assert w.two_of_three() == pytest.approx(stats.binom.sf(1, 3, 0.05))


def test_a_fault_is_found():
    assert stats.norm.sf(w.strict()) == pytest.approx(1 / 8420)
    assert w.fault_wait_run(0) == pytest.approx(8420)
    assert w.fault_wait_single(0) == pytest.approx(8420)
    assert w.fault_wait_run(3) < w.fault_wait_single(3)  # even near 3
    assert w.fault_wait_run(3.2) > w.fault_wait_single(3.2)
    red = np.random.default_rng(0).normal(2, 1, 200_000) > stats.norm.isf(0.05)
    waits, start, run = [], 0, 0
    for day, is_red in enumerate(red):
        run = run + 1 if is_red else 0
        if run == 3:
            waits.append(day + 1 - start)
            start, run = day + 1, 0
    assert w.fault_wait_run(2) == pytest.approx(np.mean(waits), rel=0.03)
    assert w.fault_wait_single(2) == pytest.approx(1 / stats.norm.sf(stats.norm.isf(1 / 8420) - 2))


def test_a_score_that_drags():
    bar = stats.norm.isf(0.05)
    both = stats.multivariate_normal([0, 0], [[1, w.drag()], [w.drag(), 1]]).cdf([-bar, -bar])
    assert both / 0.05 == pytest.approx(0.4, abs=0.001)
    assert w.dragging_wait(2, 1, 0, 0) == pytest.approx(1 / stats.norm.sf(2), rel=0.01)  # no memory
    assert w.dragging_wait(1, 3, 0.5, 0) == pytest.approx(sum(stats.norm.sf(0.5) ** -k for k in (1, 2, 3)), rel=0.01)

    def simulated(bar, days, shift):
        rng = np.random.default_rng(0)
        score, run, waits, day = rng.normal(size=4_000), np.zeros(4_000, int), [], 1
        while len(score):
            run = np.where(score + shift > bar, run + 1, 0)
            waits += [day] * int((run == days).sum())
            score, run = score[run < days], run[run < days]
            score = w.drag() * score + rng.normal(0, math.sqrt(1 - w.drag() ** 2), len(score))
            day += 1
        return np.mean(waits)

    assert w.dragging_run() == pytest.approx(simulated(bar, 3, 0), rel=0.05)
    assert w.dragging_wait(w.dragging_bar(), 1, 0, w.drag()) == pytest.approx(w.dragging_run(), rel=0.001)
    for shift in (1, 2):
        assert w.dragging_run(shift) == pytest.approx(simulated(bar, 3, shift), rel=0.06)
        assert w.dragging_single(shift) == pytest.approx(simulated(w.dragging_bar(), 1, shift), rel=0.06)
    # even near 1, where independent days are even near 3
    assert w.dragging_run(0.75) < w.dragging_single(0.75)
    assert w.dragging_run(1.5) > w.dragging_single(1.5)


def test_red_days_of_a_year():
    fresh = w.red_after_white()
    red = np.zeros((4_000, 366), bool)
    draws = np.random.default_rng(0).random(red.shape)
    red[:, 0] = draws[:, 0] < 0.05
    for day in range(1, 366):
        red[:, day] = draws[:, day] < np.where(red[:, day - 1], 0.4, fresh)
    assert w.reds_after_red(0.4) == pytest.approx((red[:, 1:] & red[:, :-1]).sum() / 4_000, rel=0.05)
    assert w.red_under_fault(2) == pytest.approx(stats.norm.sf(1.645, loc=2), abs=1e-4)


def test_equal_methods():
    rng = np.random.default_rng(0)
    best, old = rng.normal(0, 0.5, (100_000, 10)).max(axis=1), rng.normal(0, 0.5, 100_000)
    assert w.lead_of_equals() == pytest.approx(np.mean(best - old >= 0.5), abs=0.005)
    assert w.typical_gain() == pytest.approx(0.5 - best.mean(), abs=0.005)
    assert w.typical_gain_error() == pytest.approx(np.std(best - old), abs=0.005)
    assert w.best_spread() == pytest.approx(np.std(best), abs=0.003)
    # aloud: half a point is 0.46 of the lead's spread below its mean
    z = (w.seeds_gain() - 0.5) / w.typical_gain_error()
    assert z == pytest.approx(0.46, abs=0.01)
    assert stats.norm.cdf(z) == pytest.approx(w.lead_of_equals(), abs=0.005)
    means = rng.normal(0, 0.5, (50_000, 20))
    difference = means[:, :10].mean(axis=1) - means[:, 10:].mean(axis=1)
    assert w.means_error(10, 10) == pytest.approx(difference.std(), abs=0.003)
    assert w.power_of_ten() == pytest.approx(np.mean(difference + 0.5 > 1.96 * difference.std()), abs=0.02)


def test_seeds():
    best = np.random.default_rng(0).normal(0, 0.5, (40_000, 10)).max(axis=1).mean()
    assert w.seeds_gain() == pytest.approx(best, abs=0.01)


def test_evidence():
    recall, rate, prior = 0.8, payments.false_positive_rate, payments.fraud_rate
    assert w.after_one() == pytest.approx(prior * recall / (prior * recall + (1 - prior) * rate))
    both = prior * recall**2
    assert w.after_two() == pytest.approx(both / (both + (1 - prior) * rate**2))


def test_shared_errors():
    for shared, if_fraud, if_good in ((False, 0.8, 0.01), (True, 0.9, 0.5)):
        assert w.both_red(shared) == pytest.approx((2_000 * 0.8 * if_fraud, 998_000 * 0.01 * if_good))
    assert w.after_two_shared() == pytest.approx(1_440 / (1_440 + 4_990))
    assert w.silent_second() == pytest.approx(2_000 * 0.8 * 0.2 / (2_000 * 0.8 * 0.2 + 998_000 * 0.01 * 0.99))
    for shared in (False, True):
        frauds, good = w.both_red(shared)
        one = payments.expected_cost("approve", frauds / (frauds + good))
        other = payments.expected_cost("decline", frauds / (frauds + good))
        assert w.saved_by_declining(shared) == pytest.approx((one - other) * (frauds + good))


def test_what_the_second_alarm_is_worth():
    declined = w.declined_from()
    assert payments.expected_cost("approve", declined) == pytest.approx(payments.expected_cost("decline", declined))
    odds = w.after_one()
    one = (payments.expected_cost("approve", odds) - payments.expected_cost("decline", odds)) * (1_600 + 9_980)
    assert w.saved_by_one() == pytest.approx(one)
    # independent: 320 frauds are let through and 9,880 good payments spared
    assert w.second_worth(False) == pytest.approx(-320 * 150 + 9_980 * 0.99 * 15)
    assert w.second_worth(True) == pytest.approx(-160 * 150 + 9_980 * 0.5 * 15)
    assert w.silent_second() < declined < w.after_one()


def test_held_payments():
    assert w.over_capacity() == pytest.approx(stats.poisson.sf(10, 6))
    assert w.about_more_than(10, 6) == pytest.approx(stats.norm.sf(10.5, 6, math.sqrt(6)))
    rng = np.random.default_rng(0)
    mixed = rng.poisson(rng.choice([3.0, 9.0], 400_000))
    assert w.over_capacity_mixed() == pytest.approx(np.mean(mixed > 10), abs=0.003)
    assert w.mixed_ratio() == pytest.approx(mixed.var() / mixed.mean(), rel=0.01)
    assert w.none_for(20) == pytest.approx(stats.expon.sf(20, scale=10))


def test_mixed_hours_remember():
    rng = np.random.default_rng(0)
    rate = rng.choice([3.0, 9.0], 400_000)
    first = rng.exponential(1 / rate)
    waited = first > 1 / 3
    assert w.quiet_after(20) == pytest.approx(np.mean(rate[waited] == 3), abs=0.005)
    assert w.wait_after(20) == pytest.approx(60 * np.mean(first[waited] - 1 / 3), rel=0.01)
    frauds, good = rng.exponential(1 / 2, 200_000), rng.exponential(1 / 4, 200_000)
    assert w.until_both() == pytest.approx(np.maximum(frauds, good).mean(), rel=0.01)


def test_counts_by_hour():
    hours = np.random.default_rng(0).poisson(6, (20_000, 200))
    ratio = hours.var(axis=1, ddof=1) / hours.mean(axis=1)
    assert w.ratio_noise(200) == pytest.approx((np.quantile(ratio, 0.975) - np.quantile(ratio, 0.025)) / 2, abs=0.01)
    assert w.payments_in_full_hours() == pytest.approx(hours[hours > 10].sum() / hours.sum(), abs=0.002)


@pytest.mark.parametrize("rate", [6, 8])
def test_the_queue(rate):
    gaps = np.random.default_rng(0).exponential(60 / rate, 200_000)
    wait, total = 0.0, 0.0
    for gap in gaps:
        wait = max(0.0, wait + 6 - gap)
        total += wait
    assert w.queue_wait(rate) == pytest.approx(total / len(gaps), rel=0.05)


def test_what_survives_of_the_best():
    rng = np.random.default_rng(0)
    real, noise = rng.normal(0, 0.5 * math.sqrt(0.75), (50_000, 10)), rng.normal(0, 0.25, (50_000, 10))
    chosen = (real + noise).argmax(axis=1)
    assert w.kept(0.5) == pytest.approx(real[range(50_000), chosen].mean(), abs=0.01)


def test_rounds():
    n = w.draws_for(0.001)
    assert 1.96 * math.sqrt(0.001 * 0.999 / n) == pytest.approx(0.0001)


def test_demo(capsys):
    w.demo_simulate()
    for line in capsys.readouterr().out.splitlines():
        exact, share, half = (float(line.split()[place]) for place in (-4, -3, -1))
        assert abs(exact - share) < 1.6 * half
