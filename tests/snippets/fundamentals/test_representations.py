"""The figures on the cards by simulation, by finite differences, and against code that others wrote."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import convolve2d

from snippets.coding.attention import attention
from snippets.fundamentals import representations as card
from snippets.llm_systems import sizes
from snippets.llm_systems import worked_serving as served


@pytest.mark.parametrize("layers", [card.PLAIN, card.STRIDED, [(5, 2), (1, 1), (3, 3), (2, 1)], []])
def test_the_field_is_what_moves_an_output(layers: card.Layers) -> None:
    signal = np.zeros((700, 701))  # a row for each input, changed alone, and one unchanged
    signal[np.arange(700), np.arange(700)] = 1
    for kernel, stride in layers:
        windows = np.lib.stride_tricks.sliding_window_view(signal, kernel, axis=1)[:, ::stride]
        signal = windows.sum(axis=2)
    moved = np.flatnonzero(signal[:, 1])
    assert len(moved) == moved[-1] - moved[0] + 1 == card.field(layers)


@pytest.mark.parametrize("layers", [[(3, 1)] * 4, [(3, 1), (3, 2)] * 2, [(5, 3), (3, 2)]])
def test_influence_by_random_weights(layers: card.Layers) -> None:
    rng = np.random.default_rng(0)
    field = card.field(layers)
    total = np.zeros((field, field))
    for _ in range(3_000):
        once = np.ones((1, 1))
        for kernel, stride in layers[::-1]:  # from the output down: its weights, `stride` apart
            spread = np.zeros(((len(once) - 1) * stride + 1,) * 2)
            spread[::stride, ::stride] = once
            once = convolve2d(spread, rng.standard_normal((kernel, kernel)))
        total += once**2
    total /= total.sum()
    edge = (field - card.inner(layers)) // 2
    assert total[edge : field - edge, edge : field - edge].sum() > 0.9
    assert total[edge + 1 : field - edge - 1, edge + 1 : field - edge - 1].sum() < 0.9


def test_influence_at_its_limits() -> None:
    assert card.inner(card.PLAIN, share=1.0) == card.field(card.PLAIN)
    assert card.inner(card.PLAIN[:1], share=0.5) == 3
    assert card.inner([]) == 1


def test_a_cell_keeps_what_its_gate_lets_through() -> None:
    def last(first: float, bias: float) -> float:
        cell, hidden = first, 0.0
        for _ in range(12):  # a cell with one unit; input weights zero, so its gates are their biases
            cell = card.gate(bias) * cell + card.gate(-1) * math.tanh(0.3)
            hidden = card.gate(0.5) * math.tanh(cell)
        assert -1 < hidden < 1
        return cell

    for bias in (0.0, 1.0, 4.0):
        assert (last(0.5 + 1e-4, bias) - last(0.5 - 1e-4, bias)) / 2e-4 == pytest.approx(card.kept(bias, 12), rel=1e-6)
    assert card.kept(card.bias_for(100), 100) == pytest.approx(0.5)
    assert card.half_life(card.bias_for(100)) == pytest.approx(100)
    assert card.bias_for(100) == pytest.approx(math.log(100 / math.log(2)), abs=0.01)


def test_weights_of_attention_code() -> None:
    keys = np.zeros((1, 40, 1))
    keys[0, 3] = card.lead_for(0.9, 40)
    values = np.eye(40)[None]
    weights = attention(np.ones((1, 1, 1)), keys, values)[0, 0]
    assert weights[3] == pytest.approx(0.9) == pytest.approx(card.weight_on(card.lead_for(0.9, 40), 40))
    assert card.weight_on(0, 40) == pytest.approx(1 / 40)
    assert card.weight_on(5, 1) == 1


def test_without_the_scale_longer_heads_look_at_one_key() -> None:
    plain = [card.largest_weight(size, 100, False) for size in (4, 64, 128)]
    scaled = [card.largest_weight(size, 100, True) for size in (4, 64, 128)]
    assert plain == sorted(plain)
    assert max(scaled) / min(scaled) < 1.4
    for size in (64, 128):
        rng = np.random.default_rng(7)
        one = [
            attention(rng.standard_normal((1, size)) * size**0.5, rng.standard_normal((100, size)), np.eye(100)).max()
            for _ in range(1_000)  # times the root: undoes the scale
        ]
        assert np.mean(one) == pytest.approx(card.largest_weight(size, 100, False), abs=0.02)


def test_counts_of_a_transformer() -> None:
    dense = sizes.Shape(layers=3, width=32, heads=4, kv_heads=4, head_size=8, ffn=128, vocabulary=0)
    gated = sizes.parameters(dense) - 3 * 32 * 128  # the rule has two matrices in a feed-forward block, not three
    assert gated == 12 * 3 * 32**2
    assert card.rule_of_twelve() == 12 * 32 * 4_096**2
    assert card.attention_share(card.even_at()) == pytest.approx(0.5)
    looks = sum(served.ATTENTION * place for place in range(3_000))  # token by token
    # queries and output, keys and values, the gated block; the norms are left out
    a_layer = 2 * 4_096**2 + 2 * 4_096 * 1_024 + 3 * 4_096 * 14_336
    assert card.MULTIPLIED / (32 * a_layer) == pytest.approx(1, rel=1e-4)
    assert card.attention_share(3_000) == pytest.approx(looks / (looks + 3_000 * 2 * 32 * a_layer), rel=1e-3)
    operations = [2 * 32 * a_layer * n + served.ATTENTION * n**2 / 2 for n in (3_000, 3_001)]
    slope = math.log(operations[1] / operations[0]) / math.log(3_001 / 3_000)
    assert slope == pytest.approx(1 + card.attention_share(3_000), abs=1e-4)
    assert card.training_hours(1e9) == pytest.approx(6 * 8.03 * 1e18 / 135e12 / 3_600, rel=1e-3)


def test_rotary_scores_see_distances_only() -> None:
    rng = np.random.default_rng(0)
    query, key = rng.standard_normal((2, 1, 16))

    def score(m: int, n: int) -> float:
        return float((card.rotate(query, np.array([m])) @ card.rotate(key, np.array([n])).T)[0, 0])

    assert score(9, 4) == pytest.approx(score(1_009, 1_004))
    assert score(9, 4) != pytest.approx(score(9, 5))
    assert score(0, 0) == pytest.approx(float((query @ key.T)[0, 0]))
    assert np.linalg.norm(card.rotate(query, np.array([77]))) == pytest.approx(np.linalg.norm(query))


def test_turns_of_the_pairs() -> None:
    pair = np.zeros((4_097, 128))
    pair[:, ::2] = 1
    turned = card.rotate(pair, np.arange(4_097))
    angle = np.unwrap(np.arctan2(turned[:, 1::2], turned[:, ::2]), axis=0)[-1] / (2 * np.pi)
    turns = card.turns(128, 4_096)
    assert angle == pytest.approx(turns, rel=1e-6)
    assert card.never_round(128, 4_096) == int((angle < 1).sum())
    assert card.never_round(128, 8_192) < card.never_round(128, 4_096)


@pytest.mark.parametrize("place", [4_200, 5_000, 8_000, 30_000])
def test_new_angles_by_listing_the_old(place: int) -> None:
    new = 0
    for pair in range(64):
        rate = 10_000 ** (-pair / 64)
        old = np.sort(np.arange(4_097) * rate % (2 * np.pi))
        gap = np.abs(np.exp(1j * old) - np.exp(1j * place * rate)).min()
        new += gap > 2 * rate  # farther from all trained angles than two of their steps
    assert card.still_new(128, 4_096, place) == pytest.approx(new, abs=1 if place == 4_200 else 0)


def test_order_reaches_a_second_causal_layer() -> None:
    assert card.moved_by_order(1, causal=True) < 1e-12
    assert card.moved_by_order(3, causal=False) < 1e-12
    assert card.moved_by_order(2, causal=True) > 0.1


def test_nearest_by_chance_by_drawing() -> None:
    rng = np.random.default_rng(0)
    best = []
    for _ in range(200):
        rows = rng.standard_normal((1_000, 12))
        best.append((rows[:, 0] / np.linalg.norm(rows, axis=1)).max())
    assert np.median(best) == pytest.approx(card.nearest_by_chance(1_000, 12), abs=0.01)
    assert card.nearest_by_chance(1, 12) == pytest.approx(0, abs=1e-12)
    assert card.nearest_by_chance(2_000, 12) > card.nearest_by_chance(1_000, 12)


def test_tokens_spell_the_request() -> None:
    for language, text in card.REQUEST.items():
        found = card.pieces(text)
        spelled = b"".join(
            bytes([int(p[3:5], 16)]) if p.startswith("<0x") else p.replace("▁", " ").encode() for p in found
        )
        assert spelled.decode().strip() == text
        assert card.tokens_for(language) == len(found)
    again = " ".join([card.REQUEST["English"]] * 40)  # a long text of that kind, cut at the cap
    assert len("".join(card.pieces(again)[:400])) == pytest.approx(card.letters_within(400, "English"), rel=0.05)
    assert card.tokens_for("English") < card.tokens_for("German") < card.tokens_for("Greek")


def test_transfer_by_fitting() -> None:
    rng = np.random.default_rng(0)
    columns, rows = 10, 40
    there = np.full(columns, math.sqrt(card.MISS / columns))  # the pretrained weights' error, the truth being zero
    fresh, mixed = [], []
    share = card.from_scratch(rows, columns) / (card.from_scratch(rows, columns) + card.MISS)
    for _ in range(4_000):
        x = rng.standard_normal((rows, columns))
        weights = np.linalg.lstsq(x, rng.standard_normal(rows), rcond=None)[0]
        fresh.append((weights**2).sum())
        mixed.append(((share * there + (1 - share) * weights) ** 2).sum())
    assert np.mean(fresh) == pytest.approx(card.from_scratch(rows, columns), rel=0.05)
    assert np.mean(mixed) == pytest.approx(card.blended(rows, columns=columns), rel=0.05)
    assert card.from_scratch(round(card.worth_rows())) == pytest.approx(card.MISS)


def test_what_a_rank_holds() -> None:
    rng = np.random.default_rng(0)
    random = np.linalg.svd(rng.standard_normal((400, 400)), compute_uv=False) ** 2
    for rank in (4, 40, 200, 400):
        assert card.held_by_rank(rank, 400) == pytest.approx(random[:rank].sum() / random.sum(), abs=0.005)
    left, right = (np.linalg.qr(rng.standard_normal((60, 60)))[0] for _ in range(2))
    falling = left @ np.diag(1 / np.arange(1, 61)) @ right
    u, s, v = np.linalg.svd(falling)
    best = (u[:, :5] * s[:5]) @ v[:5]
    held = 1 - np.linalg.norm(falling - best) ** 2 / np.linalg.norm(falling) ** 2
    assert card.held_by_rank(5, 60, fall=1) == pytest.approx(held)


@pytest.mark.parametrize("signs", [False, True])
@pytest.mark.parametrize("rank", [4, 32])
def test_first_gain_by_taking_the_step(rank: int, signs: bool) -> None:
    rng = np.random.default_rng(0)
    width, rate, falls = 64, 1e-5 if signs else 1e-3, []
    for _ in range(200):
        goal = rng.standard_normal((width, width))  # loss: half the squared distance, so its gradient at zero is −goal
        inner = rng.standard_normal((rank, width)) / math.sqrt(width)
        downhill = 16 / rank * goal @ inner.T
        change = 16 / rank * rate * (np.sign(downhill) if signs else downhill) @ inner
        fall = (np.linalg.norm(goal) ** 2 - np.linalg.norm(goal - change) ** 2) / 2
        falls.append(fall / (rate * np.linalg.norm(goal) ** (1 if signs else 2)))
    assert np.mean(falls) == pytest.approx(card.first_gain(rank, width=width, signs=signs), rel=0.05)


def test_a_teacher_in_labels() -> None:
    rng = np.random.default_rng(0)
    labels = round(card.worth_in_labels(0.1, 0.02))
    shares = rng.binomial(labels, 0.1, 20_000) / labels
    assert math.sqrt(np.mean((shares - 0.1) ** 2)) == pytest.approx(0.02, rel=0.03)
    assert card.softened([6, 3, 0], 4)[0] == pytest.approx(1 / (1 + math.exp(-0.75) + math.exp(-1.5)))


def test_rounding_as_the_serving_page_rounds() -> None:
    values = np.random.default_rng(0).standard_normal((4_000, 128))  # the same draws, other code
    numbers, scale = sizes.quantize(values)
    error = math.sqrt(float(np.mean((numbers * scale - values) ** 2)))
    assert error == pytest.approx(card.rounding_error(8, 128), rel=1e-9)
    assert card.rounding_error(4, 128) < card.rounding_error(4, 4_096, 100)


def test_none_of_twenty() -> None:
    assert (1 - card.not_excluded(20)) ** 20 == pytest.approx(0.05)
