"""Caches, cascades, retries and fallbacks as sums. Serves docs/chapters/llm-systems/serving.md.

Money in dollars, times in seconds. Failures are independent from try to try unless said otherwise, which is the premise to attack first.
"""

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from snippets.lifecycle._inputs import not_negative, positive, whole


def share(value: float, name: str) -> float:
    """Give a number between 0 and 1; anything else raises. O(1)."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}: it must lie between 0 and 1")
    return float(value)


# --8<-- [start:prefix]
def reads_that_pay(write: float, read: float) -> float:
    """Reads of a cached prefix from which writing it once is cheaper than no cache.

    Prices over the plain one: n + 1 uses cost n + 1 without, write + n · read with.
    Infinite where reading saves nothing. O(1).
    """
    saved = 1 - not_negative(read, "read")
    return math.inf if saved <= 0 else max(0.0, (not_negative(write, "write") - 1) / saved)


def rate_that_pays(write: float, read: float, life: float) -> float:
    """Uses a second from which a prefix that lives `life` after its last use pays.

    Uses come at random, so the next finds it alive with probability 1 − exp(−rate ·
    life); otherwise it is written again. A mean use must cost less than 1. O(1).
    """
    if read >= 1:
        return math.inf
    alive = (write - 1) / (write - read) if write > 1 else 0.0
    return -math.log(1 - alive) / positive(life, "life")


# --8<-- [end:prefix]


# --8<-- [start:cascade]
def cascade_saving(kept: float, small: float, large: float, errors: float, error_price: float) -> float:
    """Dollars a question saved by asking a small model first and a large one if unsure.

    `kept` is the share that the small one answers for good; `errors` the share of
    *those* that are wrong and that the large one had right, net of the reverse. The
    small model is paid for on every question, the large one on the rest. O(1).
    """
    tokens = share(kept, "kept") * not_negative(large, "large") - not_negative(small, "small")
    return tokens - kept * errors * not_negative(error_price, "error_price")


def error_price_that_pays(kept: float, small: float, large: float, errors: float) -> float:
    """Dollars an error may cost before the cascade loses; infinite if it makes none. O(1)."""
    tokens = cascade_saving(kept, small, large, 0.0, 0.0)
    return tokens / (kept * errors) if kept * errors > 0 else math.inf


# --8<-- [end:cascade]


# --8<-- [start:chain]
class Try(NamedTuple):
    """One call in a chain: what it brings, costs and takes."""

    works: float  # share of calls that return in time
    right: float  # share of returned answers that are right
    cost: float  # dollars, paid whether it works or not
    seconds: float  # until it returns, if it works
    timeout: float  # seconds after which it is given up


class Outcome(NamedTuple):
    """What a chain does to a mean question."""

    answered: float
    right: float
    cost: float
    seconds: float  # until an answer or the end of the chain
    calls: float

    @property
    def cost_per_right(self) -> float:
        """Dollars of calls for one right answer; infinite if none is right."""
        return self.cost / self.right if self.right else math.inf


def expect(chain: Sequence[Try]) -> Outcome:
    """Exact means of calling one after the other until one works.

    A retry is the same `Try` again, a fallback another one. An empty chain answers
    nothing. Failures are independent. O(n).
    """
    reached, answered, right, cost, seconds, calls = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for call in chain:
        works = share(call.works, "works")
        answered += reached * works
        right += reached * works * share(call.right, "right")
        cost += reached * call.cost
        seconds += reached * (works * call.seconds + (1 - works) * call.timeout)
        calls += reached
        reached *= 1 - works
    return Outcome(answered, right, cost, seconds, calls)


# --8<-- [end:chain]


def simulate(chain: Sequence[Try], questions: int, seed: int) -> Outcome:
    """The same means by drawing every call: what `expect` claims. O(questions × n)."""
    random = Random(seed)
    answered, right, cost, seconds, calls = 0, 0, 0.0, 0.0, 0
    for _ in range(whole(questions, "questions")):
        for call in chain:
            calls, cost = calls + 1, cost + call.cost
            if random.random() < call.works:
                answered, seconds = answered + 1, seconds + call.seconds
                right += random.random() < call.right
                break
            seconds += call.timeout
    n = questions
    return Outcome(answered / n, right / n, cost / n, seconds / n, calls / n)


# --8<-- [start:retries]
def attempts(failing: float, tries: int, layers: int = 1) -> float:
    """Calls that reach the last service for each question, when every layer retries.

    A layer gives up after `tries`; one attempt fails with probability `failing`. The
    layer above sees what is left of that and tries again, so an outage gives tries to
    the power of layers. O(layers).
    """
    total, fails = 1.0, share(failing, "failing")
    for _ in range(whole(layers, "layers")):
        tried = float(tries) if fails == 1 else (1 - fails**tries) / (1 - fails)
        total, fails = total * tried, fails**tries
    return total


def availability(parts: Sequence[float], common: float = 0.0) -> float:
    """Share of time in which at least one of the alternatives works.

    They fail independently, but for the share `common` in which all fail at once:
    the same region, key, gateway or bad release. No part gives 0. O(n).
    """
    missing = math.prod(1 - share(part, "part") for part in parts)
    return (1 - share(common, "common")) * (1 - missing)


# --8<-- [end:retries]
