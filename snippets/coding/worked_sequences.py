"""The worked numbers of attention, tokens, factors, components and a network. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

from snippets.coding.attention import Array, attention, multi_head
from snippets.coding.bpe import encode, train
from snippets.coding.factors import (
    Event,
    popular,
    recall_after,
    table,
    with_fallback,
)
from snippets.coding.network import Net, loss_and_gradient, start
from snippets.coding.network import train as descend
from snippets.coding.pca import fit
from snippets.coding.wrong_sequences import (
    encode_longest,
    masked_attention,
    straight_reshape,
)

BOOK = Path(__file__).parents[1] / "labs/data/handbook-2026-11.jsonl"  # a frozen text

TOKENS, WIDTH, HEADS = 8, 16, 4  # of the small inputs below
PADS = 1  # padding at the left of the sequence that turns to NaN


def _tokens(seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=(TOKENS, WIDTH))


def _output(x: Array, right: bool) -> Array:
    if right:
        eye = np.eye(WIDTH)
        mixed = multi_head(x[None], (eye, eye, eye, eye), HEADS, causal=True)
        return mixed.reshape(x.shape)
    return straight_reshape(x, HEADS)


def moves(right: bool, future: bool = False) -> int:
    """Of the pairs of a position and an earlier or the same one, those where a change of the second moves the output at the first.

    With `future`, of the pairs of a position and a later one.
    """
    x = _tokens()
    before = _output(x, right)
    count = 0
    for j in range(TOKENS):
        changed = x.copy()
        changed[j] += 1.0
        moved = np.abs(_output(changed, right) - before).max(axis=1) > 1e-12
        count += int(moved[:j].sum() if future else moved[j:].sum())
    return count


def pairs() -> int:
    """Pairs of a position and an earlier or the same one among eight positions."""
    return TOKENS * (TOKENS + 1) // 2


def nan_rows(layers: int, right: bool = False) -> int:
    """Rows of eight that are NaN after so many causal layers, with one padded place at the left."""
    x = _tokens()
    real = np.arange(TOKENS) >= PADS
    with np.errstate(invalid="ignore"):
        for _ in range(layers):
            x = (attention if right else masked_attention)(x, x, x, real, causal=True)
    return int(np.isnan(x).any(axis=1).sum())


def score_megabytes(tokens: int) -> float:
    """Megabytes of one head's scores, a double for each pair of positions."""
    return tokens**2 * 8 / 1e6


MERGES = 100
COMMON = 10  # times a word occurs to be counted


@cache
def _cuts() -> tuple[int, int, int, int]:
    """Running words, those cut otherwise, tokens by rank, tokens by length."""
    words = Counter(
        word
        for line in BOOK.read_text(encoding="utf-8").splitlines()
        for word in re.findall("[a-z]+", json.loads(line)["text"].lower())
    )
    words = Counter({w: n for w, n in words.items() if n >= COMMON})
    learned = train((w.encode() for w in words.elements()), MERGES)
    other = ranked = longest = 0
    for word, n in words.items():
        cut = encode(word.encode(), learned)
        greedy = encode_longest(word.encode(), learned)
        other += n * (cut != greedy)
        ranked += n * len(cut)
        longest += n * len(greedy)
    return words.total(), other, ranked, longest


def cut_otherwise() -> float:
    """Share of this book's common running words that the greedy encoder cuts otherwise than the ranks do."""
    words, other, _, _ = _cuts()
    return other / words


def more_tokens() -> float:
    """Tokens that the greedy encoder needs more on the same words, as a share."""
    _, _, ranked, longest = _cuts()
    return longest / ranked - 1


USERS, ITEMS, DAYS, CUT, EACH, LIFE = 120, 80, 60, 50, 12, 10  # the small market, given
TOP, SEEDS = 5, 5


def _market(seed: int) -> list[Event]:
    """Four tastes; an item appears some day and is forgotten with a mean life of ten days."""
    rng = np.random.default_rng(seed)
    taste, kind = rng.integers(0, 4, USERS), rng.integers(0, 4, ITEMS)
    born, appeal = (
        np.sort(rng.uniform(-LIFE, DAYS, ITEMS)),
        rng.pareto(1.5, ITEMS) + 0.3,
    )
    events = []
    for user in range(USERS):
        for day in rng.uniform(0, DAYS, EACH):
            age = day - born
            pull = appeal * np.exp(-age / LIFE) * (age >= 0)
            pull *= np.where(kind == taste[user], 6, 1)
            events.append(
                Event(user, int(rng.choice(ITEMS, p=pull / pull.sum())), float(day))
            )
    return events


RANK, ALPHA, PENALTY = 4, 10.0, 1.0  # of the factors, given; nothing is tuned
WEEK = 7
SIZE = (USERS, ITEMS)


