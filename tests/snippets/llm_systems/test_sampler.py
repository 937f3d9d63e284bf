"""The sampler, by its distribution: exactly, by chi-square, and against masks on the logits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import chisquare

from snippets.llm_systems.sampler import draw, token_distribution

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
logits = st.lists(st.integers(-12, 12).map(lambda i: i / 3), min_size=1, max_size=12, unique=True)


def masked(scores, temperature, top_k, top_p):
    """Another way to the same distribution: masks on the logits in place of a sort of weights, softmax by SciPy."""
    scores = np.array(scores, dtype=float) / temperature
    if top_k is not None and top_k < scores.size:
        scores[scores < np.sort(scores)[-top_k]] = -np.inf
    p = softmax(scores)
    for token in range(scores.size):
        before = p[p > p[token]].sum()  # mass of the likelier tokens
        if before >= top_p - 1e-12:
            scores[token] = -np.inf
    return softmax(scores)


@quick
@given(
    logits,
    st.sampled_from([0.3, 0.7, 1.0, 1.6]),
    st.sampled_from([None, 1, 3, 50]),
    st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)
def test_masks_on_the_logits_give_the_same(scores, temperature, top_k, top_p):
    got = token_distribution(scores, temperature, top_k, top_p)
    assert got.sum() == pytest.approx(1)
    assert got == pytest.approx(masked(scores, temperature, top_k, top_p), abs=1e-12)


def test_draws_follow_the_distribution():
    probabilities = token_distribution([2.0, 1.0, 0.5, 0.0, -1.0], temperature=0.8, top_p=0.95)
    rng = np.random.default_rng(11)
    counts = np.bincount([draw(probabilities, u) for u in rng.random(20_000)], minlength=5)
    kept = probabilities > 0
    assert counts[~kept].sum() == 0
    assert chisquare(counts[kept], 20_000 * probabilities[kept]).pvalue > 0.01
    wrong = token_distribution([2.0, 1.0, 0.5, 0.0, -1.0], temperature=0.9, top_p=0.95)[kept]
    assert chisquare(counts[kept], 20_000 * wrong).pvalue < 1e-6  # the test can tell 0.8 from 0.9


def test_draws_on_a_grid_are_exact():
    # k of 1,000 evenly spread numbers fall on a token of probability k / 1,000
    probabilities = np.array([0.125, 0.0, 0.5, 0.375])
    tokens = [draw(probabilities, (i + 0.5) / 1_000) for i in range(1_000)]
    assert np.bincount(tokens).tolist() == [125, 0, 500, 375]


def test_edges():
    assert token_distribution([1.0, 3.0, 3.0], temperature=0).tolist() == [0, 1, 0]  # a tie: the lower id
    assert token_distribution([0.0, 0.0, 0.0], top_k=2).tolist() == [0.5, 0.5, 0]
    assert token_distribution([0.0, 0.0], top_p=1e-9).tolist() == [1, 0]  # one always stays
    assert token_distribution(np.log([0.5, 0.3, 0.2]), top_p=0.8) == pytest.approx([0.625, 0.375, 0])  # 0.8 holds 0.8
    assert token_distribution(np.log([0.5, 0.3, 0.2]), top_p=0.81) == pytest.approx([0.5, 0.3, 0.2])
    assert token_distribution([-math.inf, 0.0]).tolist() == [0, 1]
    assert token_distribution([1e308, -1e308], temperature=1e-3).tolist() == [1, 0]
    assert token_distribution([0.0, -30.0])[1] == pytest.approx(math.exp(-30), rel=1e-9, abs=0)  # top-p 1 drops nothing
    assert token_distribution([1_000.0, 999.0]) == pytest.approx(softmax([1.0, 0.0]))
    assert draw(np.array([0.0, 1.0, 0.0]), 0.0) == draw(np.array([0.0, 1.0, 0.0]), 1 - 2**-53) == 1


def test_temperature_before_top_p_changes_the_set():
    warm = token_distribution(np.log([0.5, 0.3, 0.2]), temperature=3.0, top_p=0.75)
    cold = token_distribution(np.log([0.5, 0.3, 0.2]), temperature=0.2, top_p=0.75)
    assert np.count_nonzero(warm) == 3
    assert np.count_nonzero(cold) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"logits": []},
        {"logits": [[1.0]]},
        {"logits": [math.nan, 1.0]},
        {"logits": [math.inf, 1.0]},
        {"logits": [-math.inf]},
        {"logits": [1.0], "temperature": -0.1},
        {"logits": [1.0], "temperature": math.inf},
        {"logits": [1.0], "top_p": 0.0},
        {"logits": [1.0], "top_p": 1.1},
        {"logits": [1.0], "top_k": 0},
    ],
)
def test_bad_settings_are_refused(bad):
    with pytest.raises(ValueError, match=r"logits|needed"):
        token_distribution(**bad)


@pytest.mark.parametrize(("p", "u"), [([1.0], 1.0), ([1.0], -0.1), ([0.5], 0.1), ([1.0], math.nan)])
def test_bad_draws_are_refused(p, u):
    with pytest.raises(ValueError, match="needed"):
        draw(np.array(p), u)
