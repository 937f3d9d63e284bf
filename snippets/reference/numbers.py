"""Numbers worth knowing by heart. Serves docs/reference/numbers.md."""

from __future__ import annotations

from snippets.cases import SECONDS_A_DAY


def a_second(a_day: float) -> float:
    """Events a second, on average, of so many a day."""
    return a_day / SECONDS_A_DAY


def minutes_down(availability: float, days: float = 30) -> float:
    """Minutes in so many days that this availability leaves for being down."""
    return (1 - availability) * days * SECONDS_A_DAY / 60


def time_in_system(load: float) -> float:
    """Mean time in system over mean service time: one server, random arrivals and service times, at this load below 1."""
    if not 0 <= load < 1:
        raise ValueError(f"load {load} must be at least 0 and below 1")
    return 1 / (1 - load)


def rate_after_sampling(rate: float, kept: float) -> float:
    """Base rate after this share of the negatives is kept."""
    return rate / (rate + (1 - rate) * kept)


def weights_gb(parameters: float, number_bytes: float = 2) -> float:
    """Gigabytes of so many parameters."""
    return parameters * number_bytes / 1e9


def flops_a_token(parameters: float, training: bool = False) -> float:
    """Floating-point operations a token: 2 a parameter forward, 6 with backward; attention over long texts comes on top."""
    return parameters * (6 if training else 2)


def tokens_a_second_at_most(parameters: float, bandwidth: float, number_bytes: float = 2) -> float:
    """Tokens a second of one request, at most: each one reads all weights once, `bandwidth` in bytes a second."""
    return bandwidth / (parameters * number_bytes)
