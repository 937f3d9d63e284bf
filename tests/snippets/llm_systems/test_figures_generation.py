"""The figure shows what the worked numbers say."""

import matplotlib.pyplot as plt
import pytest

from snippets.llm_systems import figures_generation as figures
from snippets.llm_systems import worked_generation as w


def test_risk_over_coverage():
    fig = figures.risk_coverage()
    level, curve, perfect = fig.axes[0].lines
    assert list(curve.get_xdata()) == pytest.approx([100 * p.coverage for p in w.curve()])
    assert list(curve.get_ydata()) == pytest.approx([100 * p.risk for p in w.curve()])
    assert level.get_ydata()[0] == pytest.approx(21)
    assert perfect.get_ydata()[1] == pytest.approx(0, abs=1e-9)  # 79 % right: no error up to there
    assert all(a >= b - 1e-9 for a, b in zip(curve.get_ydata()[-1:], perfect.get_ydata()[-1:], strict=True))
    plt.close(fig)
