"""The feed design's numbers, against sums done another way, draws and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from snippets.systems import feed
from snippets.systems import feed_sim as sim


def test_traffic_and_fan_out() -> None:
    assert feed.loads() == 120e6
    assert feed.impressions() == 2.4e9
    assert feed.posts() == pytest.approx(50_000 + 1_000_000 + 8_910_000)
    assert feed.impressions_per_post() == pytest.approx(2.4e9 / 9.96e6)
    assert feed.follows() == pytest.approx((2e9 + 2.5e9 + 5.445e9) / 50e6)
    assert feed.followed("celebrities") == 40
    assert feed.followed("known") == 50
    assert feed.live_posts("celebrities") == 40 * 10 * 3
    assert feed.live_posts() == pytest.approx(25.9801e9 * 3 / 50e6)
    assert feed.stores() == 1
    assert feed.stores(10) == 7  # 1.246 million writes a second, 200,000 each
    assert feed.writes_a_second("all others", active=0.6, peak=True) * 10 > feed.WRITES_A_SECOND
    assert feed.session_bytes() == pytest.approx(120e6 / 86_400 * 3 * 50 * 16)
    assert feed.writes() == pytest.approx(20e9 + 5e9 + 0.9801e9)
    assert feed.writes("celebrities") / feed.writes() == feed.celebrity_share()
    assert feed.celebrity_posts() == pytest.approx(0.005, rel=0.01)
    assert feed.writes_a_second("known", "all others", active=0.6, peak=True) == pytest.approx(
        5.9801e9 * 0.6 * 3 / 86_400
    )
    assert feed.writes_a_second() == pytest.approx(feed.writes_a_second(peak=True) / 3)
    assert feed.reads_a_second() == pytest.approx(120e6 / 86_400 * 3 * 198.9)
    assert feed.reads_a_second(peak=False) == pytest.approx(feed.reads_a_second() / 3)
    assert feed.seconds_to_write_largest() == 40
    assert feed.celebrity_bytes() == 5_000 * 30 * 16
    assert feed.list_bytes() == 30e6 * 800 * 16
    assert feed.seen_bytes() == 20e6 * 500 * 8


def test_machines() -> None:
    one = 120e6 / 86_400 * 3 * 500 * 52e6 / 20e12
    assert feed.accelerators() == pytest.approx(one)
    assert feed.accelerators(shared=False) == pytest.approx(one / 52e6 * 502e6)
    assert feed.accelerators(ranked=250) == pytest.approx(one / 2)
    bought = feed.accelerators_bought()
    assert bought / 3 * 2 >= one / 0.6
    assert (bought / 3 - 1) * 2 < one / 0.6
    assert feed.accelerators_bought(more=10) > 9 * bought
    assert feed.heads_add() == pytest.approx(0.04)
    assert feed.cores() == pytest.approx(120e6 / 86_400 * 3 * 0.008)
    assert feed.feature_bytes() == pytest.approx(9.96e6 * 3 * 1_000)
    assert feed.account_bytes() == 6.4e9
    assert feed.features_a_second() == pytest.approx(120e6 / 86_400 * 3 * 500 * 1_000)
    assert feed.log_a_day() == 2.4e9 * 1_200
    assert feed.log_a_day(shown_only=False) == 60e9 * 1_200
    trained, served = 3 * 2.4e9 * 52e6, 120e6 * 500 * 52e6
    assert feed.training_over_serving() == pytest.approx(trained / served)
    parts = 15 * 60 + trained / 86_400 / 20e12 / 0.6 * 60 + 33.333 / 0.6 * 1.5 * 24 * 0.04
    parts += 3 * (384 + 80 + 29.88) * 24 * 0.005 + 2_880 * 30 * 0.02 / 30
    assert feed.cost_a_day() == pytest.approx(parts, rel=0.001)
    assert feed.cost_a_day(more=20) - feed.cost_a_day() > 17 * 15 * 60
    assert feed.revenue_a_day() == pytest.approx(100e6 / 30)
    assert feed.budgeted() < feed.LATENCY


def test_three_posts_by_hand() -> None:
    assert feed.worth("bait") == pytest.approx(0.15 + 0.04 + 0.02 + 0.06 + 0.018 - 0.24 - 0.1 - 0.06)
    assert feed.worth("photo") == pytest.approx(0.05 + 0.12 + 0.12 + 0.072 + 0.006 - 0.01 - 0.03)
    assert feed.worth("bait", week=True) == pytest.approx(0.30 + 0.02 + 0.06 + 0.018)
    assert feed.worth("bait", week=True) > feed.worth("photo", week=True) > feed.worth("essay", week=True)
    assert feed.worth("photo") > feed.worth("essay") > 0 > feed.worth("bait")


@pytest.mark.parametrize(("action", "signal"), [("open", 0.5), ("open", 0.9), ("hide", 0.5)])
def test_heads_are_calibrated(action: str, signal: float) -> None:
    """In each tenth of the predictions the true chance is what is predicted; the AUC is that of drawn actions."""
    guess, chance = sim.predicted(action, signal).ravel(), sim.chances(action).ravel()
    for part in np.array_split(np.argsort(guess), 10):
        assert guess[part].mean() == pytest.approx(chance[part].mean(), rel=0.02)
    happened = np.random.default_rng(3).random(chance.shape) < chance
    assert sim.auc(action, signal) == pytest.approx(roc_auc_score(happened, guess), abs=0.012)


def test_a_head_that_sees_all_is_the_truth_and_one_that_sees_nothing_is_flat() -> None:
    assert np.allclose(sim.predicted("like", 1.0), sim.chances("like"))
    assert np.ptp(sim.predicted("like", 0.0)) == pytest.approx(0)
    assert sim.auc("like", 1.0) > 0.7


def test_shown_posts_are_the_best_by_value() -> None:
    value = sim.value()
    top = np.sort(value, axis=1)[:, -sim.SHOWN :]
    by_sort = np.argsort(-value, axis=1)[:, : sim.SHOWN]
    rate = np.take_along_axis(sim.chances("hide"), by_sort, axis=1).mean()
    assert sim.feed().rate["hide"] == pytest.approx(rate)
    assert top.min(axis=1).shape == (sim.REQUESTS,)


def test_a_factor_on_a_head_is_a_factor_on_its_weight() -> None:
    assert feed.rate("hide", factor={"hide": 2.0}) == feed.rate("hide", weights={"hide": -40.0})
    assert feed.moved("hide", factor=feed.of(hide=1.0)) == 0
    assert feed.points() == 0


def test_what_the_page_says_of_the_heads() -> None:
    """Directions, with other posts and other noise than the page's."""
    assert sum(feed.variance_share(a) for a in sim.ACTIONS) == pytest.approx(1)
    assert feed.variance_share("hide") > 6 * feed.variance_share("open")
    assert feed.say("hide") < feed.say("open") < feed.say("long dwell")
    assert feed.say("open", signal={"open": 0.9}) > 1.2 * feed.say("open")  # the gate sees the better head
    assert feed.say("comment", weights={"comment": 8.7}) > 1.2 * feed.say("comment")  # and the inflated one
    assert feed.better("open") == feed.points(signal={"open": 0.9}) < 0 < feed.better()
    assert feed.better("comment") < 0 < feed.better("long dwell")
    better = {"signal": {"open": 0.9}}
    assert feed.moved("open", **better) > 0.2 and feed.moved("hide", **better) > 0.2
    assert feed.points(**better) < -0.015
    assert feed.own_value(**better) > 0.01
    assert feed.own_value(factor={"hide": 0.0}) < 0
    weight = feed.open_weight_after()
    assert 0.2 < weight < 0.5
    assert feed.satisfied(weights={"open": weight}, **better) == pytest.approx(feed.satisfied(), abs=0.001)
    assert feed.moved("open", weights={"open": weight}, **better) < feed.moved("open", **better)


