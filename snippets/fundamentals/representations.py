"""Figures of the cards on architectures and adaptation. Serves docs/chapters/fundamentals/representations.md.

The shape of the model, its adapters, its rounding and its sampler are those of the pages on LLM systems; here stand only the
numbers that no other page has. Closed forms where there are any; what is drawn at random has a fixed seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from snippets.cases import marketplace
from snippets.coding.attention import Array, multi_head
from snippets.debugging.learn import sigmoid
from snippets.lifecycle.worked import DIMENSIONS
from snippets.llm_systems import worked_serving as served
from snippets.llm_systems.sampler import token_distribution
from snippets.llm_systems.worked_retrieval import _tokens

# Convolution

Layers = Sequence[tuple[int, int]]  # (kernel, stride) of each
PLAIN: Layers = [(3, 1)] * 10
STRIDED: Layers = [(3, 1), (3, 2)] * 5
DEEPER: Layers = [(3, 1), (3, 2)] * 6


def field(layers: Layers) -> int:
    """Inputs along one side that one output can depend on. No layer: the input itself."""
    reach, jump = 1, 1
    for kernel, stride in layers:
        reach += (kernel - 1) * jump
        jump *= stride
    return reach


def inner(layers: Layers, share: float = 0.9) -> int:
    """Side of the central square that holds this share of the squared influence on one output, on average.

    No nonlinearity, independent weights of equal variance in a layer: along each side, the expected square of the influence is spread
    evenly over a kernel's places, once a layer. Odd kernels. O(layers · field · kernel).
    """
    along = np.ones(1)
    for kernel, stride in reversed(layers):
        apart = np.zeros((len(along) - 1) * stride + 1)
        apart[::stride] = along
        along = np.convolve(apart, np.full(kernel, 1 / kernel))
    center = len(along) // 2
    reach = next(r for r in range(center + 1) if along[center - r : center + r + 1].sum() ** 2 >= share - 1e-12)
    return 2 * reach + 1


# Recurrent networks


def gate(bias: float) -> float:
    """What a forget gate lets through when its inputs add nothing to this bias."""
    return float(sigmoid(np.array(bias)))


def kept(bias: float, steps: int) -> float:
    """Share of a cell's content, and of the gradient along it, that is left after so many steps at that gate."""
    return gate(bias) ** steps


def half_life(bias: float) -> float:
    """Steps after which half of a cell's content is left at that gate."""
    return math.log(0.5) / math.log(gate(bias))


def bias_for(half_life: float) -> float:
    """Bias at which half of the content is left after so many steps: the log odds of the gate."""
    through = 0.5 ** (1 / half_life)
    return math.log(through / (1 - through))


# Attention


def weight_on(lead: float, keys: int) -> float:
    """Softmax weight of one key whose score leads all others, equal among themselves, by this much."""
    return 1 / (1 + (keys - 1) * math.exp(-lead))


def lead_for(weight: float, keys: int) -> float:
    """The lead that gives one of so many keys this weight."""
    return math.log((keys - 1) * weight / (1 - weight))


@cache
def largest_weight(size: int, keys: int, scaled: bool, draws: int = 10_000) -> float:
    """Mean of the largest attention weight of a random query over random keys of this size, standard normal, seed 0.

    For a query of length l the products are independent normals with standard deviation l, so that no vector is drawn.
    """
    rng = np.random.default_rng(0)
    lengths = np.sqrt(rng.chisquare(size, (draws, 1)))
    scores = lengths * rng.standard_normal((draws, keys))
    scores = scores / math.sqrt(size) if scaled else scores
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return float((weights.max(axis=1) / weights.sum(axis=1)).mean())


# Transformers


# Weights that multiply at each place of a prompt: the input table is looked up, the output matrix is needed at the last place alone.
MULTIPLIED = served.PARAMETERS - 2 * served.SHAPE.vocabulary * served.SHAPE.width


def rule_of_twelve() -> float:
    """12 · layers · width² for the shape that the serving page gives: 4 for attention, 8 for a feed-forward block of four widths."""
    return 12 * served.SHAPE.layers * served.SHAPE.width**2


