"""The moderation design's numbers, against draws, closed forms and other libraries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from snippets.systems import moderation as m


def drawn(policy: m.Policy, n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts drawn one by one: violating or not, chance by Bayes' rule, foreseen views."""
    rng = np.random.default_rng(seed)
    mean = math.sqrt(2) * stats.norm.ppf(policy.auc)
    bad = rng.random(n) < policy.rate
    score = rng.standard_normal(n) + mean * bad
    odds = np.exp(mean * score - mean**2 / 2) * policy.rate / (1 - policy.rate)
    s = m.SIGMA * math.sqrt(m.FORESEEN)
    return bad, odds / (1 + odds), m.VIEWS_A_POST * np.exp(s * rng.standard_normal(n) - s * s / 2)


@pytest.mark.parametrize("policy", m.POLICIES)
def test_a_grid_holds_the_day(policy: m.Policy) -> None:
    g = m.grid(policy)
    assert g.posts.sum() == pytest.approx(m.POSTS)
    assert g.bad.sum() == pytest.approx(m.POSTS * policy.rate)
    assert (g.posts * g.views).sum() == pytest.approx(m.POSTS * m.VIEWS_A_POST)
    labels = np.repeat([0, 1], g.p.size)
    area = roc_auc_score(labels, np.tile(g.p, 2), sample_weight=np.concatenate([g.good, g.bad]))
    assert area == pytest.approx(policy.auc, abs=1e-4)


def test_costs_against_posts_drawn_one_by_one() -> None:
    """Two million drawn posts, each with the cheapest action at the fitted price of a minute."""
    policy, n = m.SCAM, 2_000_000
    _, p, views = drawn(policy, n)
    one = m.Grid(policy, np.ones(n), np.zeros(n), views, p)
    by_action = m.costs(one)
    price = m.minute_price()
    charged = np.array([by_action[a] + price * policy.minutes * (a == "review") for a in m.ACTIONS])
    choice = charged.argmin(axis=0)
    share = [(choice == i).mean() for i in range(4)]
    for action, seen in zip(m.ACTIONS, share, strict=True):
        assert seen == pytest.approx(m.taken(action, "posts", "scam") / m.POSTS, rel=0.06)
    cost = np.array([by_action[a] for a in m.ACTIONS])[choice, np.arange(n)].sum() * m.POSTS / n
    assert cost == pytest.approx(m.plan(price, policies=(policy,)).cost, rel=0.05)


def test_costs_by_hand() -> None:
    """One post, 1,000 views, half likely to be hate."""
    one = m.Grid(m.HATE, np.array([0.5]), np.array([0.5]), np.array([1_000.0]), np.array([0.5]))
    cost = {action: float(value[0]) for action, value in m.costs(one, wait=6.0).items()}
    assert cost["nothing"] == pytest.approx(10)
    assert cost["limit"] == pytest.approx(10 * 0.3 + 0.7)
    assert cost["review"] == pytest.approx((3 + 0.7) / 2 + 5 * 0.15 + 0.03 * (2 + 0.5))
    assert cost["llm"] == pytest.approx(2 + 0.08 * 3 + 0.00162)  # ten to one after its yes: may remove
    strict = m.costs(one, floor=0.95)["llm"][0]
    assert strict == pytest.approx(2 + 0.00162 + 8 * 0.3 + 0.08 * 0.7)
    assert cost["remove"] == math.inf
    assert m.costs(one, floor=0.5)["remove"][0] == pytest.approx(3)


def test_harm_and_reach_in_closed_form() -> None:
    assert m.harm_untouched() == pytest.approx(m.plan(0.0, ("nothing",)).cost)
    views = np.sort(stats.lognorm(m.SIGMA).ppf((np.arange(400_000) + 0.5) / 400_000))
    assert m.top_share() == pytest.approx(views[-4_000:].sum() / views.sum(), abs=0.01)
    assert m.left_after(12) == 0.25


