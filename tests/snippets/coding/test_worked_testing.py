"""The page's numbers, another way."""

import json

import numpy as np
import pytest
import test_lapsed
from handbook.pages import SNIPPETS
from scipy.integrate import quad
from scipy.stats import norm

from snippets.coding import worked_testing as w


def test_the_record_is_counted_as_it_stands():
    rows = json.loads(
        (SNIPPETS / "coding" / "mutants.json").read_text(encoding="utf-8")
    )
    assert (w.made(), w.missed(), w.missed("strong")) == (
        len(rows),
        sum(not r["weak"] for r in rows),
        0,
    )
    assert w.missed() == 7
    assert w.distinct() == 5


def test_an_assertion_without_a_value(monkeypatch):
    """The weak test itself, with `==` made to ask only whether anything came back."""

    class Anything(list):
        def __eq__(self, other):
            return bool(self)

    let_pass = 0
    source = (SNIPPETS / "coding" / "lapsed.py").read_text(encoding="utf-8")
    for row in json.loads(w.RECORD.read_text(encoding="utf-8")):
        made = {}
        exec(source.replace(row["line"], row["mutated"]), made)
        monkeypatch.setattr(
            test_lapsed, "lapsed", lambda *given, f=made["lapsed"]: Anything(f(*given))
        )
        try:
            test_lapsed.test_covers_every_line()
        except Exception:
            continue
        let_pass += 1
    assert w.missed_without_a_value() == let_pass


def test_alarms_of_the_given_line():
    z = (w.LINE - w.TRUE_AUC) / w.noise()
    assert w.false_alarm() == pytest.approx(norm.cdf(z))
    assert w.false_alarms() == pytest.approx(70 * norm.cdf(z))
    assert w.retried() == pytest.approx(norm.cdf(z) ** -2)
    assert w.passes_fallen(0.02) == pytest.approx(0.5)
    assert w.noise(10) == pytest.approx(w.noise() / 10**0.5, rel=0.01)


def test_the_quiet_line():
    assert w.quiet_line() == pytest.approx(0.92 + norm.ppf(1 / 3640) * w.noise())
    for rows in (1, 10):
        fall = w.quiet_drop(rows)
        measured = norm(0.92 - fall, w.noise(rows, 0.92 - fall))
        assert measured.cdf(w.quiet_line(rows)) == pytest.approx(0.9, abs=1e-4)
    assert w.rows_for(w.quiet_drop()) == 2
    assert w.quiet_drop(w.rows_for(0.02) // 2) == pytest.approx(0.02, rel=0.03)


def _noise_by_integrals(auc, positives=200, negatives=1_800):
    """Hanley and McNeil's formula, its two chances integrated over normal scores."""
    apart = 2**0.5 * norm.ppf(auc)
    below_two = quad(lambda x: norm.pdf(x) * norm.sf(x - apart) ** 2, -8, 8)[0]
    above_two = quad(lambda x: norm.pdf(x - apart) * norm.cdf(x) ** 2, -8, 12)[0]
    variance = auc * (1 - auc) + (positives - 1) * (below_two - auc**2)
    variance += (negatives - 1) * (above_two - auc**2)
    return (variance / positives / negatives) ** 0.5


@pytest.mark.parametrize("auc", [0.92, 0.90, 0.89, 0.87])
def test_the_noise_grows_as_the_model_falls(auc):
    assert w.noise(auc=auc) == pytest.approx(_noise_by_integrals(auc), rel=0.005)


def test_what_draws_say_of_a_fallen_model_and_of_the_tail():
    rng = np.random.default_rng(11)

    def drawn(auc, builds=3_000):
        apart = 2**0.5 * norm.ppf(auc)
        for _ in range(builds):
            negatives = np.sort(rng.normal(size=1_800))
            below = np.searchsorted(negatives, rng.normal(apart, size=200))
            yield below.mean() / 1_800

    passes = np.mean([auc >= 0.9 for auc in drawn(0.89)])
    assert w.passes_fallen(0.03) == pytest.approx(passes, abs=0.03)  # was 0.15
    red = np.mean([auc < 0.9 for auc in drawn(0.92, 8_000)])
    assert w.skewed_rate(0.9) == pytest.approx(red, abs=0.005)
    assert w.false_alarm() < w.skewed_rate(0.9)
    assert 2 < w.skewed_alarms_a_year() < 3.5  # 60,000 draws said 2.8, give or take 0.4
    assert 1 / w.retried() > 1 / w.QUIET  # one retry is not as quiet as the quiet line


def test_checks_and_faults():
    assert w.finds_each() == 5
    assert w.found_by("loss_falls") == 0
    printed = ["x.x.x..", "...x...", ".....x.", "..x....", "......x"]  # test_training's
    assert w.found_once() == sum(row.count("x") == 1 for row in printed) == 4
    # first order: the mean of 16 own logits less their row's mean, sd 0.1 √(2/3) / 4
    assert w.first_loss_moves() == pytest.approx(
        0.1 * (2 / 3) ** 0.5 / 4 * (2 / 3.14159) ** 0.5, abs=0.002
    )
    assert w.found_by("overfits") == 2
    assert w.final_loss() < w.final_loss("labels shuffled apart")


def test_demos(capsys):
    w.demo_missed()
    assert capsys.readouterr().out.count("\n+ ") == 7
    assert w._around("a = 30", "a = 31") == ["a = 30", "a = 31"]
    w.demo_matrix()
    assert "overfits            x . . x ." in capsys.readouterr().out
