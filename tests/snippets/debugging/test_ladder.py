"""The order of checks, against every order."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.debugging import ladder
from snippets.debugging.ladder import Check

quick = settings(max_examples=30, deadline=None, derandomize=True, database=None)
some = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), min_size=0, max_size=5)


def made(pairs):
    total = max(1, sum(weight for _, weight in pairs)) * 1.2
    return [Check(str(i), minutes, weight / total) for i, (minutes, weight) in enumerate(pairs)]


def simulated(order, draws=20_000):
    """Minutes until found, by drawing where the fault is."""
    rng = np.random.default_rng(0)
    chances = [c.chance for c in order]
    where = rng.choice(len(order) + 1, draws, p=[*chances, 1 - sum(chances)])
    spent = np.cumsum([c.minutes for c in order])
    return float(np.mean([spent[min(i, len(order) - 1)] for i in where]))


@quick
@given(some)
def test_chance_over_minutes_is_cheapest_of_all_orders(pairs):
    checks = made(pairs)
    found = ladder.expected_minutes(ladder.by_likelihood_and_price(checks))
    assert found == pytest.approx(min(ladder.expected_minutes(order) for order in permutations(checks)))


def test_expected_minutes_by_simulation():
    order = [Check("a", 15, 0.3), Check("b", 20, 0.1), Check("c", 60, 0.4)]
    assert ladder.expected_minutes(order) == pytest.approx(15 + 0.7 * 20 + 0.6 * 60)
    assert ladder.expected_minutes(order) == pytest.approx(simulated(order), rel=0.02)
    assert ladder.expected_minutes([]) == 0.0


@quick
@given(some, st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda t: t[0] < t[1]), max_size=4))
def test_the_cheapest_order_with_needs(pairs, pairs_of_needs):
    checks = made(pairs)
    names = {c.name for c in checks}
    needs: dict[str, list[str]] = {}
    for first, second in pairs_of_needs:
        if {str(first), str(second)} <= names:
            needs.setdefault(str(second), []).append(str(first))

    def allowed(order):
        place = {c.name: i for i, c in enumerate(order)}
        return all(place[a] < place[b] for b, before in needs.items() for a in before)

    best = ladder.best_order_with_needs(checks, needs)
    assert allowed(best)
    least = min(ladder.expected_minutes(order) for order in permutations(checks) if allowed(order))
    assert ladder.expected_minutes(best) == pytest.approx(least)


def test_needs_in_a_circle():
    with pytest.raises(ValueError, match="circle"):
        ladder.best_order_with_needs([Check("a", 1, 0.1), Check("b", 1, 0.1)], {"a": ["b"], "b": ["a"]})


def test_chances_after_a_symptom():
    checks = [Check("a", 1, 0.6), Check("b", 1, 0.4)]
    after = ladder.given_symptom(checks, {"a": 0.1, "b": 0.9})
    assert [c.chance for c in after] == pytest.approx([0.06 / 0.42, 0.36 / 0.42])
    with pytest.raises(ValueError, match="shows this symptom"):
        ladder.given_symptom(checks, {"a": 0.0, "b": 0.0})


@pytest.mark.parametrize("bad", [Check("a", 0, 0.5), Check("a", 5, 1.5), Check("a", 5, -0.1)])
def test_refused(bad):
    with pytest.raises(ValueError, match="minutes above 0"):
        ladder.by_likelihood_and_price([bad])


def test_chances_of_more_than_one_fault_are_refused():
    with pytest.raises(ValueError, match="more than 1"):
        ladder.expected_minutes([Check("a", 1, 0.6), Check("b", 1, 0.6)])
