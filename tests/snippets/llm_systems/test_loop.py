"""The agent: a crash at every point, any number of them, leaves one refund, one reply and the budget kept."""

from itertools import count, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.loop import Budget, Event, Tool, Turn, act, run_agent, stop_reason

quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)
WIDE = Budget(steps=20, tokens=10_000, seconds=1e9, lives=999)
LINES = frozenset({"7"})
SCRIPT = [
    Turn(10, "order", {"line": "7"}),
    Turn(10, "refund", {"line": "7", "amount": "$40"}),
    Turn(10, "refund", {"line": "7", "amount": "$40"}),  # the model asks again: same operation, same key
    Turn(10, "mail", {"line": "7"}),
    Turn(10, None, text="done"),
]


class Crash(Exception):
    pass


class World:
    """A journal and tools that outlive the process, with one place a crash can happen for each number counted."""

    def __init__(self, crashes, keyed=True):
        self.crashes, self.keyed = set(crashes), keyed
        self.points, self.tries = count(), count()
        self.journal, self.refunds, self.mails, self.asked = [], {}, {}, 0
        self.tools = {
            "order": Tool(lambda a, k: "Plus"),
            "refund": Tool(self.refund, ("line",), LINES),
            "mail": Tool(self.mail, ("line",), LINES),
        }

    def point(self):
        if next(self.points) in self.crashes:
            raise Crash

    def append(self, event):
        self.point()
        self.journal.append(event)
        self.point()

    def write(self, table, key, value):
        self.point()
        table.setdefault(key if self.keyed else f"try {next(self.tries)}", value)
        self.point()
        return f"done {len(table)}"

    def refund(self, arguments, key):
        return self.write(self.refunds, key, arguments["amount"]) + f" at step {len(self.journal)}"

    def mail(self, arguments, key):
        return self.write(self.mails, key, arguments["line"])

    def model(self, turns, results):
        self.asked += 1
        self.point()
        return SCRIPT[len(turns)]

    def live(self, budget=WIDE):
        """Start the process again until it ends by itself."""

        for _ in range(200):
            journal_view = _View(self.journal, self.append)
            try:
                return run_agent("t1", self.model, self.tools, journal_view, budget, lambda: 0.0)
            except Crash:
                continue
        raise AssertionError("never ended")


class _View:
    """The durable journal as the process sees it."""

    def __init__(self, events, append):
        self.events, self.append = events, append

    def __iter__(self):
        return iter(self.events)

    def __len__(self):
        return len(self.events)

    def __getitem__(self, i):
        return self.events[i]


def points_without_a_crash():
    world = World([])
    world.live()
    return next(world.points)


def test_a_crash_at_each_point_leaves_one_effect_each():
    total = points_without_a_crash()
    assert total > 25
    for at in range(total):
        world = World([at])
        assert world.live() == ("answered", "done")
        assert world.refunds == {"t1/refund/7": "$40"}
        assert world.mails == {"t1/mail/7": "7"}
        assert [e.turn for e in world.journal if e.turn] == SCRIPT


def test_without_keys_the_same_crashes_pay_twice():
    # the guard of the test above: it can fail
    worlds = [World([at], keyed=False) for at in range(points_without_a_crash())]
    for world in worlds:
        world.live()
    paid = [len(world.refunds) for world in worlds]
    assert min(paid) == 2  # the model asked twice, and no key said that it was one operation
    assert max(paid) == 3  # and a crash after the effect adds one


@quick
@given(st.sets(st.integers(0, 60), max_size=25))
def test_many_crashes_leave_one_effect_each(crashes):
    world = World(crashes)
    assert world.live() == ("answered", "done")
    assert len(world.refunds) == len(world.mails) == 1
    assert world.asked <= len(SCRIPT) + len(crashes)


@quick
@given(st.sets(st.integers(0, 60), max_size=25), st.integers(0, 6), st.integers(0, 60))
def test_the_budget_counts_over_all_lives(crashes, steps, tokens):
    world = World(crashes)
    outcome = world.live(Budget(steps, tokens, 1e9, lives=999))
    turns = [e.turn for e in world.journal if e.turn]
    assert len(turns) <= steps
    assert sum(t.tokens for t in turns[:-1]) < max(tokens, 1)
    assert outcome == ("answered", "done") or outcome[0] == "handed over"


def test_a_decision_is_carried_out_and_not_thought_up_again():
    # a second model would refund another amount: the journal holds the first decision
    journal = [Event("start", 0.0), Event("turn", 0.0, Turn(1, "refund", {"line": "7", "amount": "$40"}))]
    world = World([])
    said = run_agent("t1", lambda t, r: Turn(1, None, text=r[-1]), world.tools, journal, WIDE, lambda: 0.0)
    assert world.refunds == {"t1/refund/7": "$40"}
    assert said == ("answered", "done 1 at step 0")


