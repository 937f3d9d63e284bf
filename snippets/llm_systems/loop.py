"""An agent: a model that chooses tools in a loop, with a journal, a budget and keys. Serves docs/chapters/llm-systems/generation.md.

All state is the journal. Whoever holds it can go on: the process that crashed, another one, or a person who reads it.
"""

from collections.abc import Callable, Mapping, MutableSequence
from itertools import pairwise, takewhile
from typing import NamedTuple


# --8<-- [start:loop-parts]
class Turn(NamedTuple):
    """What the model decided: call a tool, or say something to the customer."""

    tokens: int  # read and written for this turn
    tool: str | None  # None: `text` is the reply, and the end
    arguments: Mapping[str, str] = {}
    text: str = ""


class Event(NamedTuple):
    """A line of the journal: "start", "turn" or "result"."""

    kind: str
    at: float  # seconds
    turn: Turn | None = None
    result: str = ""


class Tool(NamedTuple):
    """Code the model may ask for. A tool that writes names its operation by `identity`."""

    run: Callable[[Mapping[str, str], str], str]  # takes arguments and key; has its own time-out
    identity: tuple[str, ...] = ()  # the arguments that make the key
    known: frozenset[str] = frozenset()  # what they may be: ids that code took from the session


class Budget(NamedTuple):
    """What one task may use, crashes and restarts included."""

    steps: int
    tokens: int
    seconds: float  # in which a process runs, up to its last line
    lives: int = 5  # starts in a row that add nothing


# --8<-- [end:loop-parts]


# --8<-- [start:loop]
def stop_reason(turns: list[Turn], results: list[str], budget: Budget, seconds: float) -> str:
    """Why the loop must not ask the model again; empty while it may. O(steps)."""
    done = {(t.tool, *sorted(t.arguments.items()), r) for t, r in zip(turns, results, strict=True)}
    rules = {
        "steps": len(turns) >= budget.steps,
        "tokens": sum(t.tokens for t in turns) >= budget.tokens,
        "time": seconds >= budget.seconds,
        "no progress": len(done) < len(turns),  # same call, same result
    }
    return next((why for why, stop in rules.items() if stop), "")


def act(task: str, turn: Turn, tools: Mapping[str, Tool]) -> str:
    """Run one call; a bad call or a time-out is a result that the model reads. O(1) and the tool.

    Any other exception ends the process, and the next life carries the call out again.
    """
    tool = tools.get(turn.tool or "")
    if tool is None:
        return "error: no such tool"
    named = [turn.arguments.get(name, "") for name in tool.identity]
    if not tool.known.issuperset(named):  # " 7781-2" would be another key, and a second payment
        return f"error: {', '.join(tool.identity)} must be one of {sorted(tool.known)}"
    key = "/".join((task, str(turn.tool), *named))
    try:
        return tool.run(turn.arguments, key)
    except TimeoutError:
        return "timed out: may have happened; repeat to find out"


def run_agent(
    task: str,
    model: Callable[[list[Turn], list[str]], Turn],
    tools: Mapping[str, Tool],
    journal: MutableSequence[Event],  # append is durable when it returns
    budget: Budget,
    clock: Callable[[], float],
) -> tuple[str, str]:
    """Begin or resume a task: ("answered", reply) or ("handed over", why).

    A decision is in the journal before it has an effect, so after a crash it is carried
    out again with the same key, not thought up again. Whatever a write tool does must be
    done once for each key. At most `budget.steps` turns over all restarts, and at most
    `budget.lives` starts in a row without a new line between them, or a call that kills
    the process would be repeated for ever. O(steps²).
    """
    journal.append(Event("start", clock()))
    while True:
        turns = [event.turn for event in journal if event.turn is not None]
        results = [event.result for event in journal if event.kind == "result"]
        decided = len(turns) > len(results)  # and not known to be done
        if decided and turns[-1].tool is None:
            return "answered", turns[-1].text
        starts = takewhile(lambda event: event.kind == "start", reversed(journal))
        if len(list(starts)) > budget.lives:
            return "handed over", "restarts"  # the last call may have happened
        if decided:
            journal.append(Event("result", clock(), result=act(task, turns[-1], tools)))
            continue
        lines = pairwise([*journal, Event("now", clock())])
        running = sum(later.at - line.at for line, later in lines if later.kind != "start")
        if why := stop_reason(turns, results, budget, running):
            return "handed over", why
        journal.append(Event("turn", clock(), turn=model(turns, results)))


# --8<-- [end:loop]
