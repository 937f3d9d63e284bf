"""A small feed of made-up posts: what weights, heads and early counts do to what is shown. Serves docs/systems/feed.md.

Each candidate has three hidden qualities: how much it interests the reader, how much it baits, how much it provokes. They
move the log-odds of nine actions. A head sees its own action's log-odds through noise and is calibrated: it predicts the
expected probability given what it sees. All numbers here are premises, said as given on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from snippets.debugging.learn import sigmoid

Array = NDArray[np.float64]

CANDIDATES, SHOWN, REQUESTS = 500, 20, 600
QUALITIES = ("interest", "bait", "provocation")
# action: rate among candidates at mean qualities, then the log-odds a unit of interest, bait and provocation adds
ACTIONS: dict[str, tuple[float, float, float, float]] = {
    "open": (0.080, 0.6, 0.9, 0.3),
    "long dwell": (0.030, 0.9, -0.5, 0.2),
    "like": (0.025, 0.8, -0.2, 0.1),
    "comment": (0.004, 0.4, 0.1, 0.9),
    "share": (0.003, 0.7, 0.1, 0.4),
    "follow": (0.0005, 0.8, -0.3, -0.2),
    "hide": (0.003, -0.6, 0.7, 0.5),
    "report": (0.0002, -0.3, 0.5, 0.9),
    "leave": (0.040, -0.4, 0.4, 0.2),
}
SATISFIED = (0.60, 0.9, -0.7, -0.3)  # "was this post worth your time?": the survey's yes
WEIGHTS: dict[str, float] = {
    "open": 0.5,
    "long dwell": 2.0,
    "like": 1.0,
    "comment": 6.0,
    "share": 6.0,
    "follow": 10.0,
    "hide": -20.0,
    "report": -100.0,
    "leave": -1.0,
}
SIGNAL = 0.5  # share of the variance of a head's log-odds that it sees


def logit(p: float) -> float:
    """Log-odds."""
    return float(np.log(p / (1 - p)))


@dataclass(frozen=True)
class Feed:
    """What is shown: mean chance of each action on a shown post, and of saying that it was worth the time."""

    rate: Mapping[str, float]
    satisfied: float


@cache
def qualities() -> Array:
    """Hidden qualities of every candidate: requests × candidates × 3, standard normal."""
    return np.random.default_rng(7).standard_normal((REQUESTS, CANDIDATES, len(QUALITIES)))


@cache
def chances(action: str) -> Array:
    """True chance of an action for each candidate."""
    base, *slopes = ACTIONS.get(action, SATISFIED)
    return sigmoid(logit(base) + qualities() @ np.array(slopes))


def expected(loadings: tuple[float, float, float, float], signal: float, hidden: Array, noise: Array) -> Array:
    """E[chance | what a head sees] for a head that sees `signal` of its log-odds' variance; `noise` hides the rest."""
    base, *slopes = loadings
    spread = float(np.linalg.norm(slopes))
    z = hidden @ np.array(slopes) / spread  # standard normal
    seen = np.sqrt(signal) * z + np.sqrt(1 - signal) * noise  # standard normal, correlated √signal with z
    nodes, share = np.polynomial.hermite_e.hermegauss(7)
    middle = logit(base) + spread * np.sqrt(signal) * seen
    left = spread * np.sqrt(1 - signal)
    mean: Array = np.zeros_like(z)
    for node, weight in zip(nodes, share / share.sum(), strict=True):
        mean += weight * sigmoid(middle + left * node)
    return mean


@cache
def predicted(action: str, signal: float) -> Array:
    """What a calibrated head predicts for each candidate."""
    noise = np.random.default_rng(list(ACTIONS).index(action)).standard_normal((REQUESTS, CANDIDATES))
    return expected(ACTIONS[action], signal, qualities(), noise)


def value(weights: Mapping[str, float] | None = None, signal: Mapping[str, float] | None = None) -> Array:
    """Σ weight × prediction for each candidate; what is not named is as given."""
    weigh, see = WEIGHTS | dict(weights or {}), dict.fromkeys(ACTIONS, SIGNAL) | dict(signal or {})
    total: Array = np.sum([weigh[a] * predicted(a, see[a]) for a in ACTIONS], axis=0)
    return total


def shown(
    weights: Mapping[str, float] | None = None,
    signal: Mapping[str, float] | None = None,
    factor: Mapping[str, float] | None = None,
) -> NDArray[np.int64]:
    """Which candidates are on each request's page: requests × 20."""
    weigh = WEIGHTS | dict(weights or {})
    weigh = {a: w * dict(factor or {}).get(a, 1.0) for a, w in weigh.items()}
    return np.argpartition(-value(weigh, signal), SHOWN, axis=1)[:, :SHOWN]