def test_stop_rules():
    turn = Turn(10, "search", {"q": "a", "page": "1"})
    same = turn._replace(arguments={"page": "1", "q": "a"})
    assert stop_reason([], [], WIDE, 0) == ""
    assert stop_reason([turn], ["x"], WIDE, 0) == ""
    assert stop_reason([turn, same], ["x", "x"], WIDE, 0) == "no progress"
    assert stop_reason([turn, same], ["x", "y"], WIDE, 0) == ""  # a status that changes is progress
    assert stop_reason([turn], ["x"], Budget(1, 99, 9), 0) == "steps"
    assert stop_reason([turn], ["x"], Budget(9, 10, 9), 0) == "tokens"
    assert stop_reason([turn], ["x"], Budget(9, 99, 9), 9.0) == "time"
    assert stop_reason([], [], Budget(0, 99, 9), 0) == "steps"


@pytest.mark.parametrize(("now", "end"), [(1_009.0, ("answered", "done")), (1_010.0, ("handed over", "time"))])
def test_time_counts_over_lives_and_not_between_them(now, end):
    journal = [Event("start", 100.0), Event("turn", 105.0, Turn(1, "order")), Event("result", 120.0, result="Plus")]
    clock = iter([1_000.0, now, now])  # started again after fifteen minutes; 20 s are used
    said = run_agent("t", lambda t, r: Turn(1, None, text="done"), {}, journal, Budget(9, 99, 30), lambda: next(clock))
    assert said == end


def test_what_goes_wrong_is_a_result():
    def late(arguments, key):
        raise TimeoutError

    tools = {"refund": Tool(late, ("line",), LINES), "": Tool(late)}
    assert act("t", Turn(1, "delete"), tools).startswith("error")
    assert act("t", Turn(1, "refund"), tools).startswith("error")
    assert act("t", Turn(1, "refund", {"line": "7"}), tools).startswith("timed out")


@pytest.mark.parametrize("typed", [" 7", "7.", "07", "line 7", "", "7/8"])
def test_another_spelling_of_a_line_is_no_other_key(typed):
    world = World([])
    said = act("t1", Turn(1, "refund", {"line": typed, "amount": "$40"}), world.tools)
    assert said == "error: line must be one of ['7']"
    assert world.refunds == {}


def test_a_call_that_kills_the_process_is_not_repeated_for_ever():
    calls, journal = count(), []

    def deadly(arguments, key):
        next(calls)
        raise Crash

    budget = Budget(steps=9, tokens=99, seconds=1e9, lives=3)
    tools = {"parse": Tool(deadly)}
    for _ in range(1 + budget.lives):  # the life that decided it, and three more
        with pytest.raises(Crash):
            run_agent("t", lambda t, r: Turn(1, "parse"), tools, journal, budget, lambda: 0.0)
    end = run_agent("t", lambda t, r: Turn(1, "parse"), tools, journal, budget, lambda: 0.0)
    assert end == ("handed over", "restarts")
    assert next(calls) == 1 + budget.lives


def test_an_end_that_was_decided_is_told_in_a_late_life_too():
    journal = [Event("start", 0.0)] * 9 + [Event("turn", 0.0, Turn(1, None, text="done"))]
    assert run_agent("t", lambda t, r: Turn(1, None), {}, journal, Budget(9, 99, 9), lambda: 99.0) == (
        "answered",
        "done",
    )


def test_waiting_for_a_yes_is_a_call_carried_out_again():
    # the process ends after asking; the answer starts it again, and the same key finds the answer.
    # Six questions, each answered after an hour, under a minute of running time and three lives.
    journal, asked, yes = [], [], {}
    budget = Budget(steps=9, tokens=99, seconds=60, lives=3)

    def confirm(arguments, key):
        if key not in yes:
            asked.append(key)
            raise Crash
        return yes[key]

    def model(turns, results):
        return Turn(1, None, text=results[-1]) if len(results) == 6 else Turn(1, "confirm", {"line": str(len(results))})

    tools = {"confirm": Tool(confirm, ("line",), frozenset("012345"))}
    hours = [3_600.0 * question for question in range(7)]
    for question, now in enumerate(hours[:6]):
        with pytest.raises(Crash):
            run_agent("t", model, tools, journal, budget, repeat(now).__next__)
        yes[asked[question]] = f"yes {question}"
    assert run_agent("t", model, tools, journal, budget, repeat(hours[6]).__next__) == ("answered", "yes 5")
    assert asked == [f"t/confirm/{question}" for question in range(6)]


def test_what_is_not_a_time_out_ends_the_process():
    def broken(arguments, key):
        raise KeyError(key)

    with pytest.raises(KeyError, match="t/refund"):
        act("t", Turn(1, "refund"), {"refund": Tool(broken)})
