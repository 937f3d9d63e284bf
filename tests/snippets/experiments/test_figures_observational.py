"""The figures of observational.md draw, and say what their captions say."""

import numpy as np

from snippets.experiments import figures_observational as figures
from snippets.experiments.worked_observational import break_even, lost


def test_overlap_says_what_its_alternative_says():
    people, effects = figures.overlap().axes
    without, with_alerts = people.lines[:2]
    assert without.get_linestyle() != with_alerts.get_linestyle()
    x = with_alerts.get_xdata()
    assert 1.1 < x[np.argmax(with_alerts.get_ydata())] < 1.4
    effect = effects.lines[0].get_ydata()
    pays = x[np.argmax(effect > break_even())]
    assert 0.1 < pays < 0.3
    assert effect[np.searchsorted(x, 2)] > 2.8
    left, right = people.patches[0].get_x(), people.patches[0].get_x() + people.patches[0].get_width()
    assert (round(left, 1), round(right, 1)) == (0.5, 3.1)


def test_losses_end_where_the_table_says():
    (axes,) = figures.bandit_loss().axes
    lines = {line.get_label(): line for line in axes.lines}
    assert len({line.get_linestyle() for line in lines.values()}) == 4
    for policy, line in lines.items():
        assert np.isclose(line.get_ydata()[-1], lost(policy))
