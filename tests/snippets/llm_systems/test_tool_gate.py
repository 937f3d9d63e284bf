"""The gate against a puppet that asks for everything an attacker could want."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.tool_gate import TOOLS, Session, Tool, Verdict, decide, record

quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)
names = st.sampled_from([*TOOLS, "delete_account"])
amounts = st.sampled_from([0, 1, 12_00, 15_00, 15_01, 60_00, 60_01, -1, 12.0, math.nan, math.inf, True, "12", None])
customers = st.sampled_from(["c1", "c2", None])
sessions = st.builds(
    lambda tainted, private, spent, calls: Session("c1", tainted, private, Counter(dict.fromkeys(TOOLS, calls)), spent),
    st.booleans(),
    st.booleans(),
    st.integers(0, 70_00),
    st.integers(0, 4),
)


def arguments(name, amount=0, customer="c1"):
    """What the tool takes, filled in; an amount is given to tools that take none only if it is not 0."""
    args = dict.fromkeys(TOOLS[name].takes if name in TOOLS else ("customer",), "x") | {"customer": customer}
    return args | {"amount": amount} if "amount" in args or amount != 0 else args


def call(name, amount=0, session=None, customer="c1"):
    return decide(name, arguments(name, amount, customer), session or Session("c1"), TOOLS)


@quick
@given(names, amounts, customers, sessions)
def test_a_worse_session_is_never_treated_better(name, amount, customer, session) -> None:
    before = call(name, amount, session, customer)
    for worse in (
        replace(session, tainted=True),
        replace(session, private=True),
        replace(session, spent=session.spent + 1),
        replace(session, calls=session.calls + Counter([name])),
    ):
        assert call(name, amount, worse, customer) >= before


@quick
@given(names, amounts, sessions)
def test_what_is_never_allowed_alone(name, amount, session) -> None:
    assert call(name, amount, session, "c2") == Verdict.DENY
    if call(name, amount, session) == Verdict.ALLOW:
        assert name != "delete_account"
        assert not TOOLS[name].irreversible
        assert TOOLS[name].effect == "read" or not session.tainted


@quick
@given(st.lists(st.tuples(names, amounts, customers), max_size=30), st.booleans())
def test_no_sequence_gets_more_than_the_sums(calls, people_click_everything) -> None:
    """The puppet asks for anything, in any order; with people who wave everything through, the day's sum still holds."""
    session, paid = Session("c1"), 0
    for name, amount, customer in calls:
        args = arguments(name, amount, customer)
        if decide(name, args, session, TOOLS) <= (Verdict.CONFIRM if people_click_everything else Verdict.ALLOW):
            record(name, args, session, TOOLS)
            paid += amount
    assert paid <= (60_00 if people_click_everything else 15_00)
    assert all(session.calls[name] <= TOOLS[name].per_day for name in TOOLS)


@pytest.mark.parametrize(
    ("name", "amount", "verdict"),
    [
        ("refund", 15_00, Verdict.ALLOW),
        ("refund", 15_01, Verdict.CONFIRM),
        ("refund", 60_00, Verdict.CONFIRM),
        ("refund", 60_01, Verdict.DENY),
        ("refund", 1, Verdict.ALLOW),
        ("refund", 0, Verdict.DENY),
        ("refund", -1, Verdict.DENY),
        ("refund", math.nan, Verdict.DENY),
        ("refund", True, Verdict.DENY),
        ("refund", "12", Verdict.DENY),
        ("read_order", 0, Verdict.ALLOW),
        ("read_order", 1, Verdict.DENY),
        ("change_address", 0, Verdict.CONFIRM),
        ("drop_table", 0, Verdict.DENY),
    ],
)
def test_boundaries(name: str, amount: object, verdict: Verdict) -> None:
    assert call(name, amount) == verdict


@pytest.mark.parametrize("name", list(TOOLS))
def test_one_argument_too_many_or_too_few_is_denied(name: str) -> None:
    """A recipient for the mail, a refund that names no sum: what the table does not list is not passed on."""
    args = arguments(name, 1 if "amount" in TOOLS[name].takes else 0)
    assert decide(name, args, Session("c1"), TOOLS) < Verdict.DENY
    for extra in ("to", "url", "Amount"):
        assert decide(name, {**args, extra: "x"}, Session("c1"), TOOLS) == Verdict.DENY
    for left_out in args:
        fewer = {key: value for key, value in args.items() if key != left_out}
        assert decide(name, fewer, Session("c1"), TOOLS) == Verdict.DENY


def test_split_sums_count_together() -> None:
    session = Session("c1")
    args = {"customer": "c1", "amount": 12_00}
    assert decide("refund", args, session, TOOLS) == Verdict.ALLOW
    record("refund", args, session, TOOLS)
    assert decide("refund", args, session, TOOLS) == Verdict.CONFIRM
    assert call("read_order", 0, session) == Verdict.ALLOW  # money spent does not lock reading


def test_taint_is_sticky_and_three_together_are_denied() -> None:
    session = Session("c1")
    assert call("send_mail", 0, session) == Verdict.ALLOW
    record("search_comments", {"customer": "c1"}, session, TOOLS)
    assert call("send_mail", 0, session) == call("refund", 1, session) == Verdict.CONFIRM
    record("read_order", {"customer": "c1"}, session, TOOLS)
    assert call("send_mail", 0, session) == Verdict.DENY
    assert session.tainted
    assert session.private
    assert call("read_order", 0, session) == Verdict.ALLOW


def test_a_tool_has_no_rights_unless_given() -> None:
    bare = {"pay": Tool("write", ("customer", "amount"))}
    assert decide("pay", {"customer": "c1", "amount": 1}, Session("c1"), bare) == Verdict.DENY
    assert decide("pay", {}, Session("c1"), bare) == Verdict.DENY


@pytest.mark.parametrize("effect", ["outbond", "Read", ""])
def test_a_misspelled_effect_is_denied(effect: str) -> None:
    assert decide("x", {"customer": "c1"}, Session("c1"), {"x": Tool(effect)}) is Verdict.DENY


def test_nobody_logged_in_may_call_nothing() -> None:
    for name, tool in TOOLS.items():
        args = {**dict.fromkeys(tool.takes, 1), "customer": ""}
        assert decide(name, args, Session(""), TOOLS) is Verdict.DENY


def test_a_sum_by_another_name_is_denied() -> None:
    """Limits in the table guard nothing when the tool's sum is not called `amount`."""
    table = {"pay": Tool("write", ("customer", "amount_cents"), alone=15_00, at_most=60_00)}
    assert decide("pay", {"customer": "c1", "amount_cents": 9_999_99}, Session("c1"), table) is Verdict.DENY


def test_a_refused_click_ends_the_tools_day() -> None:
    """Otherwise whoever asks again is paid in the end: by the fifth try in 92 % when a click misses 40 %."""
    session = Session("c1")
    assert call("refund", 60_00, session) is Verdict.CONFIRM
    record("refund", arguments("refund", 60_00), session, TOOLS, refused=True)
    assert {call("refund", cents, session) for cents in (1, 15_00, 60_00)} == {Verdict.DENY}
    assert session.spent == 0
    assert call("read_order", 0, session) is call("send_mail", 0, session) is Verdict.ALLOW