def test_more_actions_and_more_people_never_cost_more() -> None:
    ladder = [("remove",), ("limit", "remove"), ("limit", "review", "remove")]
    days = [m.day_cost(*actions) for actions in ladder] + [m.llm_beside()]
    assert days == sorted(days, reverse=True)
    assert m.cost_with(30) > m.cost_with() > m.cost_with(m.reviewers_that_pay())
    assert 0 < m.holding_saves() < m.cost_with()
    assert m.cost_without_floor() < m.cost_with()
    assert m.wrong_without_review(0.0) > m.wrong_without_review()
    assert 0.95 * m.minutes_a_day() < m.fitted()[1].minutes <= m.minutes_a_day()


def test_price_of_a_minute_is_what_the_next_minutes_save() -> None:
    more = m.REVIEWERS * 1.1
    saved = (m.cost_with() - m.cost_with(more)) / (m.fitted(reviewers=more)[1].minutes - m.fitted()[1].minutes)
    assert m.minute_price(more) < saved < m.minute_price()
    assert m.minute_price(m.reviewers_that_pay()) == pytest.approx(m.WAGE, abs=0.02)


def test_removal_line_is_where_two_costs_meet() -> None:
    for views in (50.0, 400.0, 20_000.0):
        p = m.removal_line(m.THREAT, views)
        one = m.Grid(m.THREAT, np.array([1.0]), np.array([0.0]), np.array([views]), np.array([p]))
        cost = m.costs(one, floor=0.0)
        assert cost["nothing"][0] == pytest.approx(cost["remove"][0])


def test_queue_orders_against_drawn_posts() -> None:
    """A tenth of a day drawn post by post, sorted, and reviewed until the minutes are gone; what is saved by the page's words."""
    n, rows, left = m.POSTS // 10, [], 0.5 ** (1 / 6)
    for i, policy in enumerate(m.POLICIES):
        _, p, views = drawn(policy, n, seed=7 + i)
        p, views = p[(p > 0.002) & (p < 0.9)], views[(p > 0.002) & (p < 0.9)]
        harm, good = p * policy.harm * views, (1 - p) * 0.002 * views
        other = np.minimum(harm, 0.3 * harm + 0.7 * good)
        saves = other - other * (1 - left) - 0.15 * harm * left - 0.03 * ((1 - p) * 4 + good * left)
        per = np.full(p.size, policy.minutes)
        rows.append(np.array([p, saves / per, harm / per, per, saves])[:, saves > 0])
    p, gain, spoken, minutes, saves = np.concatenate(rows, axis=1)
    for order, key in (("score", p), ("spoken", spoken), ("gain", gain)):
        turn = np.argsort(-key)
        done = turn[np.cumsum(minutes[turn]) <= m.minutes_a_day() / 10]
        expected = m.queue(order)
        assert done.size * 10 == pytest.approx(expected.reviews, rel=0.03)
        assert p[done].mean() == pytest.approx(expected.precision, rel=0.04)
        assert p[done].sum() * 8.5 == pytest.approx(expected.removed, rel=0.04)
        assert saves[done].sum() * 10 == pytest.approx(expected.saved, rel=0.2)  # heavy tail


def test_reports_over_what_the_views_turn_out_to_be() -> None:
    rng = np.random.default_rng(3)
    seen = 3_000 * np.exp(math.sqrt(2) * rng.standard_normal(400_000) - 1)
    chance = m.report_chance(np.array([3_000.0]))[0]
    assert chance == pytest.approx((1 - np.exp(-seen / 2_000)).mean(), abs=0.003)
    assert chance < 1 - math.exp(-1.5)  # fewer than the mean views would give


def test_queue_tells_what_the_page_says_of_it() -> None:
    score, gain = m.queue("score"), m.queue("gain")
    assert score.precision > 2 * gain.precision
    assert score.removed > 3 * gain.removed
    assert score.proactive > gain.proactive
    assert score.saved < m.queue("severity").saved < gain.saved / 3
    assert gain.saved == pytest.approx(m.day_cost("limit", "remove") - m.cost_with(), rel=0.005)
    assert 0.9 * gain.saved < m.queue("spoken").saved < gain.saved
    assert 0.5 < m.best_half() < 1


