"""The figures of designing.md draw, and say what their captions say."""

from pathlib import Path

import pytest

from snippets.experiments import figures_designing as figures
from snippets.experiments import worked_designing as worked


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


def test_alternative_texts_say_what_is_drawn():
    page = (Path(__file__).parents[3] / "docs/chapters/experiments/designing.md").read_text(encoding="utf-8")
    weeks, stock = (
        next(line for line in page.splitlines() if f"{name}.svg" in line) for name in ("visible-by-weeks", "one-stock")
    )
    for line in figures.visible_by_weeks().axes[0].lines:
        if len(line.get_ydata()) == 8:
            first, *_, last = line.get_ydata()
            fresh = str(line.get_label()).startswith("purchases, if")
            wanted = f"would reach {last:.2f} %" if fresh else f"from {first:.2f} % to {last:.2f} %"
            assert wanted in weeks
    for goods in (worked.WHOLE, worked.PHONES):
        assert (
            f"{goods.after(0, 28):.0%} after 28 days, {goods.after(0, 120):.0%} after 120".replace("%", " %") in stock
        )
