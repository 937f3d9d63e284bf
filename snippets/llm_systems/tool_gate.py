"""What a model may do alone, decided by code outside it. Serves docs/chapters/llm-systems/safety.md.

The gate sees the call and the session, never the model's reasons. It assumes that the model asks for whatever an attacker
wants, and that the session's customer is known from the log-in.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


# --8<-- [start:tools]
class Verdict(IntEnum):
    """What happens to a tool call; the strictest rule that applies wins."""

    ALLOW = 0
    CONFIRM = 1
    DENY = 2


@dataclass(frozen=True)
class Tool:
    """A tool as the gate knows it. Money is in whole cents."""

    effect: str  # "read", "write" or "outbound"
    takes: Collection[str] = ("customer",)  # exactly these arguments
    private: bool = False  # returns the customer's own data
    untrusted: bool = False  # returns text that others wrote
    irreversible: bool = False
    per_day: int = 100  # calls by one customer
    alone: int = 0  # sum by one customer and day that needs no person
    at_most: int = 0  # sum by one customer and day, with a person


@dataclass
class Session:
    """What has happened so far; the counters live as long as the customer's day."""

    customer: str
    tainted: bool = False
    private: bool = False
    calls: Counter[str] = field(default_factory=Counter)
    spent: int = 0


# --8<-- [end:tools]


# --8<-- [start:gate]
def decide(
    name: str,
    args: Mapping[str, Any],
    session: Session,
    tools: Mapping[str, Tool],
) -> Verdict:
    """Allow, ask a person, or deny. Pure, O(1); what it does not know it denies."""
    tool, amount = tools.get(name), args.get("amount", 0)
    if tool is None or set(args) != set(tool.takes):  # one missing, one too many
        return Verdict.DENY
    if tool.effect not in ("read", "write", "outbound"):  # misspelled in the table
        return Verdict.DENY
    if not session.customer or args.get("customer") != session.customer:
        return Verdict.DENY
    if ("amount" in args) != (tool.at_most > 0):  # a sum by another name, or unasked
        return Verdict.DENY
    if "amount" in args and (type(amount) is not int or amount <= 0):
        return Verdict.DENY  # "12", NaN, True, -5; 0 may mean "in full"
    total = session.spent + amount if amount else 0  # split sums count together
    if total > tool.at_most:
        return Verdict.DENY
    if session.calls[name] >= tool.per_day:
        return Verdict.DENY
    if tool.effect == "outbound" and session.tainted and session.private:
        return Verdict.DENY  # the three together: no click makes that safe
    if tool.irreversible or total > tool.alone:
        return Verdict.CONFIRM
    if session.tainted and tool.effect != "read":
        return Verdict.CONFIRM
    return Verdict.ALLOW


def record(
    name: str,
    args: Mapping[str, Any],
    session: Session,
    tools: Mapping[str, Tool],
    refused: bool = False,
) -> None:
    """Book a call that was made, or a person's refusal, which ends that tool's day.

    Taint only grows: no later text can wash it off.
    """
    tool = tools[name]
    if refused:  # else asking again is free
        session.calls[name] = tool.per_day
        return
    session.calls[name] += 1
    session.spent += args.get("amount", 0)
    session.tainted |= tool.untrusted
    session.private |= tool.private


# --8<-- [end:gate]

TOOLS = {
    "read_order": Tool("read", private=True),
    "search_comments": Tool("read", ("customer", "query"), untrusted=True),
    "refund": Tool("write", ("customer", "amount"), alone=15_00, at_most=60_00, per_day=2),
    "change_address": Tool("write", ("customer", "address"), irreversible=True, per_day=1),
    "send_mail": Tool("outbound", ("customer", "text"), per_day=3),  # code knows the recipient
}


def demo_gate() -> None:
    """Print what the gate says in a clean session and after a comment was read."""
    # --8<-- [start:example]
    clean, mixed = Session("c1"), Session("c1")
    record("search_comments", {"customer": "c1"}, mixed, TOOLS)  # others' text
    record("read_order", {"customer": "c1"}, mixed, TOOLS)  # the customer's own data
    for name, more in (
        ("read_order", {}),
        ("refund", {"amount": 12_00}),
        ("refund", {"amount": 40_00}),
        ("refund", {"amount": 70_00}),
        ("refund", {}),
        ("change_address", {"address": "5 Mill Lane"}),
        ("send_mail", {"text": "hello"}),
        ("send_mail", {"text": "hello", "to": "x"}),
        ("delete_account", {}),
    ):
        args = {"customer": "c1", **more}
        one, two = (decide(name, args, s, TOOLS).name for s in (clean, mixed))
        said = " ".join(str(value) for value in more.values())
        print(f"{name:14} {said:11} clean {one:7} mixed {two}")
    # --8<-- [end:example]
