"""Cross-entropy from logits, against SciPy and exact arithmetic."""

import math

import numpy as np
import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import log_expit, log_softmax

from snippets.coding.losses import binary_loss, softmax_losses
from snippets.coding.wrong_numerics import binary_loss_clipped

logit = st.floats(-2000, 2000) | st.sampled_from([math.inf, -math.inf, 0.0, 745.2])


# --8<-- [start:scipy]
@quick
@example(36.0, 0)
@given(logit, st.integers(0, 1))
def test_binary_is_scipys_log_expit(z, label):
    margin = z if label else -z
    assert binary_loss(label, z) == pytest.approx(-log_expit(margin), rel=1e-14)


@quick
@given(st.lists(st.floats(-2000, 2000), min_size=2, max_size=5), st.data())
def test_softmax_is_scipys_and_ignores_a_constant(row, data):
    label = data.draw(st.integers(0, len(row) - 1))
    found = softmax_losses(np.array([row]), np.array([label]))
    assert found[0] == pytest.approx(-log_softmax(row)[label], rel=1e-12, abs=1e-12)
    moved = softmax_losses(np.array([row]) + 4096.0, np.array([label]))
    assert moved == pytest.approx(found, rel=1e-9, abs=1e-9)


# --8<-- [end:scipy]


@quick
@given(st.floats(-700, 700))
def test_two_classes_are_the_binary_loss(z):
    pair = softmax_losses(np.array([[0.0, z]]), np.array([1]))
    assert pair[0] == pytest.approx(binary_loss(1, z), rel=1e-12, abs=1e-15)


def test_edges():
    assert math.isnan(binary_loss(1, math.nan))
    assert binary_loss(1, 0.0) == math.log(2)
    assert binary_loss(1, 40.0) == pytest.approx(math.exp(-40), rel=1e-15)
    masked = np.array([[1.0, -np.inf], [1.0, -np.inf]])
    assert softmax_losses(masked, np.array([0, 1])).tolist() == [0.0, np.inf]
    assert softmax_losses(np.empty((0, 3)), np.array([], dtype=int)).shape == (0,)
    for bad in ([np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf]):
        with pytest.raises(ValueError, match="a row has"):
            softmax_losses(np.array([bad]), np.array([0]))


@pytest.mark.parametrize("labels", ([0, -1], [0, 3], [0], [[0], [1]]))
def test_a_label_that_is_no_class_or_no_row_raises(labels):
    logits = np.array([[0.0, 0.0, 5.0], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="one label a row"):
        softmax_losses(logits, np.array(labels))


# --8<-- [start:clip]
def test_a_mistake_never_costs_more_than_34_and_a_half():
    for usual in (-34.0, -5.0, 0.0, 5.0, 34.0, 700.0):
        found = binary_loss_clipped(1, usual)
        assert found == pytest.approx(binary_loss(1, usual), rel=1e-14, abs=0)
    assert binary_loss(1, -100.0) == 100.0
    assert binary_loss_clipped(1, -100.0) == pytest.approx(34.5388, abs=1e-4)
    assert binary_loss_clipped(1, -40.0) == binary_loss_clipped(1, -math.inf)  # flat


# --8<-- [end:clip]


@quick
@given(st.floats(-34.5, 2000), st.integers(0, 1))
def test_the_clip_is_the_only_fault(margin, label):
    z = margin if label else -margin
    found = binary_loss_clipped(label, z)
    assert found == pytest.approx(binary_loss(label, z), rel=1e-14, abs=0)
    assert math.isnan(binary_loss_clipped(label, math.nan))
