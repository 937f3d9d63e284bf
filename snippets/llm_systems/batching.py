"""Queues and batches of answers. Serves docs/chapters/llm-systems/serving.md.

Two views of the same server. As a queue of single jobs it has closed forms (M/M/1, M/D/1). As an engine that works in passes it is
simulated, because answers share passes and slow each other down. Seconds throughout; the simulation is deterministic for given requests.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from snippets.lifecycle._inputs import inside, positive, whole


# --8<-- [start:wait]
def mean_wait(rate: float, mean: float, spread: float = 1.0) -> float:
    """Seconds before service at one server, by Pollaczek and Khinchine's formula.

    Arrivals are random (Poisson), jobs take `mean` seconds with a standard deviation
    of `spread` × mean: 0 is M/D/1, 1 is M/M/1. Infinite from a load of 1. O(1).
    """
    load = positive(rate, "rate") * positive(mean, "mean")
    return math.inf if load >= 1 else load * mean * (1 + spread**2) / (2 * (1 - load))


def waits(gaps: Iterable[float], services: Iterable[float]) -> list[float]:
    """Wait of each job at one server, first come, first served (Lindley's recursion).

    `gaps[i]` is the time from arrival i to arrival i + 1. The first waits 0; what the
    server still has to do shrinks by the gap and grows by each job. O(n).
    """
    backlog, out = 0.0, []
    for gap, service in zip(gaps, services, strict=True):
        out.append(backlog)
        backlog = max(0.0, backlog + service - gap)
    return out


# --8<-- [end:wait]


def mm1_quantile(rate: float, mean: float, share: float) -> float:
    """Seconds of waiting and service within which this share of jobs is done, in an M/M/1 queue; infinite when overloaded. O(1)."""
    load = positive(rate, "rate") * positive(mean, "mean")
    return math.inf if load >= 1 else -math.log(1 - inside(share, "share")) * mean / (1 - load)


def md1_quantile(rate: float, mean: float, quantile: float) -> float:
    """Seconds of waiting and service within which this share of equal jobs is done, in an M/D/1 queue; infinite when overloaded.

    By the tail's exponential limit: P(wait > t) ≈ (1 − load) / (rate · mean · e^(θ · mean) − 1) · e^(−θt), where θ solves
    rate · (e^(θ · mean) − 1) = θ. Good in the tail, from about p90 on at loads above a half. θ by 80 halvings, O(1).
    """
    load = positive(rate, "rate") * positive(mean, "mean")
    if load >= 1:
        return math.inf
    low, high = 0.0, 2 * (1 - load) / (rate * mean**2)  # e^x − 1 > x + x²/2, so θ lies below
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rate * math.expm1(middle * mean) < middle else (low, middle)
    scale = (1 - load) / (load * math.exp(low * mean) - 1)
    return max(0.0, math.log(scale / (1 - inside(quantile, "quantile"))) / low) + mean


@dataclass
class Request:
    """One answer to be made; the engine fills in what happened."""

    arrival: float
    prompt: int  # tokens to read
    answer: int  # tokens to write
    read: int = 0
    times: list[float] = field(default_factory=list)  # when each token came

    @property
    def first(self) -> float:
        """Seconds until the first token."""
        return self.times[0] - self.arrival

    @property
    def whole(self) -> float:
        """Seconds until the last token."""
        return self.times[-1] - self.arrival

    @property
    def gaps(self) -> list[float]:
        """Seconds between one token and the next."""
        return [b - a for a, b in zip(self.times, self.times[1:], strict=False)]


def poisson_requests(
    rate: float, count: int, prompt: int, lengths: Callable[[Random], int], seed: int
) -> list[Request]:
    """Requests at random times, equal prompts, answers as long as `lengths` draws. O(count)."""
    random, now, out = Random(seed), 0.0, []
    for _ in range(whole(count, "count")):
        now += random.expovariate(positive(rate, "rate"))
        out.append(Request(now, prompt, max(1, lengths(random))))
    return out


# --8<-- [start:engine]
def run(
    requests: Sequence[Request],
    seconds: Callable[[int, int], float],
    slots: int,
    chunk: int = 0,
) -> None:
    """Serve the requests, sorted by arrival, in passes, and note each token's time.

    A pass takes `seconds(read, write)` for so many prompt tokens and answers. Answers
    join and leave between passes (continuous batching), at most `slots` at once. With
    `chunk` 0 a prompt is read in a pass of its own, while the others stand still; else
    up to `chunk` tokens of it ride along in each pass. O(passes × slots).
    """
    waiting, writing, now = deque(requests), list[Request](), 0.0
    reading: Request | None = None
    while waiting or writing or reading:
        if not (reading or writing):
            now = max(now, waiting[0].arrival)
        if reading is None and waiting and waiting[0].arrival <= now and len(writing) < slots:
            reading = waiting.popleft()
        part = 0 if reading is None else min(chunk or reading.prompt, reading.prompt - reading.read)
        active = [] if reading and not chunk else writing
        now += seconds(part, len(active))
        for request in active:
            request.times.append(now)
        if reading is not None:
            reading.read += part
            if reading.read == reading.prompt:  # its last pass gives the first token
                reading.times.append(now)
                writing, reading = [*writing, reading], None
        writing = [r for r in writing if len(r.times) < r.answer]


# --8<-- [end:engine]


def run_static(requests: Sequence[Request], seconds: Callable[[int, int], float], size: int) -> None:
    """Serve the requests in closed batches: take up to `size` that wait, read all, write until the longest is done. O(tokens).

    Nobody joins before the batch ends; a finished answer keeps its place until then, and its pass costs the same.
    """
    waiting, now = deque(requests), 0.0
    while waiting:
        now = max(now, waiting[0].arrival)
        batch = [waiting.popleft()]
        while waiting and len(batch) < size and waiting[0].arrival <= now:
            batch.append(waiting.popleft())
        now += sum(seconds(request.prompt, 0) for request in batch)
        for request in batch:
            request.times.append(now)
        for step in range(2, max(request.answer for request in batch) + 1):
            now += seconds(0, len(batch))
            for request in batch:
                if step <= request.answer:
                    request.times.append(now)


def goodput(requests: Sequence[Request], first: float, whole_limit: float) -> float:
    """Share of requests that meet both limits, in seconds; none gives NaN. O(n)."""
    kept = [request.first <= first and request.whole <= whole_limit for request in requests]
    return sum(kept) / len(kept) if kept else math.nan
