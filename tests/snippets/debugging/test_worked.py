"""The worked numbers, computed again another way."""

import math
from itertools import permutations

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import binom, entropy, norm
from statsmodels.stats.proportion import proportion_confint

from snippets.debugging import figures, worked
from snippets.debugging.ladder import Check, expected_minutes


def by_hand(order):
    total = 0.0
    for i, check in enumerate(order):
        total += check.minutes * (1 - sum(c.chance for c in order[:i]))
    return total


def test_the_guess_is_about_one_fault():
    assert sum(c.chance for c in worked.LADDER) == pytest.approx(1)
    for shares in worked.SYMPTOMS.values():
        assert shares.keys() == {c.name for c in worked.LADDER}
    for name in (c.name for c in worked.LADDER):
        assert sum(shares[name] for shares in worked.SYMPTOMS.values()) <= 1 + 1e-9


def test_minutes():
    assert worked.ladder_minutes() == pytest.approx(by_hand(worked.LADDER))
    assert (
        worked.best_minutes() <= worked.best_minutes_with_needs() <= worked.ladder_minutes() <= worked.worst_minutes()
    )
    top = sorted(worked.LADDER, key=lambda c: -c.chance / c.minutes)
    assert worked.best_minutes() == pytest.approx(by_hand(top))
    last = [c for c in worked.LADDER if c.name != "ablations"] + [c for c in worked.LADDER if c.name == "ablations"]
    assert worked.minutes_ablations_last() == pytest.approx(by_hand(last))
    assert worked.per_hour("data sanity") == pytest.approx(0.24 * 4)


def test_no_chance_puts_a_retrain_first():
    assert worked.chance_to_come_first() > 1
    assert worked.retrain_first_minutes() == pytest.approx(240 + 0.95 * worked.ladder_minutes())
    assert worked.most_a_retrain_saves() == pytest.approx(15)
    p = worked.chance_to_come_before_last()
    last = min(worked.LADDER, key=lambda c: c.chance / c.minutes)
    pair = [Check("retrain", 240, p), last]
    assert expected_minutes(pair) == pytest.approx(expected_minutes(pair[::-1]))


@pytest.mark.parametrize("symptom", worked.SYMPTOMS)
def test_orders_by_symptom(symptom):
    chances = np.array([c.chance * worked.SYMPTOMS[symptom][c.name] for c in worked.LADDER])
    chances /= chances.sum()
    named = dict(zip((c.name for c in worked.LADDER), chances, strict=True))
    order = worked.after(symptom)
    assert {c.name: c.chance for c in order} == pytest.approx(named)
    assert worked.minutes_after(symptom) == pytest.approx(by_hand(order))
    gap_needs = {"metric code"} if symptom.startswith("good") else {"baseline"}
    needs = {**worked.NEEDS, "train/validation gap": gap_needs}

    def allowed(names):
        return all(set(needs.get(name, ())) <= set(names[:i]) for i, name in enumerate(names))

    assert allowed([c.name for c in order])
    for head in permutations(order[:6]):
        if allowed([c.name for c in [*head, *order[6:]]]):
            assert worked.minutes_after(symptom) <= by_hand([*head, *order[6:]]) + 1e-9
    assert worked.minutes_after(symptom) < worked.ladder_minutes_after(symptom)
    assert worked.first_three(symptom) == ", ".join(c.name for c in order[:3])
    assert worked.in_first_three(symptom) == pytest.approx(sum(c.chance for c in order[:3]))


def test_what_a_loss_means():
    assert worked.entropy() == pytest.approx(entropy([0.002, 0.998]))
    assert worked.explained(0.013) == pytest.approx(1 - 0.013 / entropy([0.002, 0.998]))
    assert worked.share_of_fall_that_is_bias(worked.entropy()) == pytest.approx(1)
    assert worked.starting_loss(12) == pytest.approx(entropy(np.ones(12) / 12))
    mean = math.sqrt(2) * norm.ppf(0.97)

    def p(z):
        odds = math.exp(mean * z - mean**2 / 2) * 0.002 / 0.998
        return odds / (1 + odds)

    good = integrate.quad(lambda z: -0.998 * norm.pdf(z) * math.log1p(-p(z)), -8, 12)[0]
    fraud = integrate.quad(lambda z: -0.002 * norm.pdf(z - mean) * math.log(p(z)), -8, 12)[0]
    assert worked.loss_of_good_model() == pytest.approx(good + fraud, rel=1e-4)


