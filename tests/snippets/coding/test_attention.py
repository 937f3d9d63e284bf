"""Attention: against a loop over numbers, by changing the future, and on rows that see nothing."""

import math

import numpy as np
import pytest
from equal import quick
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.attention import attention, multi_head
from snippets.coding.wrong_sequences import masked_attention, straight_reshape


def by_loop(q, k, v, real=None, causal=False):
    """One query at a time, in Python floats, over a list of the keys that it sees: no mask, no infinity."""
    n, m = len(q), len(k)
    out = np.zeros((n, v.shape[1]))
    for i in range(n):
        keys = [
            j
            for j in range(m)
            if (real is None or real[j]) and (not causal or j - i <= m - n)
        ]
        scores = [
            math.fsum(float(a) * float(b) for a, b in zip(q[i], k[j], strict=True))
            for j in keys
        ]
        powers = [math.exp((s - max(scores)) / math.sqrt(q.shape[1])) for s in scores]
        for c in range(v.shape[1]):
            terms = [p * float(v[j, c]) for p, j in zip(powers, keys, strict=True)]
            out[i, c] = math.fsum(terms) / math.fsum(powers) if keys else 0.0
    return out


@quick
@given(
    st.integers(0, 4),
    st.integers(0, 4),
    st.booleans(),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 300]),
)
def test_a_loop_over_keys_gives_the_same(n, m, causal, seed, scale):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.normal(size=size) for size in ((n, 3), (m, 3), (m, 2)))
    for real in (None, rng.random(m) < 0.5, np.zeros(m, dtype=bool)):
        assert attention(q * scale, k, v, real, causal) == pytest.approx(
            by_loop(q * scale, k, v, real, causal)
        )


# --8<-- [start:future]
def test_nothing_before_a_change_moves_and_all_after_it_does():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 6, 8))
    weights = tuple(rng.normal(size=(4, 8, 8)))
    before = multi_head(x, weights, heads=2, causal=True)[0]
    for j in range(6):
        changed = x.copy()
        changed[0, j] += 1
        after = multi_head(changed, weights, heads=2, causal=True)[0]
        moved = np.abs(after - before).max(axis=1) > 1e-9
        assert moved.tolist() == [i >= j for i in range(6)]  # both directions


# --8<-- [end:future]


def test_what_padding_holds_does_not_matter():
    rng = np.random.default_rng(1)
    x, weights = rng.normal(size=(2, 5, 6)), tuple(rng.normal(size=(4, 6, 6)))
    real = np.array([[True] * 5, [False, True, True, False, False]])
    told = multi_head(x, weights, 3, real)
    other = np.where(real[..., None], x, 1e6)
    assert multi_head(other, weights, 3, real)[real] == pytest.approx(told[real])
    alone = multi_head(x[1:, 1:3], weights, 3)  # the same as without the padding
    assert told[1, 1:3] == pytest.approx(alone[0])


def test_heads_by_einsum():
    rng = np.random.default_rng(2)
    x, weights = rng.normal(size=(3, 4, 6)), tuple(rng.normal(size=(4, 6, 6)))
    real = rng.random((3, 4)) < 0.7
    real[:, 0] = True
    wq, wk, wv = (w.reshape(6, 2, 3) for w in weights[:3])
    scores = np.einsum("bnd,dhe,bmf,fhe->bhnm", x, wq, x, wk) / np.sqrt(3)
    power = np.exp(scores) * real[:, None, None] * np.tri(4)
    share = power / power.sum(-1, keepdims=True)
    out = np.einsum("bhnm,bmd,dhe,hef->bnf", share, x, wv, weights[3].reshape(2, 3, 6))
    assert multi_head(x, weights, 2, real, causal=True) == pytest.approx(out)
    with pytest.raises(ValueError, match="divide"):
        multi_head(x, weights, 4)


