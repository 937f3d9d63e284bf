"""Every planted leak flatters as the page says, and every check is red with it and green without."""

import numpy as np
import pytest
from sklearn.preprocessing import TargetEncoder

from snippets.data_audit import checks, planted
from snippets.data_audit.checks import verdicts

RED = {  # what the honest twin must stay within, and what the leak must exceed
    "moves with future": (0.0, 0.9),
    "late update": (0.0, 0.9),
    "written late": (0.0, 0.9),
    "fill gap": (0.03, 0.05),
    "alone": (0.75, 0.9),
    "shared rows": (0.0, 0.2),
    "near titles": (0.01, 0.25),
    "shared users": (0.0, 0.9),
    "shared persons": (0.0, 0.5),
    "own label": (0.0, 0.9),
    "shuffled labels, selection": (0.55, 0.7),
}


@pytest.mark.parametrize("name", RED)
def test_red_with_the_leak_and_green_without(name):
    green, red = RED[name]
    assert abs(verdicts()[name].honest) <= green
    assert verdicts()[name].leaky >= red


@pytest.mark.parametrize("name", ["shared titles", "shared accounts", "late update, event clock"])
def test_the_naive_check_stays_green_on_the_leak(name):
    assert verdicts()[name] == (0.0, 0.0)


def test_scaling_before_the_split_is_rightly_green():
    assert verdicts()["shuffled labels, scaling"].leaky == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", planted.TABLES)
def test_a_leak_in_the_table_flatters_both_sets_and_breaks_in_production(name):
    leaky, honest = planted.exhibit(name)
    assert leaky.train > honest.train + 0.05
    assert leaky.validation > honest.validation + 0.05
    assert leaky.production < leaky.validation - 0.08
    assert planted.said_over_seen(name) < 0.85


@pytest.mark.parametrize("name", ["copies", "near copies", "user id", "second account"])
def test_a_leak_in_the_split_flatters_the_estimate_only(name):
    leaky, honest = planted.exhibit(name)
    assert leaky.validation > honest.validation + 0.07
    assert leaky.production == pytest.approx(honest.production, abs=0.03)


def test_copies_buy_a_linear_model_nothing():
    leaky, honest = planted.exhibit("copies, linear")
    assert leaky.validation == pytest.approx(honest.validation, abs=0.02)


def test_scaling_is_harmless_and_selection_is_not():
    scaled, chosen = planted.exhibit("scaled before"), planted.exhibit("selected before")
    assert scaled.leaky.validation == pytest.approx(scaled.honest.validation, abs=0.001)
    assert chosen.leaky.validation > 0.75
    assert chosen.honest.validation == pytest.approx(0.5, abs=0.03)
    assert chosen.leaky.production == pytest.approx(0.5, abs=0.02)


def test_an_encoding_from_training_rows_shows_as_good_training_and_bad_validation():
    found = planted.target_encoding()
    assert found["training rows"].train > 0.9
    assert found["training rows"].validation < found["left out"].validation - 0.03
    assert found["all rows"].validation > 0.85
    assert found["all rows"].production < found["left out"].production - 0.03
    assert found["out of fold"].validation == pytest.approx(found["left out"].validation, abs=0.01)


def test_the_encoding_equals_scikit_learn():
    rng = np.random.default_rng(0)
    code, y = rng.integers(0, 8, 200), rng.integers(0, 2, 200).astype(float)
    theirs = TargetEncoder(smooth=2.0, target_type="continuous").fit(code[:, None], y).encodings_[0]
    assert planted.encode(code, y, 8, y.mean()) == pytest.approx(theirs)


def test_the_draws_are_seeded():
    first, again = (planted.after_the_fact(np.random.default_rng(3)) for _ in range(2))
    assert (first.leaky == again.leaky).all()


def test_checks_on_nothing_and_on_gaps():
    assert checks.written_late(np.zeros(3), np.full(3, np.nan)) == 0.0
    areas = checks.alone(
        {"gap": np.array([np.nan, np.nan, 1, 1.0]), "none": np.full(4, np.nan)}, np.array([1, 1, 0, 0.0])
    )
    assert areas == {"gap": 1.0, "none": 0.5}
    assert checks.fill_gap(np.array([1, 0, np.nan, 2.0]), np.array([0.0, 0.0])) == 0.5
