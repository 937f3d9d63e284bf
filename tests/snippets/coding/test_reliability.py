"""Reliability table: by hand, against scikit-learn off the edges, against the metrics chapter's bins."""

import numpy as np
import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from snippets.coding.reliability import Row, ece, mass_edges, table, width_edges
from snippets.metrics.calibration import expected_calibration_error, reliability_bins

share = st.sampled_from([0.0, 0.05, 0.1, 0.29, 0.3, 0.5, 0.7, 0.71, 1.0])
rows = st.lists(st.tuples(st.integers(0, 1), share), min_size=1, max_size=15)


def arrays(pairs):
    return np.array([y for y, _ in pairs]), np.array([p for _, p in pairs])


# --8<-- [start:edges]
def test_edges_ties_and_an_empty_bin():
    forecasts, labels = np.array([0.0, 0.5, 0.5, 1.0]), np.array([0, 0, 1, 1])
    assert table(labels, forecasts, width_edges(4)) == [
        Row(0.0, 0.25, 1, 0.0, 0.0),
        Row(0.25, 0.5, 0, None, None),  # empty, and still a row
        Row(0.5, 0.75, 2, 0.5, 0.5),
        Row(0.75, 1.0, 1, 1.0, 1.0),  # the last bin is closed
    ]
    assert int(0.29 * 100) == 28  # so never multiply and cut off
    assert table(np.array([1]), np.array([0.29]), width_edges(100))[29].items == 1
    assert mass_edges(np.array([0.1, 0.2, 0.2, 0.2]), 4).tolist() == [0, 0.2, 1]
    assert ece(table(np.array([]), np.array([]), width_edges(4))) is None


# --8<-- [end:edges]


@quick
@example([(1, 0.3), (0, 0.29)], 10)
@given(rows, st.sampled_from([1, 2, 5, 10, 100]))
def test_width_is_what_the_metrics_chapter_counts(pairs, bins):
    labels, forecasts = arrays(pairs)
    found = table(labels, forecasts, width_edges(bins))
    assert len(found) == bins
    assert sum(row.items for row in found) == len(pairs)
    theirs = reliability_bins(labels.tolist(), forecasts.tolist(), bins)
    ours = [(r.items, r.forecast, r.happened) for r in found if r.items]
    assert np.array(ours) == pytest.approx(np.array([tuple(b) for b in theirs]))
    whole = expected_calibration_error(labels.tolist(), forecasts.tolist(), bins)
    assert ece(found) == pytest.approx(whole)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_a_forecast_on_an_edge_is_in_the_upper_bin(kind):
    for bins in (10, 100):
        forecasts = np.array([float(f"{i / bins:.2f}") for i in range(bins)], kind)
        found = table(np.ones(bins), forecasts, width_edges(bins))
        assert [row.items for row in found] == [1] * bins
    whole = table(np.array([0, 1]), np.array([0, 1]), width_edges(2))
    assert [row.items for row in whole] == [1, 1]
    half = np.array([0.7, 0.7, 0.2], kind)
    assert [r.items for r in table(np.ones(3), half, mass_edges(half, 2))] == [1, 2]


@quick
@given(rows, st.integers(1, 6))
def test_mass_edges_part_no_tie_and_lose_no_row(pairs, bins):
    labels, forecasts = arrays(pairs)
    found = table(labels, forecasts, mass_edges(forecasts, bins))
    assert 1 <= len(found) <= bins
    assert sum(row.items for row in found) == len(pairs)
    for row in found[:-1]:
        inside = forecasts[(forecasts >= row.low) & (forecasts < row.high)]
        assert row.items == len(inside)


def test_mass_edges_without_ties_share_evenly():
    forecasts = np.random.default_rng(0).permutation(np.arange(1, 101) / 101)
    found = table(np.zeros(100), forecasts, mass_edges(forecasts, 10))
    assert [row.items for row in found] == [10] * 10
    assert mass_edges(np.array([]), 3).tolist() == [0.0, 1.0]
    half = np.concatenate([np.full(50, 0.02), np.linspace(0.1, 0.9, 50)])
    rows = table(np.zeros(100), half, mass_edges(half, 10))
    assert [row.items for row in rows] == [0, 50, 10, 10, 10, 10, 10]


def test_scikit_learn_closes_the_other_end():
    labels, forecasts = np.array([0, 1, 1]), np.array([0.25, 0.5, 0.75])
    true, said = calibration_curve(labels, forecasts, n_bins=2)
    assert (true.tolist(), said.tolist()) == ([0.5, 1.0], [0.375, 0.75])
    ours = table(labels, forecasts, width_edges(2))
    assert [row.happened for row in ours] == [0.0, 1.0]
    off = np.random.default_rng(1).random(200)
    outcome = (off > 0.4).astype(int)
    true, said = calibration_curve(outcome, off, n_bins=7)
    rows = [r for r in table(outcome, off, width_edges(7)) if r.items]
    assert [r.happened for r in rows] == pytest.approx(true.tolist())
    assert [r.forecast for r in rows] == pytest.approx(said.tolist())


@pytest.mark.parametrize("bad", [np.nan, -0.1, 1.1])
def test_what_is_no_probability_raises(bad):
    with pytest.raises(ValueError, match="not a probability"):
        table(np.array([1]), np.array([bad]), width_edges(2))