def test_one_new_query_against_a_cache_is_the_last_row():
    x = np.random.default_rng(3).normal(size=(5, 4))
    assert attention(x[-1:], x, x, causal=True)[0] == pytest.approx(
        attention(x, x, x, causal=True)[-1]
    )


@pytest.mark.parametrize(
    ("kind", "told"), [("float64", None), ("float32", 2.0), ("float16", np.nan)]
)
def test_a_large_negative_number_in_a_row_that_sees_nothing(kind, told):
    scores = np.array([0, 1, 4], dtype=kind)
    with np.errstate(all="ignore"):
        masked = scores + np.array(-1e9).astype(kind)  # in float16: -inf
        power = np.exp(masked - masked.max())
        got = power / power.sum() @ np.array([1, 2, 3], dtype=kind)
    if kind == "float64":  # as if nothing were forbidden
        power = np.exp(scores - 4)
        told = power / power.sum() @ [1, 2, 3]
    assert got == pytest.approx(told, abs=1e-6, nan_ok=True)
    replaced = np.full(3, -1e9)  # set instead of added: the plain average
    power = np.exp(replaced - replaced.max())
    assert power / power.sum() @ [1, 2, 3] == pytest.approx(2)


def test_values_of_one_show_the_sum_of_the_weights():
    rng = np.random.default_rng(5)
    x, real = rng.normal(size=(6, 3)), np.array([False, True, True, True, False, True])
    for causal in (False, True):
        got = attention(x, x, np.ones((6, 1)), real, causal)[:, 0]
        assert got == pytest.approx([0.0 if causal else 1.0, 1, 1, 1, 1, 1])
    power = np.exp(x @ x.T)
    late = power / power.sum(axis=1, keepdims=True) * real  # masked after the softmax
    assert (late.sum(axis=1) < 0.999).all()
    again = late / late.sum(axis=1, keepdims=True)  # and made to sum to 1 again
    assert again @ x == pytest.approx(attention(x * np.sqrt(3), x, x, real))
    high = np.array([[1000.0, 0]])  # right, until the masked score is far above
    share = np.exp(high - 1000) * [0, 1]
    assert share.sum() == 0
    one = np.ones((1, 1))
    assert attention(one, high.T, np.ones((2, 1)), np.array([False, True])) == 1


def test_a_nan_in_the_padding_comes_through_a_weight_of_zero():
    x = np.array([[np.nan], [1.0], [2.0]])
    assert np.isnan(attention(x, x, x, np.array([False, True, True]))).all()


# --8<-- [start:nan-row]
def test_a_row_without_keys_is_zero_not_nan():
    x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    right_padded = np.array([True, True, False])
    left_padded = np.array([False, True, True])
    for usual in ({}, {"causal": True}, {"real": right_padded, "causal": True}):
        assert np.array_equal(
            attention(x, x, x, **usual), masked_attention(x, x, x, **usual)
        )
    with np.errstate(invalid="ignore"):  # -inf - -inf
        once = masked_attention(x, x, x, left_padded, causal=True)
        twice = masked_attention(once, once, once, left_padded, causal=True)
    assert np.isnan(once).all(axis=1).tolist() == [True, False, False]
    assert np.isnan(twice).all()  # the real tokens too: 0 * NaN
    assert attention(x, x, x, left_padded, causal=True)[0].tolist() == [0, 0]


# --8<-- [end:nan-row]


# --8<-- [start:straight-reshape]
def test_a_causality_test_does_not_see_that_heads_were_cut_across_time():
    x = np.random.default_rng(0).normal(size=(6, 8))
    changed = x.copy()
    changed[1] += 1

    def moved(heads):
        difference = straight_reshape(changed, heads) - straight_reshape(x, heads)
        return (np.abs(difference).max(axis=1) > 1e-9).tolist()

    assert moved(heads=1) == [False, True, True, True, True, True]
    assert moved(heads=2) == [False, True, True, False, False, False]  # causal!


# --8<-- [end:straight-reshape]
