"""Missing values by slice against DuckDB."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress

from snippets.data_audit.missing import complete_case_slope, likelihood_ratio, missing_by_slice


def test_it_equals_sql():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "part": rng.choice(list("abc"), 500),
            "v": np.where(rng.random(500) < 0.3, np.nan, 1.0),
            "y": rng.integers(0, 2, 500),
        }
    )
    with duckdb.connect() as db:
        db.register("t", table)
        expected = db.sql("""
            select part, count(*), avg((isnan(v) or v is null)::int),
              avg(y) filter (isnan(v) or v is null), avg(y) filter (not isnan(v)) from t group by part order by part
        """).fetchall()
    found = missing_by_slice(table["v"], table["part"], table["y"])
    for row, (name, *values) in zip(found.itertuples(), expected, strict=True):
        assert row.Index == name
        assert list(row)[1:] == pytest.approx(values)


def test_a_slice_without_gaps_and_an_empty_table():
    found = missing_by_slice(pd.Series([1.0, 2.0]), pd.Series(["a", "a"]), pd.Series([0, 1]))
    assert found.loc["a", "missing"] == 0
    assert np.isnan(found.loc["a", "if_missing"])
    assert found.loc["a", "if_present"] == 0.5
    assert missing_by_slice(pd.Series([], dtype=float), pd.Series([], dtype=str), pd.Series([], dtype=int)).empty


def test_likelihood_ratios():
    assert likelihood_ratio(0.3, 0.05, True) == pytest.approx(6)
    assert likelihood_ratio(0.3, 0.05, False) == pytest.approx(0.7 / 0.95)


def test_slope_equals_scipy():
    rng = np.random.default_rng(1)
    x, y, kept = rng.normal(size=50), rng.normal(size=50), rng.random(50) < 0.7
    assert complete_case_slope(x, y, kept) == pytest.approx(linregress(x[kept], y[kept]).slope)
