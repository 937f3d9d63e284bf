"""Numbers of observational.md, against drawn people, regions and views, and other formulas."""

import io
import math
from contextlib import redirect_stdout

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import roc_auc_score

from snippets.experiments import worked_observational as worked
from snippets.experiments.causal import ipw
from snippets.experiments.clusters import design_effect


@pytest.fixture(scope="module")
def people():
    """Half a million users of the world of alerts, drawn: hidden, active, door, chance of treatment, treated, bought."""
    rng = np.random.default_rng(1)
    n, w = 500_000, worked.ALERTS
    h = rng.random(n) < w.hidden
    a = rng.random(n) < np.where(h, w.active[1], w.active[0])
    d = rng.random(n) < w.door
    chance = np.where(d, 0.15 + 0.15 * a + 0.25 * h, 0.005 + 0.005 * a + 0.08 * h)
    t = rng.random(n) < chance
    y = rng.random(n) < 0.05 + 0.06 * a + 0.20 * h + 0.006 * t
    return h, a, d, chance, t, y


def standardized(people, names):
    columns = dict(zip(("hidden", "active", "door"), people[:3], strict=True))
    t, y = people[4], people[5]
    key = np.zeros(t.size, dtype=int)
    for name in names:
        key = 2 * key + columns[name]
    total = 0.0
    for k in np.unique(key):
        g = key == k
        total += g.mean() * (y[g & t].mean() - y[g & ~t].mean())
    return 100 * total


@pytest.mark.parametrize("by", [(), ("active",), ("active", "door"), ("hidden", "active")])
def test_estimates_against_drawn_people(people, by):
    assert worked.estimate(worked.ALERTS, by) == pytest.approx(
        standardized(people, by), abs=1.2 if "door" in by else 0.35
    )


def test_weights_with_the_exact_propensity_give_the_same_wrong_number(people):
    h, a, d, _, t, y = people
    chance = np.zeros(t.size)
    for av in (0, 1):
        for dv in (0, 1):
            g = (a == av) & (d == dv)
            chance[g] = t[g].mean()
    shown = 100 * ipw(t, y, chance).effect
    assert shown == pytest.approx(worked.estimate(worked.ALERTS, ("active", "door")), abs=1.2)
    full = worked.ALERTS.cells()
    assert full[:, 3].sum() == pytest.approx(1)
    assert roc_auc_score(t, chance) == pytest.approx(
        worked.propensity_auc(worked.ALERTS, ("active", "door")), abs=0.003
    )
    assert h.mean() == pytest.approx(0.15, abs=0.002)


def test_the_door_is_an_instrument(people):
    _, _, d, _, t, y = people
    moved = t[d].mean() - t[~d].mean()
    assert moved == pytest.approx(worked.moved_by_prompt(), abs=0.002)
    assert 100 * (y[d].mean() - y[~d].mean()) / moved == pytest.approx(worked.by_the_door(), abs=1.7)
    assert worked.by_the_door() == pytest.approx(worked.true_points())
    assert worked.by_the_door(worked.VIDEO) == pytest.approx(1.5)


def test_placebo_against_drawn_people(people):
    h, a, _, _, t, _ = people
    rng = np.random.default_rng(2)
    before = np.where(h, rng.random(h.size) < 0.5, rng.random(h.size) < 0.15 * 0.5 / 0.85)
    assert before.mean() == pytest.approx(0.15, abs=0.002)
    bought = 0.05 + 0.06 * a + 0.20 * before
    total = sum((a == v).mean() * (bought[(a == v) & t].mean() - bought[(a == v) & ~t].mean()) for v in (0, 1))
    assert worked.placebo() == pytest.approx(100 * total, abs=0.1)


def test_strengths_bound_the_bias():
    true = worked.arms(worked.ALERTS, ("hidden", "active"))
    assert worked.risk_ratio() / (true[0] / true[1]) <= worked.intent_could()
    assert worked.activity_could() > worked.risk_ratio() / worked.break_even_ratio()
    assert worked.activity_could() < worked.risk_ratio()


def test_errors_of_regions_against_drawn_ones():
    rng = np.random.default_rng(3)
    y = rng.standard_normal((2_000, worked.REGIONS, 24)) @ np.linalg.cholesky(worked.week_covariance()).T
    change = y[..., 12:].mean(axis=2) - y[..., :12].mean(axis=2)
    shown = change[:, :6].mean(axis=1) - change[:, 6:].mean(axis=1)
    assert worked.did_error() == pytest.approx(shown.std(), rel=0.06)
    slope = np.array([np.polyfit(np.arange(12), y[i].T[:12], 1)[0] for i in range(800)])
    gap = slope[:, :6].mean(axis=1) - slope[:, 6:].mean(axis=1)
    assert worked.contrast_error(worked.slope_weights()) == pytest.approx(gap.std(), rel=0.09)
    left = shown[:800] - 12 * gap
    assert worked.extrapolated_error() == pytest.approx(left.std(), rel=0.09)
    assert worked.textbook_error() < worked.did_error() / 2


