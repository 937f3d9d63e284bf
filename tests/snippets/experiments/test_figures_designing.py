"""The figures of designing.md draw, and say what their captions say."""

import pytest

from snippets.experiments import figures_designing as figures


@pytest.mark.parametrize("draw", [figures.visible_by_weeks, figures.one_stock])
def test_draws(draw):
    fig = draw()
    (ax,) = fig.axes
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    labels = [line for line in ax.lines if not line.get_label().startswith("_")]
    assert len({line.get_linestyle() for line in labels}) == len(labels)


def test_every_metric_falls_with_time_and_slower_than_fresh_visitors():
    ax = figures.visible_by_weeks().axes[0]
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    bought, fresh = lines["purchases per search"], lines["purchases, if all came once"]
    assert bought[0] == pytest.approx(fresh[0])
    assert all(b > f for b, f in zip(bought[1:], fresh[1:], strict=True))