def test_spike_against_minutes_of_a_clock() -> None:
    """Work arrives minute by minute, is done in order, and the share lost while it waits is summed."""
    step, backlog, clock, lost, came, longest = 1 / 60, 0.0, 0.0, 0.0, 0.0, 0.0
    hour = m.capacity_an_hour()
    while clock < m.SPIKE_HOURS or backlog > 0:
        rate = m.UTILIZATION * hour * (m.SPIKE if clock < m.SPIKE_HOURS else 1.0)
        lost += rate * step * (1 - m.left_after(backlog / hour))
        came += rate * step
        backlog = max(0.0, backlog + (rate - hour) * step)
        longest, clock = max(longest, backlog / hour), clock + step
    assert longest == pytest.approx(m.longest_wait(), rel=0.01)
    assert clock - m.SPIKE_HOURS == pytest.approx(m.hours_to_drain(), rel=0.01)
    assert came == pytest.approx(m.affected_work(), rel=0.01)
    assert lost / came == pytest.approx(m.lost_in_order(), rel=0.01)
    assert m.lost_by_gain() < m.lost_in_order() / 2
    assert m.reviewers_at_once() == 15


def test_people_and_their_limit() -> None:
    assert sum(m.minutes_on(policy) for policy in m.POLICIES) == pytest.approx(m.fitted()[1].minutes)
    assert m.minutes_on(m.THREAT) > m.graphic_limit()
    assert 0 < m.cost_of_the_limit() < 1_000


def test_prevalence_sample_by_drawing() -> None:
    """The half-steered sample is unbiased, and its spread is the one that the gain promises."""
    assert m.steered_gain(1.0) == pytest.approx(1)
    assert m.steered_gain(0.1) > m.steered_gain() > 1
    assert m.views_for(0.001, 0.1) == pytest.approx(1.96**2 * 999 / 0.01, rel=1e-3)
    rng = np.random.default_rng(2)
    weight, p = np.array([0.9, 0.09, 0.01]), np.array([0.0005, 0.005, 0.1])
    truth, spread = (weight * p).sum(), weight * np.sqrt(p * (1 - p))
    draw = 0.5 * weight + 0.5 * spread / spread.sum()
    cells = rng.choice(3, size=(4_000, 500), p=draw)
    estimates = ((weight / draw)[cells] * (rng.random(cells.shape) < p[cells])).mean(axis=1)
    assert estimates.mean() == pytest.approx(truth, rel=0.02)
    variance = ((weight**2 * p / draw).sum() - truth**2) / 500
    assert estimates.var() == pytest.approx(variance, rel=0.1)


def test_prevalence_after_adds_up_to_what_is_left() -> None:
    assert m.random_share() == m.prevalence_after(m.HATE)
    assert m.prevalence_after(m.HATE) < m.HATE.rate
    ideal = m.views_for(m.random_share(), 0.3) * m.HATE.minutes / m.steered_gain() / 30 / m.minutes_a_day()
    assert 1.2 * ideal < m.sample_share() < 2 * ideal  # misses, mistakes and second looks
    assert m.sample_cost() == pytest.approx(m.sample_share() * m.minutes_a_day() * m.minute_price())


def test_sample_with_reviewers_who_err_by_drawing() -> None:
    """At random, two looks each: the corrected estimate is right and has the variance that the size is computed from."""
    rng, n = np.random.default_rng(11), 200_000
    truth = m.random_share()
    yes = truth * 0.85**2 + (1 - truth) * 0.005**2
    estimates = (rng.binomial(n, yes, 20_000) / n - 0.005**2) / (0.85**2 - 0.005**2)
    assert estimates.mean() == pytest.approx(truth, rel=0.01)
    variance, first = m.sampling(1.0, looks=2)
    assert estimates.var() * n == pytest.approx(variance, rel=0.05)
    assert first == pytest.approx(truth * 0.85 + (1 - truth) * 0.005, rel=1e-3)
    assert m.untouched("bad_views") * m.POSTS * m.VIEWS_A_POST * sum(p.rate for p in m.POLICIES) == pytest.approx(
        m.taken("nothing", "bad_views"), rel=1e-6
    )


