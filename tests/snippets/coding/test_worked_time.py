"""The page's numbers, counted again another way."""

from datetime import UTC, date, timedelta

import pytest
from equal import run

from snippets.coding import worked_time as w
from snippets.coding.windows import Payment, last_day


def test_the_count_is_what_the_windows_module_says():
    """The lines that could be known, once each, through the page's own function."""
    known = {line.payment: line for line in w.LOG if line.logged_at <= w.ASKED.paid_at}
    rows = [
        Payment(ord(name), "card", line.paid_at, 1.0) for name, line in known.items()
    ]
    assert {name: n for name, n, _ in last_day(rows)}[ord("G")] == w.counted() == 2
    assert run("coding/sql/windows.sql:last-day", payments=rows)[-1][1] == 2


def test_each_wrong_decision_adds_what_it_lets_in():
    added = {
        name: w.counted(**{name: True}) - w.counted()
        for name in ("present", "late", "copies", "wall", "future")
    }
    assert added == {
        "present": 2,
        "late": 1,
        "copies": 1,
        "wall": 1,
        "future": 2,
    }  # future: E and G; H was not logged
    assert w.all_wrong() == len(w.LOG) == 8
    assert w.same_date() == 0


def test_hours():
    assert (w.apart(), w.apart(wall=True), w.longest_day()) == (24.75, 23.75, 25.0)
    assert date(2026, 11, 1).weekday() == 6
    gap = w.ASKED.paid_at.astimezone(UTC) - w.LOG[0].paid_at.astimezone(UTC)
    assert gap == timedelta(hours=24, minutes=45)


def test_wrong_labels_move_the_rate():
    by_day = [1.0] * 90 + [w.worked_labels.share_in(age + 0.5) for age in range(90)]
    rate = 0.002
    positives = rate * sum(by_day)
    negatives = (1 - rate) * 90
    assert w.early_positives() == pytest.approx(
        positives / (positives + negatives) / rate, rel=2e-3
    )
    assert w.young_as_good() == pytest.approx(sum(by_day) / 180, rel=1e-3)
    assert w.early_share() == pytest.approx(sum(by_day[90:]) / sum(by_day), rel=1e-3)
    assert w.never_sold() == 0.25