def test_say_counts_posts_that_leave_the_page() -> None:
    weights = sim.WEIGHTS | {"open": 0.0}
    gone = 0
    now, without = sim.value(), sim.value(weights)
    for request in range(sim.REQUESTS):
        page = set(np.argsort(-now[request])[:20])
        gone += len(page - set(np.argsort(-without[request])[:20]))
    assert feed.say("open") == pytest.approx(gone / 20 / sim.REQUESTS)
    assert feed.say("open", weight=0.5) == 0


def test_redrawn_feeds_mostly_agree() -> None:
    """Counts over few feeds; without any redrawing all agree."""
    few = sim.redrawn(worlds=6, rates=0.0, loadings=0.0)
    assert (few.hides, few.value, few.satisfied) == (6, 6, 6)
    many = sim.redrawn()
    assert many.worlds == 60
    assert min(many.hides, many.value, many.satisfied) > 45
    assert many.satisfied < 60  # not a law


def test_new_people() -> None:
    assert feed.joins() == pytest.approx(5e6)
    assert feed.loads_to_know(10) == pytest.approx(10 * 59.94 / 20, abs=0.01)


def test_the_finding_on_other_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The better open head shows more opens and hides, and satisfies less, on posts drawn anew."""
    other = np.random.default_rng(99).standard_normal((sim.REQUESTS, sim.CANDIDATES, 3))
    with monkeypatch.context() as drawn_anew:  # nothing of the other draws may stay in a cache
        drawn_anew.setattr(sim, "qualities", lambda: other)
        drawn_anew.setattr(sim, "chances", sim.chances.__wrapped__)
        drawn_anew.setattr(sim, "predicted", sim.predicted.__wrapped__)
        before, after = sim.feed(), sim.feed(signal={"open": 0.9})
    assert after.rate["open"] / before.rate["open"] == pytest.approx(
        1 + feed.moved("open", signal={"open": 0.9}), abs=0.04
    )
    assert after.rate["hide"] / before.rate["hide"] == pytest.approx(
        1 + feed.moved("hide", signal={"open": 0.9}), abs=0.05
    )
    assert after.satisfied - before.satisfied == pytest.approx(feed.points(signal={"open": 0.9}), abs=0.004)


def test_comments_overstated() -> None:
    logged = 30 * 2.5 + 70
    assert feed.overstated() == pytest.approx(logged / 100)
    assert feed.comment_weight() == pytest.approx(6 * 1.45)
    assert feed.comment_weight(known=True) == 15
    new, old = (feed.rate("hide", weights={"comment": w}) for w in (15.0, 6.0))
    assert feed.hides_if_known() == pytest.approx((0.3 * new + 0.7 * old) / old - 1)


def test_precision_and_surveys() -> None:
    n, p = feed.impressions_for("comment"), feed.rate("comment")
    assert 1.959964 * np.sqrt(p * (1 - p) / n) == pytest.approx(0.05 * p)
    p = feed.rate("report")
    drawn = np.random.default_rng(5).binomial(1_000_000, p, 20_000) / 1_000_000 / p
    assert feed.canary_precision("report") == pytest.approx(1.96 * drawn.std(), rel=0.03)
    assert feed.answers_a_day() == 4_800
    p = feed.satisfied()
    arm = feed.days_for_survey() * 4_800 * 0.05
    power = NormalIndPower().power(proportion_effectsize(p, p - 0.01), arm, 0.05)
    assert power == pytest.approx(0.8, abs=0.02)
    assert feed.days_for_survey(asked=1 / 50) == pytest.approx(feed.days_for_survey() / 10)
    assert feed.calibration_answers() / 20 == pytest.approx(p * (1 - p) * (1.959964 / 0.05) ** 2)


def test_videos_outlast_by_draws() -> None:
    rng = np.random.default_rng(6)
    text, video = (np.exp(rng.normal(np.log(m), 0.8, 200_000)) for m in (6, 25))
    assert feed.videos_that_outlast() == pytest.approx((video > np.quantile(text, 0.9)).mean(), abs=0.005)


def test_half_weight_is_the_size_of_the_prior() -> None:
    a, b = sim.prior()
    assert a + b == pytest.approx(feed.half_weight(sim.LIKE_RATE, sim.LIKE_SPREAD))
    assert stats.beta(a, b).mean() == pytest.approx(0.025)
    assert stats.beta(a, b).std() == pytest.approx(0.8 * 0.025)
    assert feed.hours_to(60, "all others") == pytest.approx(60 / (110 * 2.4 / 24))
    assert feed.explored_share() == pytest.approx(9.96e6 * 10 / 2.4e9)


def test_the_loop() -> None:
    """Counting likes is no better than chance; exploring beats not exploring; nothing beats always showing the best."""
    rng = np.random.default_rng(8)
    a, b = sim.prior()
    true = rng.beta(a, b, (24, sim.POSTS))
    chance = (true.mean(axis=1) / np.sort(true, axis=1)[:, -sim.SLOTS :].mean(axis=1)).mean()
    assert sim.loop("count").likes == pytest.approx(chance, abs=0.03)
    assert sim.loop("count").unseen == pytest.approx(0.95)
    assert sim.loop("rate").likes == pytest.approx(sim.loop("count").likes, abs=0.01)
    assert sim.loop("mean").likes < sim.loop("mean", 0.1).likes < 1
    assert sim.loop("count", 0.1).likes < sim.loop("rate", 0.1).likes
    # where posts differ little beyond what heads know, exploring earns nothing
    assert sim.loop("mean", 0.1, spread=0.3).likes == pytest.approx(sim.loop("mean", spread=0.3).likes, abs=0.025)


def test_return_and_egos() -> None:
    n = feed.users_for_return(0.004)
    power = NormalIndPower().power(proportion_effectsize(0.9, 0.9 * 0.996), n, 0.05)
    assert power == pytest.approx(0.8, abs=0.02)
    assert feed.return_visible(n) == pytest.approx(0.004)
    drawn = np.random.default_rng(10).binomial(100_000, 0.9, (2, 20_000)) / 90_000
    assert feed.return_interval(100_000) == pytest.approx(1.96 * (drawn[0] - drawn[1]).std(), rel=0.03)
    assert feed.egos_at_most(199) == 250_000
    rng = np.random.default_rng(9)
    n, tests = 200, 4_000
    past = rng.standard_normal((tests, 2, n))
    now = 0.8 * past + 0.6 * rng.standard_normal((tests, 2, n))
    left = 3.0 * (now - 0.8 * past).mean(axis=2)
    error = (left[:, 0] - left[:, 1]).std()
    assert feed.ego_visible(2 * n, share=1.0) == pytest.approx(2.801585 * error, rel=0.04)
    assert feed.ego_visible(share=0.5) == pytest.approx(2 * feed.ego_visible(share=1.0))


@pytest.mark.parametrize("invited", [0.0, 0.5])
def test_the_base_month_by_month(invited: float) -> None:
    users, total = 1.0, 0.0
    below = debt = 0
    for month in range(1, 400):
        users = users * 0.9 * 0.996 + 0.1 * ((1 - invited) + invited * users)
        change = 1.03 * users - 1
        total += change
        below = below or (month if change < 0 else 0)
        debt = debt or (month if total < 0 else 0)
        if month in (3, 40):
            assert feed.base_after(month, -0.004, invited) == pytest.approx(users)
            assert feed.total_after(month, 0.03, -0.004, invited) == pytest.approx(change)
    assert feed.base_in_the_end(-0.004, invited) == pytest.approx(users, abs=1e-6)
    assert feed.first_month_below(0.03, -0.004, invited) == below
    assert feed.first_month_in_debt(0.03, -0.004, invited) == debt
    assert feed.monthly_revenue_in_the_end(0.03, -0.004, invited) == pytest.approx(100e6 * (1.03 * users - 1), abs=200)


def test_the_fall_that_cancels() -> None:
    change = feed.return_that_cancels(0.03)
    assert 1.03 * feed.base_in_the_end(change) == pytest.approx(1)