def test_invented_launches_against_statsmodels():
    rates = worked.placebo_alarms()
    assert rates[0] > rates[1] > rates[2]
    assert rates[2] == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / 3_000))
    rng = np.random.default_rng(4)
    y = rng.standard_normal((worked.REGIONS, 24)) @ np.linalg.cholesky(worked.week_covariance()).T
    region, week = np.indices(y.shape)
    on = ((region < 6) & (week >= 12)).astype(float)
    design = np.hstack([np.eye(40)[region.ravel()], np.eye(24)[week.ravel()][:, 1:], on.reshape(-1, 1)])
    plain = sm.OLS(y.ravel(), design).fit()
    cluster = plain.get_robustcov_results("cluster", groups=region.ravel(), use_correction=False)
    x = on - on.mean(axis=0) - on.mean(axis=1, keepdims=True) + on.mean()
    left = plain.resid.reshape(y.shape)
    mine = math.sqrt((((left * x).sum(axis=1)) ** 2).sum()) / (x**2).sum()
    assert mine == pytest.approx(cluster.bse[-1])


def test_one_series_and_a_jump_against_draws():
    rng = np.random.default_rng(6)
    y = rng.standard_normal((20_000, 24)) @ np.linalg.cholesky(worked.week_covariance()).T
    change = y[:, 12:].mean(axis=1) - y[:, :12].mean(axis=1)
    assert worked.series_error() == pytest.approx(change.std(), rel=0.02)
    alarm = np.abs(change) > 1.96 * 0.02 * math.sqrt(1 / 6)
    assert worked.series_alarm() == pytest.approx(alarm.mean(), abs=0.012)
    assert (change + worked.series_sees() > 1.96 * change.std()).mean() == pytest.approx(0.8, abs=0.012)
    score = rng.uniform(-1, 1, 4_000)
    design = sm.add_constant(np.stack([score > 0, score, score * (score > 0)], axis=1).astype(float))
    jump = sm.OLS(rng.normal(size=4_000), design).fit()
    lottery = math.sqrt(jump.scale * 4 / 4_000)
    assert worked.units_for_a_jump() == pytest.approx((jump.bse[1] / lottery) ** 2, rel=0.05)


def test_staggered_against_statsmodels():
    effect = np.array([[max(0, w - s + 1) for w in range(8)] for s in (1, 5)] * 3, dtype=float)
    region, week = np.indices(effect.shape)
    design = np.hstack(
        [np.eye(6)[region.ravel()], np.eye(8)[week.ravel()][:, 1:], (effect > 0).astype(float).reshape(-1, 1)]
    )
    assert sm.OLS(effect.ravel(), design).fit().params[-1] == pytest.approx(worked.staggered()[0])
    assert worked.staggered()[1] == effect[effect > 0].mean()


@pytest.mark.parametrize("whose", ["all", "treated", "untreated", "overlap", "trimmed"])
def test_targets_against_drawn_logs(whose):
    points, claimed = worked.drawn_logs(whose)
    want = worked.target(whose)
    assert worked.Z * points.std() == pytest.approx(want.half, rel=0.15)
    assert points.mean() == pytest.approx(want.points, abs=3 * points.std() / math.sqrt(150))
    assert claimed.mean() < 1.05 * want.half
    if whose in ("treated", "overlap", "trimmed"):
        assert worked.claimed_half(whose) == pytest.approx(want.half, rel=0.06)
    else:
        assert worked.claimed_half(whose) < 0.9 * want.half


def test_a_drawn_log_by_the_code_of_the_page():
    rng = np.random.default_rng(5)
    x, w, e, y0, effect = worked.curve()
    i = rng.choice(x.size, 100_000, p=w)
    t = rng.random(i.size) < e[i]
    y = rng.random(i.size) < y0[i] + effect[i] * t
    for whose in ("treated", "overlap"):
        got, want = ipw(t, y, e[i], whose), worked.target(whose)
        assert 100 * worked.Z * got.error == pytest.approx(want.half, rel=0.1)
        assert got.treated_rows == pytest.approx(want.rows, rel=0.03)
        assert 100 * got.effect == pytest.approx(want.points, abs=2 * want.half)


