"""Values of a policy from another's log, against a world that is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.experiments import offpolicy
from snippets.experiments.offpolicy import doubly_robust, ips, snips

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)

OLD = np.array([[0.8, 0.1, 0.1], [0.2, 0.2, 0.6]])  # chances, two kinds of user, three actions
NEW = np.array([[0.1, 0.9, 0.0], [0.0, 0.5, 0.5]])
MEAN = np.array([[0.1, 0.3, 0.2], [0.5, 0.4, 0.2]])  # reward, one in each cell
SHARE = np.array([0.7, 0.3])


def draw(n, seed, old=OLD):
    rng = np.random.default_rng(seed)
    kind = (rng.random(n) < SHARE[1]).astype(int)
    action = (rng.random((n, 1)) > old.cumsum(axis=1)[kind]).sum(axis=1)
    reward = (rng.random(n) < MEAN[kind, action]).astype(float)
    return kind, action, reward, old[kind, action], NEW[kind, action]


# --8<-- [start:truth]
def test_the_log_finds_the_truth_and_its_error():
    truth = SHARE @ (NEW * MEAN).sum(axis=1)
    wrong = np.full_like(MEAN, 0.25)  # a model that is off everywhere
    for method in ("ips", "snips", "dr"):
        values = []
        for seed in range(400):
            kind, action, reward, old, new = draw(500, seed)
            taken, own = wrong[kind, action], (NEW * wrong)[kind].sum(axis=1)
            if method == "dr":
                values.append(doubly_robust(reward, old, new, taken, own))
            else:
                values.append((ips if method == "ips" else snips)(reward, old, new))
        found = np.array([v.value for v in values])
        error = math.sqrt(np.mean([v.error**2 for v in values]))
        assert abs(found.mean() - truth) < 4 * error / 20 + 0.001
        assert error == pytest.approx(found.std(), rel=0.12)


# --8<-- [end:truth]


def test_a_true_model_saves_even_wrong_chances_and_a_hole():
    kind, action, reward, old, new = draw(200_000, 1)
    truth = SHARE @ (NEW * MEAN).sum(axis=1)
    own = (NEW * MEAN)[kind].sum(axis=1)
    spoiled = np.clip(old * 1.3, 0, 1)
    assert doubly_robust(reward, spoiled, new, MEAN[kind, action], own).value == pytest.approx(truth, abs=0.004)
    assert abs(ips(reward, spoiled, new).value - truth) > 0.02


def test_both_wrong_multiplies_the_errors():
    kind, action, reward, old, new = draw(400_000, 2)
    truth = SHARE @ (NEW * MEAN).sum(axis=1)
    model = 0.9 * MEAN  # a tenth too low
    own = (NEW * model)[kind].sum(axis=1)
    got = doubly_robust(
        reward, np.minimum(old * 1.25, 1), new, model[kind, action], own
    ).value  # weights a fifth too low, nearly
    assert got / truth - 1 == pytest.approx(-0.02, abs=0.01)


def test_only_the_mean_weight_shows_a_hole():
    holed = np.array([[0.9, 0.0, 0.1], [0.2, 0.2, 0.6]])
    _, _, reward, old, new = draw(100_000, 3, holed)
    got = ips(reward, old, new)
    assert got.mean_weight == pytest.approx(1 - 0.7 * 0.9, abs=0.01)
    assert old.min() > 0


@quick
@given(st.integers(1, 40), st.integers(0, 10_000), st.floats(-5, 5))
def test_shifts_and_scales(n, seed, shift):
    rng = np.random.default_rng(seed)
    reward, old, new = rng.random(n), rng.uniform(0.1, 1, n), rng.uniform(0.1, 1, n)
    plain = ips(reward, old, new)
    assert ips(2 * reward, old, new).value == pytest.approx(2 * plain.value)
    assert ips(reward + shift, old, new).value == pytest.approx(plain.value + shift * plain.mean_weight)
    assert snips(reward + shift, old, new).value == pytest.approx(snips(reward, old, new).value + shift)
    assert snips(reward + shift, old, new).error == pytest.approx(snips(reward, old, new).error, abs=1e-9)
    assert doubly_robust(reward, old, new, 0 * reward, 0 * reward) == plain
    same = ips(reward, old, old)
    assert (same.value, same.effective, same.mean_weight) == pytest.approx((reward.mean(), n, 1))


def test_caps_and_the_edges():
    got = ips([1, 1], [0.01, 0.5], [1, 1], cap=10)
    assert (got.value, got.mean_weight) == (6, 6)
    none = snips([1, 1], [0.5, 0.5], [0, 0])
    assert math.isnan(none.value)
    assert none.effective == 0
    assert ips([1, 1], [0.5, 0.5], [0, 0]).value == 0
    for logged in ([0.0, 0.5], [1.1, 0.5], [0.5]):
        with pytest.raises(ValueError, match="a logged chance"):
            offpolicy.weights(logged, [1, 1])
    with pytest.raises(ValueError, match="a logged chance"):
        ips([], [], [])
