"""The safety page's numbers, against sums done another way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from snippets.cases import assistant
from snippets.llm_systems import worked_safety as w


def test_one_comment_traced() -> None:
    assert w.readings() == 800
    assert w.with_order() == 240
    assert w.orders_out() == 60
    assert w.review_number() == pytest.approx(0.6)
    assert w.attacker_number() / w.review_number() == pytest.approx(w.best_phrasing() / 0.05 * 20)
    assert w.posts_until_passed() == pytest.approx(stats.geom.mean(0.05))
    assert w.clicked_a_day() < w.attacker_number() < w.words_a_day()
    assert w.words_cost() == pytest.approx(20 * w.words_a_day())
    assert w.comments_held() == 9


def test_the_detector() -> None:
    assert w.flags_to_agents() == pytest.approx(588)
    assert w.flags_cost() == pytest.approx(398 * 6)
    assert w.flag_precision() == pytest.approx(190 / 588)
    assert w.slack() < w.flags_to_agents()
    assert w.missed_attacks() == pytest.approx(10)
    assert w.tries_for_even() == 14
    assert w.attackers_through() == pytest.approx(20 * stats.geom.cdf(10, 0.05))
    assert w.honest_strikes() == pytest.approx(stats.binom.sf(2, 10, 0.01))


def test_ways_out_and_permissions() -> None:
    assert 2 ** w.bits_of_order() == pytest.approx(1e8)
    assert 6 ** (w.citations_for_order() - 1) < 1e8 <= 6 ** w.citations_for_order()
    assert w.short_list_by_chance() == pytest.approx(stats.binom.sf(3, 6, 0.02))
    assert w.cached_leaks() == pytest.approx(960)
    assert w.saved_per_leak() == pytest.approx(0.0625)


def test_personal_data() -> None:
    assert w.missed_a_day() == pytest.approx(72)
    assert w.standing(30) == pytest.approx(assistant.questions_per_day * 30 * 0.06 * (1 - w.MASKED))
    long_log = assistant.questions_per_day * w.KEPT_LONG * w.HOLDS * (1 - w.recall_worth_of_retention())
    assert long_log == pytest.approx(w.standing(w.KEPT_SHORT))
    assert w.golden_identifiers() == pytest.approx(1.8)
    assert w.reading_cost() == pytest.approx(250)


def test_volume() -> None:
    assert w.flood_cost() == pytest.approx(864_000 * 0.005)
    assert w.minutes_between_handovers() * w.slack() == pytest.approx(1440)
    assert w.slack_cost() / w.slack_tokens() == pytest.approx(1200)
    assert w.account_cost() == pytest.approx(0.1)
    assert w.accounts_to_fill() * 2 >= w.slack() > (w.accounts_to_fill() - 1) * 2


def test_the_suite_and_the_incident() -> None:
    assert w.suite_bound() == pytest.approx(stats.beta.ppf(0.95, 1, 400))
    assert w.family_bound() == pytest.approx(stats.beta.ppf(0.95, 1, 50))
    assert w.attacks_left() == pytest.approx(200 * w.suite_bound())
    assert w.gate_blocks() == pytest.approx(1 - stats.binom.pmf(0, 400, 0.002))
    assert w.family_seen(0.05) > 0.9 > w.family_seen(0.01)
    assert w.readings_an_hour() * 24 == w.readings()
    assert w.obeyed_interval()[0] < 240 * 3 / 60 < w.obeyed_interval()[1]
    assert w.answers_to_read() == pytest.approx(33_600)
    assert w.plan_tests() == 600
    assert w.plan_bound() == pytest.approx(stats.beta.ppf(0.95, 3, 598))
    assert w.plan_bound_true() > w.plan_bound()
    assert w.plan_family_bound() == pytest.approx(stats.beta.ppf(0.95, 1, 100) / 0.9)


def test_refunds_by_simulating_many_days() -> None:
    rng = np.random.default_rng(5)
    days, alone = 4_000, ("small",)
    cost = 0.0
    for band, (share, dollars) in w.BANDS.items():
        asked = rng.poisson(w.REQUESTS * share, days)
        bad = rng.binomial(asked, w.NOT_DUE)
        kept = bad if band in alone else rng.binomial(bad, 1 - w.CAUGHT_BY_CLICK)
        cost += (kept * dollars + (0 if band in alone else asked * 0.75)).mean()
    assert w.bad_day(alone) == pytest.approx(cost, rel=0.02)
    assert w.by_agents() > w.bad_day(()) > w.bad_day(alone) > w.bad_day(tuple(w.BANDS)) > w.bad_day(("small", "middle"))
    assert w.worst_day(60, 0) == 3_000 and w.worst_day(0, 0) == pytest.approx(0.1 * 200 * 50)
    assert w.worst_day(15) == pytest.approx(0.4 * 200 * 50) and w.worst_day(15, 60) == pytest.approx(0.4 * 60 * 50)
    large = 60 * (6 - 0.75) + 60 * 0.02 * (0.1 - 0.4) * 120  # an agent instead of a click for the large band
    assert w.bad_day(("small",), agents=("large",)) - w.bad_day(("small",)) == pytest.approx(large)
    assert w.days_between_clicked() * large == pytest.approx(4_000 - 1_200)
    gap = w.bad_day(alone) - w.bad_day(("small", "middle"))
    assert w.days_between_attacks() * gap == pytest.approx(3_000 - 1_200)
    paid = 9 * rng.poisson(840, days) + 35 * rng.poisson(300, days)
    assert w.honest_spread(24) == pytest.approx(paid.std(), rel=0.05)
    assert w.breaker(24) < w.worst_day(60, 0) < 2 * w.breaker(24)  # sees the attacker of one day, not of two
    assert w.worst_day(60, 0) / 24 < w.breaker(1) < w.worst_day(60, 0)  # an hour: all at once, not spread
    assert w.point_not_due() == pytest.approx(75.6)
    assert w.points_until_gain_is_gone() * 75.6 * 0.6 == pytest.approx(w.bad_day(()) - w.bad_day(alone))
    assert w.click_pays_from() * w.NOT_DUE * w.CAUGHT_BY_CLICK == pytest.approx(w.click_cost())


def test_guardrail_and_cache() -> None:
    assert w.guard_precision() == pytest.approx(196 / 992)
    assert w.guard_day() - w.guard_day_quiet() == pytest.approx(796 * 6)
    assert w.guard_passes(1) == pytest.approx(0.02)
    assert w.cross_answers() == pytest.approx(3600)
    assert w.cross_wrong() == pytest.approx(900)
    assert w.HITS_ALL * (1 - w.CROSS) <= w.HITS_TENANT <= w.HITS_ALL  # own-shop hits stay hits under a shop's key
    assert w.cache_saves(w.HITS_ALL) == pytest.approx(60)


def test_five_families_share_the_five_percent_and_sessions_with_orders_lose_comments() -> None:
    rate = w.plan_families_bound() * 0.9
    assert (1 - rate) ** 100 == pytest.approx(0.01)
    assert w.words_without_orders() + w.words_a_day() * 0.3 == pytest.approx(w.words_a_day())
