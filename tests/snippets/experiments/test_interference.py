"""One stock and two arms: simulation against the closed forms, and against the design page's model."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from snippets.experiments.interference import Stock, simulate
from snippets.systems import search_ranking

PHONES = Stock(8, 0.95)
FEW = np.full(6, 2_000.0)


def reads(design, gain=0.02, stock=PHONES, runs=8, **options):
    rng = np.random.default_rng(7)
    return simulate(design, stock, gain, FEW, rng, runs=runs, **options).mean()


@pytest.mark.parametrize(("days", "sold", "pull"), [(100, 0.75, 1.0), (8, 0.95, 1.0), (100, 0.75, 0.5), (30, 0.4, 0.0)])
def test_closed_form_against_the_differential_equation(days, sold, pull):
    stock, gain = Stock(days, sold, pull), 1e-4
    buy, leave = sold / days, (1 - sold) / days

    def flow(_, y):
        sales = buy * (1 + gain) * days * (y[0] / days) ** pull
        return [1 - sales - leave * y[0], sales]

    end = [0.0, 28.0, 5_000.0, 6_000.0]
    path = solve_ivp(flow, (0, 6_000), [days, 0.0], t_eval=end, rtol=1e-10, atol=1e-12).y[1]
    assert ((path[1] / 28) / sold - 1) / gain == pytest.approx(stock.after(0, 28), abs=2e-3)
    assert ((path[3] - path[2]) / 1_000 / sold - 1) / gain == pytest.approx(stock.lasting(), abs=2e-3)


def test_it_is_the_model_of_the_search_design():
    everything = search_ranking.marketplace.purchases_per_day
    assert Stock(100, 0.75).lasting() == pytest.approx(search_ranking.lasting(1e-6, everything), rel=1e-3)
    assert Stock(100, 0.75, 0.0).lasting() == 1


def test_after_falls_from_everything_to_what_lasts():
    assert PHONES.after(0, 1e-6) == pytest.approx(1, abs=1e-4)
    assert PHONES.after(500, 501) == pytest.approx(PHONES.lasting())
    assert PHONES.after(14, 28) < PHONES.after(0, 28) < 1


def test_users_read_the_whole_gain_whatever_the_stock_does():
    assert reads("user") == pytest.approx(0.02, abs=0.004)


def test_regions_read_what_the_closed_form_says():
    assert reads("region", 0.1) == pytest.approx(0.1 * PHONES.after(0, 28), abs=0.006)
    assert reads("region", 0.1, burn=14) == pytest.approx(0.1 * PHONES.after(14, 28), abs=0.006)


def test_the_faster_the_switch_the_more_it_is_like_users():
    day, fortnight = reads("switchback", 0.1), reads("switchback", 0.1, window=14)
    assert reads("region", 0.1) < fortnight < day < 0.105


def test_a_whole_launch_keeps_what_lasts():
    launch, before = (reads(d, 0.1, days=90, burn=60) for d in ("everybody", "nobody"))
    # at ten percent a little less than the small-gain share: 0.95·1.1/(0.95·1.1 + 0.05)/0.95 − 1
    assert launch / before - 1 == pytest.approx(1.045 / 1.095 / 0.95 - 1, abs=0.003)
    assert before == pytest.approx(6 * 2_000 * 0.95, rel=0.003)


def test_drift_is_noise_for_regions_and_not_for_users():
    spread = {}
    for design in ("user", "region"):
        rng = np.random.default_rng(9)
        spread[design] = simulate(design, PHONES, 0.0, FEW, rng, runs=30, drift=0.05).std()
    assert spread["region"] > 3 * spread["user"]


def test_no_split_beats_the_counting_of_sales():
    """Two arms' sales are binomial given their sum, however the stock behaves; each region's runs are its own."""
    few = np.full(20, 30.0)
    read = simulate("user", PHONES, 0.05, few, np.random.default_rng(12), runs=1_500, drift=0.04)
    sold = 600 * 0.95 * 28 / 2
    assert read.std() == pytest.approx(1.05 * np.sqrt(1 / sold + 1 / (1.05 * sold)), rel=0.06)
    assert len(set(read.tolist())) > 1_400


def test_burn_of_a_switchback_is_of_each_window():
    rng = np.random.default_rng(10)
    whole = simulate("switchback", PHONES, 0.3, FEW, rng, runs=10, window=7).mean()
    late = simulate("switchback", PHONES, 0.3, FEW, rng, runs=10, window=7, burn=5).mean()
    assert late < whole - 0.02