def test_reviewers_and_a_perfect_model_by_drawing() -> None:
    rng = np.random.default_rng(4)
    bad = rng.random(400_000) < m.queue("gain").precision
    first, second = ((rng.random(bad.size) < np.where(bad, 1 - m.MISS, m.WRONG)) for _ in range(2))
    assert m.two_reviewers(bad.mean()).kappa == pytest.approx(cohen_kappa_score(first, second), abs=0.006)
    perfect = m.perfect_model()
    assert perfect.precision == pytest.approx(first[bad].mean(), abs=0.005)
    assert perfect.recall == pytest.approx(bad[first].mean(), abs=0.005)
    assert m.read_prevalence(bad.mean(), wrong=m.WRONG, looks=2) == pytest.approx((first & second).mean(), abs=0.005)


def test_relabeling() -> None:
    assert m.llm_call() == pytest.approx(0.00162)
    assert m.relabel_all() == 480_000
    assert m.relabel_all_days() == pytest.approx(m.relabel_all() / (m.minutes_a_day() * m.WAGE))
    assert m.relabel_changed() == pytest.approx(648 + 26_000 * 1.2)
    assert m.relabel_changed_days() == pytest.approx(52_000 / 21_600)
    assert m.unseen_flips() == pytest.approx(stats.beta.ppf(0.95, 1, m.AUDITED))


def test_appeals_turn_the_order_round() -> None:
    assert m.SMALL.wrong > m.MAIN.wrong
    assert m.overturn_rate(m.SMALL) < m.overturn_rate(m.MAIN)
    assert m.appeal_rate(m.SMALL) < m.appeal_rate(m.MAIN)
    assert m.overturn_rate(m.MAIN) == pytest.approx(0.05 * 0.3 / (0.05 * 0.3 + 0.95 * 0.06))
    n = round(m.audit_size())
    rng = np.random.default_rng(5)
    a, b = (rng.binomial(n, w * 0.97**2 + (1 - w) * 0.15**2, 40_000) / n for w in (0.05, 0.10))
    error = np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    assert (np.abs(a - b) > 1.96 * error).mean() == pytest.approx(0.8, abs=0.02)


def test_dialect_and_recall_between_updates() -> None:
    assert m.dialect_ratio(shift=0.0) == pytest.approx(1)
    days = np.linspace(0, 30, 30_001)
    assert m.mean_recall(30, 14) == pytest.approx(np.mean(0.5 ** (days / 14)), abs=1e-4)


def test_two_numbers_that_moved() -> None:
    assert m.proactive(m.FOUND, m.reports_for(0.97)) == pytest.approx(0.97)
    assert abs(m.z_of_rise()) < 1.96
    rng = np.random.default_rng(8)
    low, high = m.ratio_interval()
    draws = rng.gamma(26.5, size=200_000) / rng.gamma(20.5, size=200_000)
    assert np.quantile(draws, (0.025, 0.975)) == pytest.approx((low, high), rel=0.03)
    assert m.won_if(m.WRONG_BEFORE, m.GOOD_APPEALS) == m.WON_BEFORE
    assert m.won_if(m.WRONG_NOW, m.GOOD_APPEALS) == m.won_if(m.WRONG_BEFORE, m.GOOD_APPEALS_NOW) == m.WON_NOW
    assert m.pause_cost() > 0
    assert m.recheck_cost() == pytest.approx(m.recheck_hours() * 36)
    firsts = sum(w * 0.97 + (1 - w) * 0.15 for w in (0.03, 0.06))
    assert m.recheck_hours() == pytest.approx(m.audit_size(0.03, 0.06) * (2 + firsts) / 30)
    assert m.audit_size(0.03, 0.06, 0) < m.audit_size(0.03, 0.06) < m.audit_size(0.03, 0.06, 1) / 3
    assert m.lost_expected() == 352
    assert m.lost_expected(0.06) == pytest.approx(352 / 7_760 * 7_520)
    assert m.lost_z() == pytest.approx(48 / math.sqrt(352))
    n = round(m.views_to_compare())
    rng = np.random.default_rng(6)
    before, after = rng.poisson(0.001 * n, 40_000), rng.poisson(0.0013 * n, 40_000)
    assert ((after - before) / np.sqrt(after + before) > 1.96).mean() == pytest.approx(0.8, abs=0.02)


