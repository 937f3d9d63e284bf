"""The worked numbers of the page on streams: three ways to a p99, touches of a heap, draws by weight, memory of sketches. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from functools import cache

from snippets.coding.quantiles import Quantiles

# Given: milliseconds → requests of one day, on three servers; the third is slow.
SERVERS = (
    {40.0: 487_550, 300.0: 2_450},
    {40.0: 487_550, 300.0: 2_450},
    {500.0: 19_000, 2_000.0: 1_000},
)


def _sketch(server: dict[float, int], error: float = 0.01) -> Quantiles:
    made = Quantiles(error)
    for value, count in server.items():
        one = Quantiles(error)
        one.add(value)
        for place in one.counts:
            made.counts[place] += count
    return made


def exact(servers: tuple[dict[float, int], ...], q: float = 0.99) -> float:
    """The value at rank ⌊q(n − 1)⌋ of all requests together, in milliseconds."""
    together: dict[float, int] = {}
    for server in servers:
        for value, count in server.items():
            together[value] = together.get(value, 0) + count
    left = math.floor(q * (sum(together.values()) - 1))
    for value in sorted(together):
        left -= together[value]
        if left < 0:
            return value
    raise ValueError("no requests")


def requests(server: int | None = None) -> int:
    """Requests of the day, of one server or of all."""
    chosen = SERVERS if server is None else (SERVERS[server],)
    return sum(sum(each.values()) for each in chosen)


def p99(server: int | None = None) -> float:
    """99th percentile in milliseconds, of one server or of all requests."""
    return exact(SERVERS if server is None else (SERVERS[server],))


def mean_of_p99() -> float:
    """What averaging the three dashboards gives, in milliseconds."""
    return sum(p99(i) for i in range(3)) / 3


def weighted_p99() -> float:
    """The same average, weighted by requests, in milliseconds."""
    return sum(p99(i) * requests(i) for i in range(3)) / requests()


def merged_p99() -> float:
    """The p99 of three sketches merged, in milliseconds."""
    merged = Quantiles()
    for server in SERVERS:
        merged.merge(_sketch(server))
    return merged.quantile(0.99)


def buckets(low: float, high: float, error: float = 0.01) -> int:
    """Buckets that a sketch of this relative error can need for values between two ends."""
    growth = math.log((1 + error) / (1 - error))
    return math.ceil(math.log(high) / growth) - math.ceil(math.log(low) / growth) + 1


@cache
def touches(n: int, k: int) -> float:
    """Rows of a stream in random order that ever enter a heap of the k best, on average: row i does with probability k/i."""
    return sum(min(1.0, k / i) for i in range(1, n + 1))


def inclusion(weights: tuple[int, ...] = (8, 1, 1)) -> float:
    """Chance that the first of the weights is among two drawn without replacement."""
    total = sum(weights)
    return weights[0] / total + sum(
        w / total * weights[0] / (total - w) for w in weights[1:]
    )


def light(weights: tuple[int, ...] = (8, 1, 1)) -> float:
    """The same chance for the last of the weights."""
    return inclusion((weights[-1], *weights[:-1]))


def bucket_bound(rate: float, burst: float, seconds: float) -> float:
    """The most that a token bucket lets through in so many seconds."""
    return burst + rate * seconds


def undercount(n: int, k: int) -> float:
    """The most by which a count of Misra and Gries is too low."""
    return n / (k + 1)