def attention_share(tokens: float) -> float:
    """Share of the operations of reading a prompt that attention takes, each token looking at half the prompt on average."""
    looking = served.ATTENTION * tokens / 2
    return looking / (looking + 2 * MULTIPLIED)


def even_at() -> float:
    """Prompt length at which attention takes half of the operations of reading."""
    return 4 * MULTIPLIED / served.ATTENTION


def training_hours(tokens: float) -> float:
    """Hours of the serving page's machine to train its model on so many tokens, at the operations a second that it reaches.

    2 operations a weight and token forward, 4 backward; attention left out.
    """
    return 6 * served.PARAMETERS * tokens / served.MACHINE.flops / 3_600


# Positions

BASE = 10_000.0


def turns(size: int, length: float, base: float = BASE) -> NDArray[np.float64]:
    """Full turns that each rotary pair of a head makes over so many positions, fastest first."""
    return np.asarray(length * base ** (-np.arange(0, size, 2) / size) / (2 * np.pi))


def never_round(size: int, length: float, base: float = BASE) -> int:
    """Pairs of a head that have not made one full turn within so many positions."""
    return int((turns(size, length, base) < 1).sum())


def still_new(size: int, trained: float, place: float, base: float = BASE) -> int:
    """Pairs of a head whose angle at this distance is one that no distance within the trained length has shown."""
    within = turns(size, trained, base)
    return int(((within < 1) & (turns(size, place, base) % 1 > within)).sum())


def rotate(vectors: Array, positions: NDArray[np.int64], base: float = BASE) -> Array:
    """Turn each pair of numbers of (n, size) vectors by its position times its rate. O(n · size)."""
    size = vectors.shape[-1]
    angle = positions[:, None] * base ** (-np.arange(0, size, 2) / size)
    even, odd = vectors[:, ::2], vectors[:, 1::2]
    turned = np.empty_like(vectors)
    turned[:, ::2] = even * np.cos(angle) - odd * np.sin(angle)
    turned[:, 1::2] = even * np.sin(angle) + odd * np.cos(angle)
    return turned


@cache
def moved_by_order(layers: int, causal: bool) -> float:
    """By how much the last output changes, relative to its size, when the seven tokens before it are reversed.

    Eight random tokens of width 16, four heads, random weights (seed 0), residual sums, no positions.
    """
    rng = np.random.default_rng(0)
    x = rng.standard_normal((8, 16))
    weights = [tuple(rng.standard_normal((4, 16, 16)) / 4) for _ in range(layers)]
    outputs = []
    for order in (np.arange(8), np.array([6, 5, 4, 3, 2, 1, 0, 7])):
        hidden = x[order][None]
        for q, k, v, o in weights:
            hidden = hidden + multi_head(hidden, (q, k, v, o), 4, causal=causal)
        outputs.append(hidden[0, -1])
    return float(np.linalg.norm(outputs[1] - outputs[0]) / np.linalg.norm(outputs[0]))


# Embeddings


def nearest_by_chance(count: float = marketplace.live_listings, size: int = DIMENSIONS) -> float:
    """Median cosine between a question and the nearest of so many unrelated vectors, all directions equally likely.

    (1 + cosine) / 2 of two random directions is Beta((size − 1) / 2, (size − 1) / 2); the nearest of n lies below t with
    the n-th power of the chance that one does.
    """
    above = -math.expm1(math.log(0.5) / count)
    half = (size - 1) / 2
    return float(2 * stats.beta.isf(above, half, half) - 1)


# Tokenization

# cspell:disable
REQUEST = {
    "English": "Please cancel my subscription and refund the last payment.",
    "German": "Bitte kündigen Sie mein Abonnement und erstatten Sie die letzte Zahlung.",
    "Greek": "Παρακαλώ ακυρώστε τη συνδρομή μου και επιστρέψτε την τελευταία πληρωμή.",
}
# cspell:enable


def pieces(text: str) -> list[str]:
    """The tokens of a text, by a packaged byte-pair tokenizer with 32,000 entries."""
    return list(_tokens()[1].encode(text, add_special_tokens=False).tokens)  # type: ignore[attr-defined]