def _taste(seed: int) -> Array:
    """How much more each user of a market likes each item: what no model is told."""
    rng = np.random.default_rng(seed)  # the first draws of the market
    taste, kind = rng.integers(0, 4, USERS), rng.integers(0, 4, ITEMS)
    return np.where(kind == taste[:, None], 6.0, 1.0)


def _factors(past: Array) -> Array:
    return with_fallback(past, RANK, ALPHA, PENALTY)


def _recalls_of(
    events: list[Event], shuffled: list[Event], taste: Array
) -> dict[str, float]:
    """Of one market, for each way to score."""
    week = table([e for e in events if CUT - WEEK <= e.day < CUT], *SIZE).sum(axis=0)
    known = _factors(table([e for e in events if e.day < CUT], *SIZE))
    aged = np.zeros(SIZE)
    for e in events:
        aged[e.user, e.item] += (e.day < CUT) * 0.5 ** ((CUT - e.day) / WEEK)
    old = {e.item for e in events if e.day < CUT}
    late = {(e.user, e.item) for e in events if e.day >= CUT}
    late -= {(e.user, e.item) for e in events if e.day < CUT}

    def recent(past: Array) -> Array:
        return np.broadcast_to(week, past.shape)

    def by_factors(_: Array) -> Array:
        return known

    def ranked_week(_: Array) -> Array:
        return np.where(week > 0, known, -np.inf)

    def by_age(_: Array) -> Array:
        return _factors(aged)

    def told(_: Array) -> Array:
        return np.asarray(week * taste)

    return {
        "random": recall_after(shuffled, CUT, TOP, SIZE, _factors),
        "random-popular": recall_after(shuffled, CUT, TOP, SIZE, popular),
        "by-time": recall_after(events, CUT, TOP, SIZE, by_factors),
        "popular": recall_after(events, CUT, TOP, SIZE, popular),
        "recent": recall_after(events, CUT, TOP, SIZE, recent),
        "aged": recall_after(events, CUT, TOP, SIZE, by_age),
        "ranked-week": recall_after(events, CUT, TOP, SIZE, ranked_week),
        "told": recall_after(events, CUT, TOP, SIZE, told),
        "out-of-reach": sum(i not in old for _, i in late) / len(late),
    }


@cache
def _recalls() -> list[dict[str, float]]:
    """Of each market."""
    rows = []
    for seed in range(SEEDS):
        events = _market(seed)
        days = np.random.default_rng(seed).permutation([e.day for e in events])
        shuffled = [e._replace(day=d) for e, d in zip(events, days, strict=True)]
        rows.append(_recalls_of(events, shuffled, _taste(seed)))
    return rows


def recall(which: str) -> float:
    """Recall at 5, mean of five simulated markets.

    Days shuffled: random (factors) and random-popular. By time: by-time (factors), popular, recent (last week's count), aged (factors of events weighted by age), ranked-week (last week's items by the factors), told (last week's count times the true taste); out-of-reach is the share that nobody had taken.
    """
    return float(np.mean([row[which] for row in _recalls()]))


def dense_ratio(items: int, k: int, seen: int) -> float:
    """Multiplications that the dense normal equations of one user need, over those of the shared matrix and the seen rows."""
    return (items * k * k) / (seen * k * k + k**3)


def unit_ratio(factor: float) -> float:
    """Share of variance on the first direction when one of two independent columns of equal spread is written in a unit so much smaller."""
    return factor**2 / (factor**2 + 1)


def noise_ratio(rows: int = 20, columns: int = 1000) -> float:
    """Share of variance on the first two directions of pure noise, mean of ten draws."""
    draws = [
        fit(np.random.default_rng(s).normal(size=(rows, columns)), 2).ratio.sum()
        for s in range(10)
    ]
    return float(np.mean(draws))


XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
LABELS = np.array([0, 1, 1, 0])
STARTS, STEPS = 40, 500


def solved(hidden: int) -> int:
    """Of forty random starts with so many hidden units, those that get all four cases of exclusive or right after 500 steps of rate 1."""
    return sum(right(start(2, hidden, 2, seed)) == 4 for seed in range(STARTS))


def right(net: Net, steps: int = STEPS) -> int:
    """Cases right of four after training."""
    net = descend(net, XOR, LABELS, 1.0, steps)
    hidden = np.tanh(XOR @ net.w1 + net.b1)
    return int(((hidden @ net.w2 + net.b2).argmax(axis=1) == LABELS).sum())


def equal_start(value: float, hidden: int = 8) -> float:
    """The loss on exclusive or after 500 steps from weights that are all this value."""
    net = Net(*(np.full_like(w, value) for w in start(2, hidden, 2, 0)))
    return loss_and_gradient(descend(net, XOR, LABELS, 1.0, STEPS), XOR, LABELS)[0]


def random_start(hidden: int = 8) -> float:
    """The same from one random start."""
    net = start(2, hidden, 2, 0)
    return loss_and_gradient(descend(net, XOR, LABELS, 1.0, STEPS), XOR, LABELS)[0]
