"""The page's numbers, counted again another way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from equal import run

from snippets.cases import payments
from snippets.coding import worked_time as w
from snippets.coding.encoding import Labeled, fraud_rates
from snippets.coding.windows import Payment, last_day
from snippets.coding.wrong_time import rates_of_past_rows


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
    assert w.counted_by_time() == 1  # B and C are one


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


def test_an_attack_through_the_versions_themselves():
    """The wrong version counts the attack at once; the right one has not one of its labels."""
    day = timedelta(days=1)
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rate = payments.fraud_rate
    for earlier, attack in ((0, 300), (1000, 100)):
        good = [(start - 200 * day, start - 110 * day, False)] * earlier
        step = 30 * day / attack
        bad = [
            (start + n * step, start + n * step + 90 * day, n % 5 < 2)
            for n in range(attack)
        ]
        after = [(start + 30 * day, None, None)]
        rows = [
            Labeled(number, "m", at, known, fraud)
            for number, (at, known, fraud) in enumerate(good + bad + after)
        ]
        wrong = rates_of_past_rows(rows, rate, 20)[-1][1]
        assert wrong == pytest.approx(w.encoded_too_early(earlier, attack))
        right = fraud_rates(rows, rate, 20)[-1][1]
        assert right == pytest.approx(w.encoded(0, earlier))
    assert w.encoded_too_early(0, 300) == pytest.approx(0.375, abs=5e-4)
    assert w.encoded_too_early(1000, 100) == pytest.approx(0.036, abs=5e-4)
    assert w.encoded(0, 0) == rate
    assert w.encoded(1, 1) == pytest.approx(0.05, abs=5e-4)
