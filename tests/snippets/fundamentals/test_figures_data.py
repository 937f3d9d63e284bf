"""The drawing says what its text says."""

from __future__ import annotations

import numpy as np

from snippets.fundamentals.data import correlation_of_chosen, two_marks
from snippets.fundamentals.figures_data import chosen_by_sum


def test_the_drawn_people_show_it() -> None:
    marks, chosen = two_marks()
    assert chosen.sum() == 40
    assert marks[chosen].sum(axis=1).min() > marks[~chosen].sum(axis=1).max()
    assert abs(np.corrcoef(marks.T)[0, 1]) < 0.1
    assert abs(np.corrcoef(marks[chosen].T)[0, 1] - correlation_of_chosen(0.1)) < 0.1


def test_the_line_parts_them() -> None:
    axes = chosen_by_sum().axes[0]
    rejected, hired, line = axes.get_lines()
    cut = np.sum(line.get_xydata(), axis=1)
    assert np.ptp(cut) < 1e-9
    assert rejected.get_xydata().sum(axis=1).max() < cut[0]
    assert hired.get_xydata().sum(axis=1).min() >= cut[0] - 1e-9
    assert rejected.get_marker() != hired.get_marker()