def test_capacity() -> None:
    assert m.posts_at_peak() == pytest.approx(347.2, abs=0.1)
    assert m.text_cores() == pytest.approx(1.736, abs=0.001)
    assert m.accelerators() == pytest.approx(2.778, abs=0.001)
    assert m.accelerators_needed() > m.accelerators()
    assert m.llm_a_day(1.0) == pytest.approx(16_200)
    assert m.llm_calls_at_peak() == pytest.approx(m.llm_reads() / 28_800)
    assert m.llm_tokens_at_peak() == pytest.approx(m.llm_calls_at_peak() * 91_800)
    assert m.log_a_day() == 12_120_000_000
    assert 1e8 < m.index_bytes() < 1e9


def test_cap_is_the_first_that_is_quiet() -> None:
    for policy in m.POLICIES:
        mean, limit = m.auto_a_quarter(policy), m.cap(policy)
        for n, quiet in ((limit, True), (limit - 1, False)):
            trips = 96 * stats.nbinom.sf(n - 1, 16, 16 / (16 + mean))
            assert m.false_trips_a_day(n, policy) == pytest.approx(trips, rel=1e-6)
            assert bool(trips < 1 / 365) is quiet
        sharp = m.cap(policy, m.SHARP)
        assert 96 * stats.poisson.sf(sharp - 1, mean) < 1 / 365 < 96 * stats.poisson.sf(sharp - 2, mean)
    assert m.cap(m.SCAM, m.SHARP) < m.twice(m.SCAM) < m.cap(m.SCAM)
    assert m.false_trips_a_day(m.twice()) > 1
    assert m.seconds_to_trip() == pytest.approx(m.cap() / 100_000 * 86_400)
    assert m.hour_tripped() == pytest.approx(m.pause_cost() * 10 / 24)


def test_false_trips_by_drawing() -> None:
    rng = np.random.default_rng(12)
    rates = m.auto_a_quarter() * rng.gamma(16, 1 / 16, 400_000)
    assert rates.std() / rates.mean() == pytest.approx(0.25, rel=0.01)
    trips = 96 * (rng.poisson(rates) >= m.twice()).mean()
    assert m.false_trips_a_day(m.twice()) == pytest.approx(trips, rel=0.05)


def test_appeals_take_minutes_from_the_queue() -> None:
    """Against the chosen cells counted by hand, and against a day in which nobody may appeal."""
    minutes = 0.0
    for (name, action), c in m.with_appeals().chosen.items():
        each = next(p.minutes for p in m.POLICIES if p.name == name)
        acted = {"limit": (1.0, 1.0), "remove": (1.0, 1.0), "review": (0.03, 0.85), "nothing": (0.0, 0.0)}[action]
        minutes += 2 * (0.30 * acted[0] * c.good + 0.06 * acted[1] * c.bad) + each * (c.good + c.bad) * (
            action == "review"
        )
    assert minutes == pytest.approx(m.with_appeals().minutes)
    assert minutes <= m.minutes_a_day()
    assert m.limits_with_appeals() < m.taken("limit") / 3
    assert m.cost_with() < m.with_appeals().cost < m.day_cost("remove")
    assert 0 < m.appeals_share() < 1 < m.appeals_of_limits()
    assert m.limited_good() > m.taken("limit", "bad")
    assert m.llm_beside() < m.llm_beside_with_appeals().cost < m.with_appeals().cost
    assert m.llm_reads(m.llm_beside_with_appeals()) < m.llm_reads()
    assert m.llm_appeals() > 1