def test_what_is_counted_matters_without_normalizing():
    assert worked.unnormalized_half_of_others() > 4 * worked.unnormalized_half()
    assert worked.unnormalized_half() == pytest.approx(worked.target("all").half, rel=0.1)
    assert 0.15 < worked.heaviest() < 0.25
    assert worked.naive_by_activity() > worked.target("treated").points


def test_variances_of_the_log_against_the_drawn_one():
    log = worked.logged()
    r, old, new = log["reward"], log["logged"], log["wanted"]
    greedy = (old > 0.5).astype(float)  # the old favorite as a policy
    w, u = new / old, greedy / old
    assert (w * r - u * r).var() == pytest.approx(worked.row_variance("looks", "ips"), rel=0.06)
    value = worked.LOOKS * (1 + worked.DIFFER * worked.GAIN)
    assert (w * (r - value) - u * (r - worked.LOOKS)).var() == pytest.approx(
        worked.row_variance("looks", "snips"), rel=0.1
    )
    assert 1 / (w**2).mean() == pytest.approx(worked.effective_share(), rel=0.05)
    assert (
        worked.row_variance("purchase", "model")
        < worked.row_variance("purchase", "snips")
        < worked.row_variance("purchase", "ips")
    )
    assert worked.views_needed("looks", "test") < worked.views_needed("looks", "model")
    assert worked.log_days("purchase", "ips", 3) < worked.log_days("purchase", "ips") / 3


@pytest.mark.parametrize("method", ["ips", "snips", "dr"])
@pytest.mark.parametrize(("cap", "unseen"), [(math.inf, 0.0), (20.0, 0.0), (math.inf, 0.1)])
def test_endless_readings_against_the_drawn_log(method, cap, unseen):
    got = worked.from_log(method, cap, unseen)
    value = worked.LOOKS * (1 + worked.relative_reading(method, cap, unseen))
    assert got.value == pytest.approx(value, abs=3.5 * got.error)
    assert worked.from_log("ips", unseen=unseen).mean_weight == pytest.approx(worked.mean_weight(unseen), abs=0.02)


def test_bandits_end_in_the_order_of_the_table():
    for rates in (worked.RATES, worked.WIDE):
        losses = [worked.lost(p, rates) for p in ("Thompson", "split, then best", "UCB1", "split")]
        assert losses == sorted(losses)
    assert worked.lost("split") == pytest.approx(200)
    for rates in (worked.RATES, worked.WIDE):
        assert (
            0.8 < worked.part_of_thompson("split, then best", rates) < worked.part_of_thompson("split, drop", rates) < 1
        )
    assert worked.lost_dropping_at(1.64, 750, worked.WIDE) > worked.lost("split, drop", worked.WIDE)
    many = [worked.lost_among_many(policy) for policy in ("split, drop", "Thompson", "split")]
    assert many == sorted(many)
    best = 0.10 + 0.015 * worked.NORMAL.inv_cdf(29.5 / 30)
    assert many[2] == pytest.approx(15_000 * (best - 0.10))
    assert worked.lift_by_bandit() > 0.2
    assert worked.after_the_turn() > 0.5
    assert worked.equal_arms()[0] > 0.65
    assert worked.lost("Thompson", worked.RATES, 250, 16) > worked.lost("Thompson")
    total = worked.played("Thompson")[0].sum(axis=1)
    assert worked.lost_half("Thompson") == pytest.approx(1.96 * total.std() / math.sqrt(160), rel=1e-3)
    assert worked.lost_half("Thompson", worked.RATES, 1_000) > worked.lost_half("Thompson")  # fewer runs
    assert 0.2 < worked.lift_after_split() < worked.lift_by_bandit()
    assert worked.curve_of("UCB1")[0][-1] == worked.VIEWS


def test_adopters_stay_longer_when_adopting_does_nothing():
    rng = np.random.default_rng(11)
    people = 200_000
    gone = rng.geometric(worked.LEAVE, people)  # week in which they leave
    adopts = rng.geometric(worked.ADOPT, people)  # week in which they would
    ever, there = (adopts < gone) & (adopts <= 8), gone > 8
    kept = there[ever].mean(), there[~ever].mean()
    assert worked.stayed() == pytest.approx(kept, abs=0.01)


def test_the_web_prompt_moves_a_tenth_of_those_without_alerts():
    web, moved = 0.4, worked.share_treated(door=1) - worked.share_treated(door=0)
    assert worked.prompt_speaks_for() == pytest.approx(web * moved / (1 - 0.6 * 0.2329 - 0.4 * 0.0185), rel=0.01)