def test_signatures_say_what_the_page_says():
    end = {name: worked.losses_at_end(name) for name in worked.SIGNATURES}
    fresh = {name: worked.signature(name).like_training for name in worked.SIGNATURES}
    assert end["healthy"].validation < 0.5
    assert end["too small"].train > 0.55 and abs(end["too small"].train - end["too small"].validation) < 0.05
    assert end["too large"].train < 0.2 and fresh["too large"] > 2 * end["too large"].train
    assert abs(fresh["too large"] - end["too large"].validation) < 0.1
    assert end["other data"].validation > 2 * fresh["other data"]
    assert worked.lowest_validation("too large") < 0.5 < math.log(2)
    assert worked.lowest_validation("wrong labels") > 0.99 * math.log(2)
    assert fresh["wrong labels"] > math.log(2)


def test_slices():
    assert worked.some_slice_bad_by_chance(40) == pytest.approx(1 - 0.95**40)
    n = round(worked.slice_size(0.9, 0.05))
    edge = 0.9 - norm.ppf(0.975) * math.sqrt(0.9 * 0.1 / n)
    assert norm.cdf((edge - 0.85) / math.sqrt(0.85 * 0.15 / n)) == pytest.approx(0.8, abs=0.005)
    assert worked.slice_size(0.9, 0.05, 40) > 2 * n
    draws = np.random.default_rng(0).binomial(200, 0.9, (20_000, 40)).min(axis=1) / 200
    assert worked.expected_worst(40, 200, 0.9) == pytest.approx(draws.mean(), abs=0.001)
    assert worked.expected_worst(1, 50, 1.0) == pytest.approx(1.0)
    assert worked.binomial_tail(20, 0.3, 4) == pytest.approx(binom.cdf(4, 20, 0.3))


def test_twins():
    found = worked.twins()
    assert max(found.dropped) < 0.003 < 0.03 < min(found.permuted)
    assert found.both > 1.3 * sum(found.permuted)


@pytest.mark.parametrize(("true", "frauds"), [(0.915, 600), (0.97, 400)])
def test_spread_of_auc_by_simulation(true, frauds):
    rng = np.random.default_rng(23)
    shift = math.sqrt(2) * norm.ppf(true)
    places = norm.cdf(rng.normal(shift, 1, (4_000, frauds))).mean(axis=1)
    assert places.mean() == pytest.approx(true, abs=0.001)
    assert worked.auc_spread(true, frauds) == pytest.approx(places.std(), rel=0.05)
    assert worked.unpaired_spread(true, frauds) == pytest.approx(math.hypot(*[worked.auc_spread(true, frauds)] * 2))


def test_skew():
    assert worked.most_after_clean(200) == pytest.approx(0.0149, abs=1e-4)
    assert worked.rule_of_three(200) == 0.015
    assert worked.missed(worked.most_after_clean(200), 200) == pytest.approx(0.05)
    n = worked.rows_to_see(0.005)
    assert worked.missed(0.005, n) <= 0.05 < worked.missed(0.005, n - 1)
    assert worked.graded(6, 60) == pytest.approx(proportion_confint(6, 60, method="wilson"))


def test_demos_print(capsys):
    worked.demo_order()
    worked.demo_twins()
    assert "expected" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ladder", "signatures", "saw"])
def test_figures_draw(name):
    import matplotlib.pyplot as plt

    plt.close(getattr(figures, name)())


def test_lost_labels():
    lost = worked.LOST
    assert worked.loss_on_kept_labels(0.0) == worked.loss_of_good_model()
    rng = np.random.default_rng(1)
    mean = math.sqrt(2) * norm.ppf(0.97)
    y = rng.random(4_000_000) < 0.002
    z = rng.normal(size=len(y)) + mean * y
    odds = np.exp(mean * z - mean**2 / 2) * 0.002 / 0.998
    q = (1 - lost) * odds / (1 + odds)
    kept = y & (rng.random(len(y)) >= lost)
    simulated = float(-np.where(kept, np.log(q), np.log1p(-q)).mean())
    assert worked.loss_on_kept_labels(lost) == pytest.approx(simulated, rel=0.02)
    assert worked.loss_on_kept_labels(lost) < worked.loss_of_good_model()
    assert worked.kept_explained(lost) < worked.explained(worked.loss_of_good_model())
    assert worked.kept_rate() == pytest.approx(0.0012)
    assert worked.lost_day().probability == pytest.approx(1 / 11 / 0.6)
    assert worked.lost_dollars() > 0