def test_limit_line_is_where_two_costs_meet_at_any_reach() -> None:
    for policy in m.POLICIES:
        p = m.limit_line(policy)
        for views in (10.0, 10_000.0):
            one = m.Grid(policy, np.array([1.0]), np.array([0.0]), np.array([views]), np.array([p]))
            assert m.costs(one)["limit"][0] == pytest.approx(m.costs(one)["nothing"][0])


def test_foresight_staffing_and_reserve() -> None:
    assert m.cost_if_foreseen(1.0) < m.cost_with() < m.cost_if_foreseen(0.25)
    assert m.cost_if_foreseen(m.FORESEEN) == m.cost_with()
    rng = np.random.default_rng(13)
    foreseen = math.sqrt(2) * rng.standard_normal(1_000_000)
    views = np.exp(foreseen + math.sqrt(2) * rng.standard_normal(1_000_000))
    top = foreseen > np.quantile(foreseen, 0.99)
    assert m.top_share(foreseen=0.5) == pytest.approx(views[top].sum() / views.sum(), abs=0.02)
    busy, quiet = m.fitted(reviewers=60, posts=m.POSTS * 1.75), m.fitted(reviewers=60, posts=m.POSTS * 0.625)
    flat = busy[1].cost / 3 + quiet[1].cost * 2 / 3 - m.cost_with()
    assert m.flat_staff_costs() == pytest.approx(flat, rel=0.05)
    assert m.reserve_costs() == pytest.approx(m.cost_with(51) - m.cost_with())


def test_days_until_a_change_shows_by_drawing() -> None:
    """Sums of lognormal views have the spread that the days are computed from."""
    days = m.days_to_compare()
    posts = days * m.POSTS * 0.002 * 0.05
    assert math.sqrt((math.exp(4) - 0) / posts) * (1.96 + 0.8416) == pytest.approx(0.1, rel=1e-3)
    moments = stats.lognorm(m.SIGMA).stats("mv")
    assert moments[1] / moments[0] ** 2 + 1 == pytest.approx(math.exp(4))
    assert m.days_to_compare(0.2) == pytest.approx(days / 4)
    scam = sum(m.fitted()[1].chosen["scam", a].bad_views for a in m.ACTIONS) * m.SCAM.harm
    time = np.linspace(0, 7, 70_001)
    lost = (0.5 ** (time[time <= 1] / 14)).mean() - (0.5 ** (time / 14)).mean()
    assert 0 < m.daily_instead_of_weekly() < scam * lost


def test_damage_of_a_broken_release_by_summing() -> None:
    """Each post hidden since a time loses the views that it would have had until all are restored."""
    hidden = (np.arange(6_000) + 0.5) / 1_000
    lost = 1 - 0.5 ** (hidden / m.HALF_LIFE)
    each = m.WRONGED + m.GOOD_VIEW * m.VIEWS_A_POST * lost.mean()
    assert m.damage_of(6) == pytest.approx(m.broken_a_day() / 4 * each, rel=1e-5)


def test_new_language_and_llm() -> None:
    assert m.new_language_untouched() == 36_000
    assert m.new_language_untouched() > m.new_language() > m.new_language(6)
    assert m.llm_instead() < m.cost_with() + m.minutes_a_day() * m.WAGE
    assert m.llm_instead(m.llm_break_even()) == pytest.approx(m.cost_with() + m.minutes_a_day() * m.WAGE, rel=1e-4)
    assert m.minute_beside_llm() < m.minute_price()
    assert m.new_language_by_llm(1) < m.new_language(6) + 1_296 < m.new_language_by_llm(2) < m.new_language()
    assert m.llm_reads() > m.taken("review")
    line = m.llm_may_remove_from()
    assert m.after_llm(np.array([line]))[0] == pytest.approx(m.AUTO)
    assert m.wrong_after_review() > m.wrong_without_review()
    assert m.audit_llm() == pytest.approx(stats.norm.ppf(0.975) ** 2 * 0.16 / 0.0009)