def test_pooling_by_hand():
    first, second = worked.pooled(0.1, 0.5)
    assert first == pytest.approx((4.5 * 0.10 + 1.0 * 0.14) / 5.5)
    assert second == pytest.approx((0.5 * 0.10 + 1.0 * 0.14) / 1.5)
    assert worked.pooled_lift(0.3, 0.3) == pytest.approx(0)
    assert worked.within_days_half() < 0.2
    assert worked.pooled_z() > 20


def test_prompts_by_hand():
    got = worked.launched()
    assert got.effect == pytest.approx(4.0 - sum(worked.CHANGES[1:]) / 7)
    assert got.p == 1 / 8
    assert worked.payout_a_day(worked.payout_pays_from()) == pytest.approx(0, abs=1e-9)
    assert worked.sellers_see() < worked.payout_pays_from() < worked.lots_see() / 100
    assert worked.payout_passes() > worked.payout_pays_from()
    assert 400 < worked.useless_passes() < 700
    assert worked.sellers_cost() < worked.sellers_cost(0.5)
    assert worked.one_region_half() > got.effect
    assert worked.nudge_worth() == pytest.approx(0.066)
    assert worked.nudge_worth(0.08) == pytest.approx(0.066 - 0.12 * 0.08 * 20)
    assert worked.nudge_worth(worked.nudge_bears()) == pytest.approx(0)
    believed = worked.launch_from()
    price = [
        (1 - believed) * worked.sellers_cost(share) + believed * worked.sellers_forgo(share) for share in (0.2, 0.5, 1)
    ]
    assert price == pytest.approx([price[0]] * 3)  # lines in the share: no test is best in between
    year = worked.launch_from(364)
    assert (1 - year) * (4_500 * 7 / 8 * 364 - 66_150) == pytest.approx(year * worked.sellers_forgo())
    assert worked.sellers_significant() < worked.payout_pays_from()
    assert worked.sellers_forgo(1.0) == 0
    assert worked.by_the_door(worked.VIDEO) == pytest.approx(
        worked.door_half(worked.VIDEO) * math.sqrt(worked.door_stretch())
    )
    assert worked.unseen_miss("snips") == pytest.approx(8.24 - 8 * (0.7 + 0.2 * 1.1) / 0.9)
    assert worked.unseen_miss("snips") < worked.Z * worked.from_log("snips", unseen=0.1).error
    overall = 0.3 * worked.WITH + 0.7 * worked.WITHOUT
    assert overall == pytest.approx(worked.AGENT[0], abs=0.001)
    assert worked.by_uptake(worked.nudged()) == pytest.approx(9.17, abs=0.01)
    assert worked.nudged_half() < worked.nudged()
    assert worked.encouraged(1, 0.1, 0.1) == pytest.approx(100 * worked.encouraged(1, 1.0, 0.1))
    assert worked.full_users(9.2) < worked.prompt_users() > worked.default_users()
    assert worked.door_gap() / 100 < worked.door_half()
    assert worked.in_flight() == 120_000
    assert worked.graded_half(14, 0.1) > 2 * worked.graded_half(14, 0.5)
    gain, noise = worked.thompson_over_dropping()
    assert 0 < gain < 2 * noise
    assert worked.bandit_pays_years() == pytest.approx(60_000 / gain / 52)
    assert worked.bandit_pays_years() > 5
    assert worked.against_log_mean() == pytest.approx(1.03 / 0.9802 - 1)
    assert worked.least_p(4, 8) == 2 / 70
    assert worked.least_p(3, 7) == 1 / 35
    assert worked.prompt_leak() == pytest.approx(0.1 / worked.moved_by_prompt())
    assert worked.worth(worked.break_even()) == pytest.approx(0)
    assert worked.buy_more() == pytest.approx(0.698, abs=0.001)
    assert worked.furnishing_on_the_web() > 0.7
    assert worked.alert_users() == pytest.approx(worked.target("treated").rows, rel=1e-6)
    assert worked.needed_strength() < min(worked.hidden_strength())
    assert worked.bend_seen_before() < worked.bend_called_effect()
    assert worked.bend_to_be_seen() > worked.BEND
    assert worked.exploring_cost() == pytest.approx(4e6 * 0.09 * 0.22 * 0.0045 * 2.76)
    assert worked.rare_chance() * 9 + worked.kept_chance() == pytest.approx(1)
    assert design_effect(1, 0.5) == 1


def test_output_names_what_it_prints():
    with redirect_stdout(io.StringIO()) as out:
        worked.demo_log()
    lines = out.getvalue().splitlines()
    assert len(lines) == 7
    assert "8.24" in lines[0]