def tokens_for(language: str) -> int:
    """Tokens of the same support request in this language, by one packaged tokenizer with 32,000 entries."""
    return len(pieces(REQUEST[language]))


def letters_within(cap: int, language: str) -> float:
    """Letters and spaces of text like the request in this language that a cap on tokens leaves."""
    return cap * len(REQUEST[language]) / tokens_for(language)


# Transfer learning

COLUMNS = 50  # given: of a linear model
MISS = 0.2  # given: excess error of the pretrained weights on the new task, in label noise variances


def from_scratch(rows: int, columns: int = COLUMNS) -> float:
    """Excess error on new rows of least squares on so many rows, in label noise variances; normal columns."""
    return columns / (rows - columns - 1)


def blended(rows: int, miss: float = MISS, columns: int = COLUMNS) -> float:
    """Excess error of the pretrained and the fresh fit, averaged in the best proportion; their errors are unrelated."""
    fresh = from_scratch(rows, columns)
    return miss * fresh / (miss + fresh)


def worth_rows(miss: float = MISS, columns: int = COLUMNS) -> float:
    """Rows from which a fit from scratch is as good as the pretrained model unchanged."""
    return columns / miss + columns + 1


# Low rank adaptation


def held_by_rank(rank: int, width: int, fall: float | None = None) -> float:
    """Share of the squared size of a square change that its best approximation of this rank holds.

    Without `fall`, for a random change, whose singular values are spread as a quarter circle; else for singular values that
    fall as 1 / k to this power.
    """
    if fall is not None:
        sizes = np.arange(1.0, width + 1) ** (-2 * fall)
    else:
        angles = (np.arange(width) + 0.5) * np.pi / (2 * width)  # a value 2 cos(a) has density in proportion to sin(a)²
        mass = np.cumsum(np.sin(angles) ** 2) / (np.sin(angles) ** 2).sum()
        places = (np.arange(width) + 0.5) / width
        sizes = (2 * np.cos(np.interp(places, mass, angles))) ** 2
    return float(sizes[:rank].sum() / sizes.sum())


def first_gain(rank: int, alpha: float = 16.0, width: int = 4_096, signs: bool = False) -> float:
    """Mean fall of the loss in the first small step through a low-rank pair, over the rate and the squared gradient's size.

    The pair is scaled by alpha / rank; its inner half A starts at random with variance 1 / width, its outer half at zero. A plain step
    gains the squared gradient of the outer half, (alpha / rank)² · |G Aᵀ|², and the mean of AᵀA is rank / width times the identity.
    With `signs`, Adam's first step: the rate times each entry's sign. It gains the sum of sizes instead, over the gradient's size
    itself; each of the width · rank entries of G Aᵀ is normal, with standard deviation 1 / width if the gradient is spread evenly and has size 1.
    """
    if signs:
        return alpha / rank * (width * rank) * math.sqrt(2 / math.pi) / width
    return alpha**2 / (rank * width)


# Distillation


def worth_in_labels(chance: float, off: float) -> float:
    """Labels of one context whose share is as far from the truth as a teacher's chance that is off by so much (root mean square)."""
    return chance * (1 - chance) / off**2


def softened(logits: Sequence[float], temperature: float) -> NDArray[np.float64]:
    """A teacher's probabilities at this temperature."""
    return token_distribution(logits, temperature)


# Quantization


@cache
def rounding_error(bits: int, group: int, groups: int = 4_000) -> float:
    """Root mean square rounding error of normal weights over their size, one scale for each group, the largest to the last level."""
    values = np.random.default_rng(0).standard_normal((groups, group))
    scale = np.abs(values).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 1)
    return float(np.sqrt(np.mean((np.rint(values / scale) * scale - values) ** 2)))


# Decoding


def not_excluded(draws: int, chance: float = 0.05) -> float:
    """Chance a draw that an answer may still have when none of so many independent draws gave it, at 95 %."""
    return float(1 - chance ** (1 / draws))