def feed(
    weights: Mapping[str, float] | None = None,
    signal: Mapping[str, float] | None = None,
    factor: Mapping[str, float] | None = None,
) -> Feed:
    """The twenty posts of highest value of each request. `factor` multiplies a head's predictions: so many times its weight."""
    top = shown(weights, signal, factor)
    rate = {a: float(np.take_along_axis(chances(a), top, axis=1).mean()) for a in ACTIONS}
    return Feed(rate, float(np.take_along_axis(chances("satisfied"), top, axis=1).mean()))


def auc(action: str, signal: float) -> float:
    """AUC of a head over all candidates, each counted by its chance: no draws."""
    order = np.argsort(predicted(action, signal), axis=None)
    p = chances(action).ravel()[order]
    below = np.cumsum(1 - p) - (1 - p)
    return float((p * below).sum() / (p.sum() * (1 - p).sum()))


@dataclass(frozen=True)
class Redrawn:
    """In how many of the redrawn feeds a better open head raises hides, raises the value, and lowers satisfaction."""

    worlds: int
    hides: int
    value: int
    satisfied: int


@cache
def redrawn(worlds: int = 60, requests: int = 40, rates: float = 0.3, loadings: float = 0.4) -> Redrawn:
    """The better open head on feeds whose rates and loadings are each multiplied by a lognormal factor; weights stay."""
    rng = np.random.default_rng(5)
    hides = value_up = satisfied = 0
    for _ in range(worlds):
        drawn = {
            a: (base * np.exp(rng.normal(0, rates)), *(np.array(slopes) * np.exp(rng.normal(0, loadings, 3))))
            for a, (base, *slopes) in ACTIONS.items()
        }
        yes = (SATISFIED[0], *(np.array(SATISFIED[1:]) * np.exp(rng.normal(0, loadings, 3))))
        hidden = rng.standard_normal((requests, CANDIDATES, 3))
        noise = {a: rng.standard_normal((requests, CANDIDATES)) for a in ACTIONS}
        parts = {a: WEIGHTS[a] * expected(drawn[a], SIGNAL, hidden, noise[a]) for a in ACTIONS}
        better = parts | {"open": WEIGHTS["open"] * expected(drawn["open"], 0.9, hidden, noise["open"])}
        true = {a: sigmoid(logit(p) + hidden @ np.array(slopes)) for a, (p, *slopes) in (drawn | {"yes": yes}).items()}
        true["value"] = np.sum([WEIGHTS[a] * true[a] for a in ACTIONS], axis=0)
        before, after = (
            {a: float(np.take_along_axis(chance, top, axis=1).mean()) for a, chance in true.items()}
            for top in (
                np.argsort(-np.sum(list(heads.values()), axis=0), axis=1)[:, :SHOWN] for heads in (parts, better)
            )
        )
        hides += after["hide"] > before["hide"]
        value_up += after["value"] > before["value"]
        satisfied += after["yes"] < before["yes"]
    return Redrawn(worlds, hides, value_up, satisfied)


# The loop: which post is good is learned from who was shown it

LIKE_RATE, LIKE_SPREAD = 0.025, 0.8  # mean of posts' own like rates, their deviation over it
POSTS, ROUNDS, SLOTS, EACH = 1_000, 50, 50, 40  # posts, rounds, posts shown in a round, impressions of each of them


def prior(spread: float = LIKE_SPREAD) -> tuple[float, float]:
    """Parameters of the beta distribution of posts' own like rates."""
    size = (1 - LIKE_RATE) / (LIKE_RATE * spread**2) - 1
    return LIKE_RATE * size, (1 - LIKE_RATE) * size


@dataclass(frozen=True)
class Loop:
    """What a policy collects: likes over those of always showing the best, and share of posts with under ten views."""

    likes: float
    unseen: float


@cache
def loop(policy: str, explored: float = 0.0, spread: float = LIKE_SPREAD, worlds: int = 24) -> Loop:
    """Mean over worlds. Policies rank by likes so far ("count"), likes a view ("rate") or the posterior mean ("mean")."""
    rng = np.random.default_rng(11)
    a, b = prior(spread)
    likes, unseen = [], []
    for _ in range(worlds):
        true = rng.beta(a, b, POSTS)
        liked, views, tie = np.zeros(POSTS), np.zeros(POSTS), rng.random(POSTS) * 1e-6
        for _ in range(ROUNDS):
            score = {
                "count": liked,
                "rate": liked / np.maximum(views, 1),
                "mean": (liked + a) / (views + a + b),
            }[policy]
            spent = round(SLOTS * EACH * explored)
            shown = np.bincount(rng.integers(0, POSTS, spent), minlength=POSTS)
            shown[np.argsort(-(score + tie))[:SLOTS]] += round((SLOTS * EACH - spent) / SLOTS)
            liked += rng.binomial(shown, true)
            views += shown
        best = np.sort(true)[-SLOTS:].mean()
        likes.append(liked.sum() / (best * views.sum()))
        unseen.append((views < 10).mean())
    return Loop(float(np.mean(likes)), float(np.mean(unseen)))
