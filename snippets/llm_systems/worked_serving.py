"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/llm-systems/serving.md.

Constants in capitals are given on the page or in a prompt; all else is derived from them, from the cases, and from what the metrics and
lifecycle chapters and the support design give. The engine is simulated: 1,500 requests, seed 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from snippets.cases import SECONDS_A_DAY, assistant
from snippets.lifecycle import worked as lifecycle
from snippets.lifecycle.cost import training_gpu_hours
from snippets.lifecycle.latency import nearest_rank
from snippets.llm_systems import batching, economics, speculative
from snippets.llm_systems.roofline import (
    Accelerator,
    Load,
    crossover,
    demands,
    longest_context_with_crossover,
    pass_seconds,
)
from snippets.llm_systems.sizes import (
    Shape,
    admitted,
    lora_parameters,
    parameters,
    quantize,
    requests_that_fit,
    training_bytes,
    weight_bytes,
)
from snippets.metrics import worked_llm as metrics
from snippets.metrics.uncertainty import mcnemar
from snippets.systems import support_rag

NORMAL = NormalDist()

# Given: the machine and the model
MEMORY, BANDWIDTH, FLOPS = 80e9, 2e12, 300e12  # bytes, bytes a second, operations a second in 16 bits
REACHED_FLOPS, REACHED_BANDWIDTH = 0.45, 0.70  # shares of the data sheet that a load test reached
RESERVE = 8e9  # bytes for activations and the runtime
SHAPE = Shape(layers=32, width=4_096, heads=32, kv_heads=8, head_size=128, ffn=14_336, vocabulary=128_256)
LONGEST = 8_192  # tokens of context the server allows
CHUNK = 128  # prompt tokens that ride along in a pass
SLOTS = 64  # answers at once
CACHE_SECONDS = 300.0  # seconds a cached prefix lives after its last use, given
CAP = 400  # tokens, longest answer
STALL = 0.3  # seconds between two tokens from which a reader notices

MACHINE = Accelerator(FLOPS * REACHED_FLOPS, BANDWIDTH * REACHED_BANDWIDTH, MEMORY)
PARAMETERS = parameters(SHAPE)
WEIGHTS = weight_bytes(PARAMETERS, 16)
ATTENTION = 4 * SHAPE.layers * SHAPE.heads * SHAPE.head_size  # operations for each earlier token: scores and their sum
CONTEXT = assistant.input_tokens + assistant.answer_tokens // 2  # tokens behind a token being written, on average
WHOLE = assistant.input_tokens + assistant.answer_tokens  # tokens of a finished answer's context


def load(bits: float = 16) -> Load:
    """The model with weights of so many bits; the cache stays at 16."""
    return Load(PARAMETERS, weight_bytes(PARAMETERS, bits), SHAPE.kv_bytes(), ATTENTION)


# Memory


def kv_a_request(tokens: int = WHOLE) -> float:
    """Bytes of cache of one request with so many tokens, in 16 bits."""
    return SHAPE.kv_bytes(tokens)


def kv_without_groups() -> float:
    """Bytes of cache a token if every query head kept its own keys and values."""
    return Shape(32, 4_096, 32, 32, 128, 14_336, 128_256).kv_bytes()


def fit(tokens: float = WHOLE, bits: float = 16) -> int:
    """Requests that fit beside the weights and the reserve when each holds so many tokens of cache."""
    return requests_that_fit(MEMORY, weight_bytes(PARAMETERS, bits), RESERVE, SHAPE.kv_bytes() * tokens)


def fit_shared() -> int:
    """Requests that fit when all share the cache of one system prompt."""
    own = SHAPE.kv_bytes(WHOLE - assistant.system_tokens)
    return requests_that_fit(MEMORY, WEIGHTS, RESERVE + SHAPE.kv_bytes(assistant.system_tokens), own)


# Reading and writing


def step_ms(batch: float, bits: float = 16, context: float = CONTEXT) -> float:
    """Milliseconds of one pass in which so many answers write a token each."""
    return 1e3 * pass_seconds(MACHINE, *demands(load(bits), batch, context))


def read_seconds(tokens: float = assistant.input_tokens) -> float:
    """Seconds to read a prompt of so many tokens in one pass, each looking at half the prompt on average."""
    return pass_seconds(MACHINE, *demands(load(), tokens, tokens / 2, 1))


def read_rate() -> float:
    """Prompt tokens a second when the Assistant's prompt is read."""
    return assistant.input_tokens / read_seconds()


def read_share(machines: int = 1, tokens: int = assistant.input_tokens) -> float:
    """Share of the time that reading takes at the peak."""
    return lifecycle.peak_questions() / machines * read_seconds(tokens)


def write_seconds(batch: int) -> float:
    """Seconds of machine time that writing one answer takes when so many write at once."""
    return assistant.answer_tokens * step_ms(batch) / 1e3 / batch


def compute_used(batch: float) -> float:
    """Share of the reached compute that decoding so many answers at once uses."""
    return 1e3 * demands(load(), batch, CONTEXT)[0] / MACHINE.flops / step_ms(batch)


def no_crossover_from() -> float:
    """Tokens of context beyond which no batch makes decoding compute-bound."""
    return longest_context_with_crossover(MACHINE, load())


def crossover_at(context: float) -> float:
    """Answers at once from which decoding is compute-bound at this context; infinite if never."""
    return crossover(MACHINE, load(), context) or math.inf


# The engine


@dataclass(frozen=True)
class Engine:
    """One way to run the machine."""

    chunk: int = 0
    prompt: int = assistant.input_tokens
    cap: float = math.inf
    bits: float = 16
    static: bool = False


ENGINES = {
    "static": Engine(static=True),
    "in turn": Engine(),
    "chunks": Engine(CHUNK),
    "prefix": Engine(CHUNK, assistant.input_tokens - assistant.system_tokens),
    "cap": Engine(CHUNK, assistant.input_tokens - assistant.system_tokens, CAP),
    "8 bits": Engine(CHUNK, assistant.input_tokens - assistant.system_tokens, CAP, 8),
    "8 bits, no cap": Engine(CHUNK, assistant.input_tokens - assistant.system_tokens, math.inf, 8),
    "8 bits, in turn": Engine(0, assistant.input_tokens - assistant.system_tokens, CAP, 8),
}


def pass_time(engine: Engine) -> Callable[[int, int], float]:
    """Seconds of a pass that reads and writes so many tokens: operations and bytes of both, weights once."""
    model = load(engine.bits)
    write_flops, write_bytes = demands(model, 1, CONTEXT)
    read_flops, read_bytes = demands(model, 1, assistant.input_tokens / 2, 1)
    weights, cached, seen = model.weight_bytes, write_bytes - model.weight_bytes, read_bytes - model.weight_bytes

    def seconds(read: int, write: int) -> float:
        moved = weights + write * cached + (seen if read else 0.0)
        return max((write * write_flops + read * read_flops) / MACHINE.flops, moved / MACHINE.bandwidth)

    return seconds


def answer_length(cap: float) -> Callable[[Random], int]:
    """Draws lengths of the support design's answers: lognormal, cut at the cap."""
    median, spread = support_rag.LENGTH[0], support_rag.sigma(*support_rag.LENGTH)
    return lambda random: round(min(cap, max(1.0, median * math.exp(spread * random.gauss(0, 1)))))


def before_model(count: int) -> list[float]:
    """Seconds that rights, rewrite, search and reranking of the support design take, drawn for so many requests."""
    random, steps = Random(2), list(support_rag.STEPS.items())[:4]
    out = []
    for _ in range(count):
        total = 0.0
        for name, (median, p95) in steps:
            time = median * math.exp(support_rag.sigma(median, p95) * random.gauss(0, 1))
            total += time if not name.startswith("rewrite") or random.random() < support_rag.HISTORY else 0.0
        out.append(total / 1_000)
    return out


@dataclass(frozen=True)
class Served:
    """What a simulated peak looked like, in seconds and shares."""

    first: float  # 95th percentile
    whole: float  # 95th percentile
    gap95: float  # milliseconds between tokens, 95th percentile over all gaps
    gap99: float
    stalled: float  # share of answers with a gap of STALL or more
    good: float  # share within both clocks


@cache
def served(name: str, machines: float = 1, rate: float = 0.0, count: int = 1_500) -> Served:
    """The Assistant's peak on so many machines, dealt out at random, with the steps before the model; or another rate."""
    engine = ENGINES[name]
    each = (rate or lifecycle.peak_questions()) / machines
    requests = batching.poisson_requests(each, count, engine.prompt, answer_length(engine.cap), 1)
    if engine.static:
        batching.run_static(requests, pass_time(engine), 16)
    else:
        batching.run(requests, pass_time(engine), SLOTS, engine.chunk)
    before = before_model(count)
    firsts = [b + request.first for b, request in zip(before, requests, strict=True)]
    wholes = [b + request.whole for b, request in zip(before, requests, strict=True)]
    gaps = [gap for request in requests for gap in request.gaps]
    inside = [f <= first_clock() and w <= whole_clock() for f, w in zip(firsts, wholes, strict=True)]
    return Served(
        nearest_rank(firsts, 0.95),
        nearest_rank(wholes, 0.95),
        1e3 * nearest_rank(gaps, 0.95),
        1e3 * nearest_rank(gaps, 0.99),
        sum(max(request.gaps, default=0.0) >= STALL for request in requests) / count,
        sum(inside) / count,
    )


def kept_by_shedding(rate: float, planned: float = 1.8) -> float:
    """Share of all who ask that is answered within both clocks when admission stops at the planned rate."""
    return planned / rate * served("8 bits", rate=planned).good


def first_clock() -> float:
    """Seconds until the first token that the case allows at p95."""
    return assistant.first_token_p95_ms / 1_000


def whole_clock() -> float:
    """Seconds of the whole answer that the case allows at p95."""
    return assistant.answer_p95_ms / 1_000


def saved_by_prefix_ms() -> float:
    """Milliseconds of reading that the cached system prompt spares on this machine."""
    return 1e3 * (read_seconds() - read_seconds(assistant.input_tokens - assistant.system_tokens))


# Queues: reading as a single server


P99_READ = 0.4  # seconds to read a prompt, given in the debugging prompt
P99_RATE = 2.0  # questions a second before, given there


def growth(more: float = 0.0) -> float:
    """Questions a second after traffic rose by this share."""
    return P99_RATE * (1 + more)


def busy(more: float = 0.0, read: float = P99_READ) -> float:
    """Share of the time the reader is busy."""
    return growth(more) * read


def wait_before(more: float = 0.0, read: float = P99_READ) -> float:
    """Mean seconds before reading begins, all prompts alike (M/D/1)."""
    return batching.mean_wait(growth(more), read, 0)


def first_p99(more: float = 0.0, read: float = P99_READ) -> float:
    """99th percentile of waiting and reading, all prompts alike (tail of M/D/1)."""
    return batching.md1_quantile(growth(more), read, 0.99)


P99_PREFIX = 0.27  # share of the prompt that is the same for everybody


def shared_read() -> float:
    """Seconds to read what is left of the prompt when that share is cached."""
    return P99_READ * (1 - P99_PREFIX)


# Caching


def rate_for_prefix() -> float:
    """Seconds between uses below which a cached prefix pays, at the support design's prices and life."""
    rate = economics.rate_that_pays(support_rag.CACHE_WRITE, support_rag.CACHE_READ, CACHE_SECONDS)
    return 1 / rate


def stamped_prefix_cost() -> float:
    """Dollars a day of paying the write price on the system prompt for every question and never reading it."""
    extra = (support_rag.CACHE_WRITE - 1) * assistant.system_tokens * assistant.input_price / 1e6
    return extra * assistant.questions_per_day


def wait_saved() -> float:
    """Dollars that a second less of silence saves on one answer: the support design's price, a thousand milliseconds."""
    return support_rag.wait_price(1_000) / metrics.answers_a_day()


def false_hit_cost() -> float:
    """Dollars a false hit costs where the model would have answered: a wrong answer instead of its mean wrong share."""
    return metrics.candidate().accuracy * assistant.wrong_answer_cost


def false_hits_that_pay() -> float:
    """Share of cache hits that may be another question's answer before the cache loses, with the first token's wait counted."""
    return (assistant.answer_cost + wait_saved() * support_rag.first_word_at(0.5) / 1_000) / false_hit_cost()


def cache_worth(hits: float = support_rag.ANSWER_CACHE_HITS) -> float:
    """Dollars a day that an answer cache saves at that share of hits, tokens and the first token's wait."""
    wait = wait_saved() * support_rag.first_word_at(0.5) / 1_000
    return hits * assistant.questions_per_day * (assistant.answer_cost + wait)


def hits_to_grade() -> float:
    """Hits to grade without one false to exclude that share at 95 %: three over it."""
    return 3 / false_hits_that_pay()


HOST_LINK = 25e9  # bytes a second between host memory and the machine


def reuse_ms() -> tuple[float, float]:
    """Milliseconds to bring one request's cache back from host memory, and to read its tokens again."""
    return 1e3 * kv_a_request() / HOST_LINK, 1e3 * read_seconds(WHOLE)


# Quantization


def four_bit() -> float:
    """Bytes of the weights at 4 bits with one 16-bit scale for each 128."""
    return weight_bytes(PARAMETERS, 4, 128)


def answer_ms(bits: float, batch: int) -> float:
    """Milliseconds to read the prompt and write a mean answer beside so many others, nobody waiting."""
    return 1e3 * read_seconds() + assistant.answer_tokens * step_ms(batch, bits)


def planted_weights() -> NDArray[np.float64]:
    """A matrix of 64 × 256 normal weights in which one row is 50 times as large (seed 4)."""
    values = np.random.default_rng(4).normal(0, 0.02, (64, 256))
    values[7] *= 50
    return values


def demo_quantize() -> None:
    """64 rows of weights, one of them 50 times as large: error of the other 63."""
    for by_row in (False, True):
        print("a scale a row:" if by_row else "one scale:    ", f"{quantization_error(by_row):6.1%} of their size")


def quantization_error(by_row: bool) -> float:
    """Root mean square error of the ordinary rows over their root mean square."""
    values = planted_weights()
    numbers, scale = quantize(values, by_row)
    error = np.delete(numbers * scale - values, 7, axis=0)
    return float(np.sqrt(np.mean(error**2) / np.mean(np.delete(values, 7, axis=0) ** 2)))


# The quantized model of the prompt: verdicts that changed, golden set and one language
LOST, GAINED = 27, 22  # right before and wrong after; the reverse; of 1,000
SLICE, SLICE_LOST, SLICE_GAINED = 83, 9, 1  # questions in the language, and its part of the two
MORE, MORE_LOST, MORE_GAINED = 300, 31, 5  # a day's grading of new questions in that language


def all_p() -> float:
    """p of the paired test on the whole golden set."""
    return mcnemar(LOST, GAINED)


def slice_p() -> float:
    """p of the paired test in the language that looks worst."""
    return mcnemar(SLICE_LOST, SLICE_GAINED)


def slice_p_adjusted() -> float:
    """The same p times the languages that were looked at (Bonferroni)."""
    return min(1.0, slice_p() * assistant.languages)


def more_p() -> float:
    """p of the paired test on new questions of that language."""
    return mcnemar(MORE_LOST, MORE_GAINED)


def slice_points() -> float:
    """Share of right answers that the language lost on the new questions."""
    return (MORE_LOST - MORE_GAINED) / MORE


def slice_cost() -> float:
    """Dollars a day of that loss if the language has its share of traffic and each lost answer is wrong."""
    return slice_points() * SLICE / 1_000 * assistant.questions_per_day * assistant.wrong_answer_cost


# Speculation

ACCEPT, DRAFTED, DRAFT_COST = (
    0.7,
    4,
    0.1,
)  # chance that a drafted token is kept; tokens drafted; passes of the model for each


def tokens_a_round(accept: float = ACCEPT, drafted: int = DRAFTED) -> float:
    """Tokens gained in one round of drafting and checking."""
    return speculative.expected_tokens(accept, drafted)


def check_cost(batch: float, context: float, drafted: int = DRAFTED) -> float:
    """Passes that checking costs: the pass over all drafted tokens, each cache read once, over the plain pass."""
    plain = pass_seconds(MACHINE, *demands(load(), batch, context))
    return pass_seconds(MACHINE, *demands(load(), batch * (drafted + 1), context, batch)) / plain


def faster(batch: float, context: float = CONTEXT, drafted: int = DRAFTED, accept: float = ACCEPT) -> float:
    """Pace with a draft over pace without, so many answers at once."""
    return speculative.speed_up(accept, drafted, DRAFT_COST, check_cost(batch, context, drafted))


def stops_at(drafted: int = DRAFTED, accept: float = ACCEPT) -> float:
    """Answers at once from which drafting slows down, without context: crossover × (tokens − k · c) / (k + 1)."""
    gained = tokens_a_round(accept, drafted) - drafted * DRAFT_COST
    return crossover_at(0) * gained / (drafted + 1)


def faster_ceiling() -> float:
    """Speed-up where checking is free, as with one answer at a time."""
    return speculative.speed_up(ACCEPT, DRAFTED, DRAFT_COST)


# Routing

KEPT = 0.6  # share of questions that the small model answers for good


def small_cost() -> float:
    """Dollars of tokens for one answer of the small model, at a tenth of the price."""
    return large_cost() / 10


def large_cost() -> float:
    """Dollars of tokens for one answer."""
    return assistant.answer_cost - assistant.search_cost


def cascade_invoice() -> float:
    """Share of the token bill that the cascade saves."""
    return economics.cascade_saving(KEPT, small_cost(), large_cost(), 0, 0) / large_cost()


def errors_that_pay() -> float:
    """Further wrong answers, as a share of those kept, that eat the saving."""
    return economics.cascade_saving(KEPT, small_cost(), large_cost(), 0, 0) / (KEPT * assistant.wrong_answer_cost)


def price_that_pays(errors: float = 0.01) -> float:
    """Dollars an error may cost before a cascade with so many further errors loses."""
    return economics.error_price_that_pays(KEPT, small_cost(), large_cost(), errors)


def upward_pays(escalated: float = 0.15, price: float = assistant.wrong_answer_cost) -> float:
    """Questions asked for one spared wrong answer (or handover), at which asking a model of ten times the price for this share pays."""
    return price / (escalated * 10 * large_cost())


# Fallbacks

WORKS = 0.995  # share of calls that return in time
COMMON = 0.004  # share of time in which every call to the same provider fails: most of the 0.5 %
SILENCE = 1.5  # seconds without a token after which a call is given up


def call(model: str = "main", works: float = WORKS) -> economics.Try:
    """One call of the main or the smaller model, as the metrics chapter graded and priced them."""
    policy = metrics.candidate() if model == "main" else metrics.cheaper()
    tokens = large_cost() if model == "main" else small_cost()
    return economics.Try(works, policy.right / policy.asked, tokens, support_rag.mean_whole(), SILENCE)


def unanswered(name: str) -> float:
    """Questions in 30 days that the chain leaves without an answer of any model."""
    return (1 - chain(name).answered) * 30 * assistant.questions_per_day


def missing_minutes(alternatives: int, common: float = 0.0) -> float:
    """Minutes in 30 days without any of so many alternatives, each as available as the main one, but for a common cause."""
    return (1 - economics.availability([WORKS] * alternatives, common)) * 30 * 24 * 60


def own_failure() -> float:
    """Share of calls that fail by themselves while the provider as a whole works."""
    return 1 - WORKS / (1 - COMMON)


def retry_works() -> float:
    """Share of failed calls that a second try at the same provider rescues: the failures that are the call's own."""
    return (1 - COMMON) * own_failure() * (1 - own_failure()) / (1 - WORKS)


def chain(name: str) -> economics.Outcome:
    """A mean question under one of the chains; a retry meets the same provider, the smaller model stands elsewhere."""
    chains = {
        "one call": [call()],
        "one retry": [call(), call(works=retry_works())],
        "smaller model": [call(), call("small")],
        "both": [call(), call(works=retry_works()), call("small")],
    }
    return economics.expect(chains[name])


def outage_retry_load(tries: int = 3, layers: int = 3) -> float:
    """Calls a question at the last service in an outage, when each layer makes so many tries."""
    return economics.attempts(1.0, tries, layers)


def degraded_saves() -> float:
    """Dollars a question that the smaller model saves over handing all over, in an outage."""
    return assistant.handover_cost - metrics.cheaper().a_day / assistant.questions_per_day


# Cost


def full_cost() -> float:
    """Dollars of machine for one answer at the lifecycle chapter's 1.5 a second, around the clock."""
    return lifecycle.GPU_HOUR / 3_600 / lifecycle.ANSWERS_A_GPU


def busy_that_pays() -> float:
    """Share of the time one machine must be busy to be cheaper than calling, people not counted."""
    return full_cost() / large_cost()


CALLS_A_DAY = 100_000  # three million a month
NIGHT_HOURS = 8.0  # hours in which the night's calls must be done
NIGHT_RATE = 1.9  # answers a second and machine without clocks
BATCH_PRICE = 0.5  # of the price, for answers within a day


def night_machines(volume: float = CALLS_A_DAY) -> int:
    """Machines that do so many calls in a night in time."""
    return math.ceil(volume / (NIGHT_HOURS * 3_600 * NIGHT_RATE))


def night_bill(volume: float = CALLS_A_DAY) -> float:
    """Dollars a night for those machines, hired by the hour."""
    return night_machines(volume) * NIGHT_HOURS * lifecycle.GPU_HOUR


def night_bought(volume: float = CALLS_A_DAY) -> float:
    """Dollars a night at the price for answers within a day."""
    return BATCH_PRICE * lifecycle.bought(volume)


def night_hours_that_pay(volume: float = CALLS_A_DAY) -> float:
    """Engineer hours a day at which hosting so many calls by night costs as much as calling."""
    return (night_bought(volume) - night_bill(volume)) / lifecycle.ENGINEER_HOUR


def static_rate(size: int = 16) -> float:
    """Answers a second of closed batches of this size: all prompts, then as many passes as the longest answer has tokens."""
    longest = np.mean([max(draw(random) for _ in range(size)) for random in [Random(5)] for _ in range(400)])
    return float(size / (size * read_seconds() + longest * step_ms(size) / 1e3))


def draw(random: Random) -> int:
    """One answer's length without a cap."""
    return answer_length(math.inf)(random)


def ceiling_rate(batch: int = SLOTS) -> float:
    """Answers a second without clocks, reading and writing in turn, so many answers at once."""
    return 1 / (read_seconds() + write_seconds(batch))


# Adaptation

EXAMPLES, EPOCHS = 3_000, 3  # of the fine-tune
RELEASE_HOURS = 24.0  # hours of training, grading and release until a tuned model is live
SHOTS = (5, 300)  # examples in the prompt, tokens each


def tuning_hours() -> float:
    """Machine hours to fine-tune on the examples, all weights: six operations for each weight and token."""
    tokens = EXAMPLES * EPOCHS * WHOLE
    return training_gpu_hours(PARAMETERS, tokens, FLOPS, REACHED_FLOPS)


def tuning_bill() -> float:
    """Dollars of machine for it."""
    return tuning_hours() * lifecycle.GPU_HOUR


def examples_bill() -> float:
    """Dollars for the examples when an agent writes each in the time of a handover."""
    return EXAMPLES * assistant.handover_cost


def weekly_lag() -> float:
    """Hours from an edit until a model tuned every week knows it, on average."""
    return 7 * 24 / 2 + RELEASE_HOURS


def weekly_stale() -> float:
    """Dollars a day of answers gone stale if a weekly fine-tune carried the facts, at the support design's price of age."""
    return support_rag.stale_cost(weekly_lag())


def shots_month() -> float:
    """Dollars in 30 days for the examples in every prompt."""
    return 30 * assistant.questions_per_day * SHOTS[0] * SHOTS[1] * assistant.input_price / 1e6


def passages_month() -> float:
    """Dollars in 30 days for search and for reading the passages."""
    tokens = assistant.passages * assistant.chunk_tokens * assistant.input_price / 1e6
    return 30 * assistant.questions_per_day * (tokens + assistant.search_cost)


# LoRA

RANK = 16
BATCH_SEQUENCES = 4  # sequences in a training step


def lora_count(rank: int = RANK, names: tuple[str, ...] = ()) -> int:
    """Trained weights of low-rank pairs on all matrices, or on the named ones."""
    return lora_parameters(SHAPE, rank, names)


def memory(kind: str) -> float:
    """Bytes of weights, gradients and optimizer: full, LoRA, or LoRA on a 4-bit base."""
    if kind == "full":
        return training_bytes(0, PARAMETERS)
    if kind == "lora":
        return training_bytes(PARAMETERS, lora_count())
    return four_bit() + training_bytes(0, lora_count())


def checkpoints() -> float:
    """Bytes of one layer input a token and layer in 16 bits, kept when the rest is computed again."""
    return BATCH_SEQUENCES * WHOLE * SHAPE.layers * SHAPE.width * 2


def logits() -> float:
    """Bytes of the scores over the vocabulary in 32 bits for the batch, and as much for their gradient."""
    return BATCH_SEQUENCES * WHOLE * SHAPE.vocabulary * 4 * 2


def adapter_bytes() -> float:
    """Bytes of one adapter in 16 bits."""
    return 2 * lora_count()


def adapters(count: int) -> float:
    """Bytes of so many adapters beside one base model."""
    return WEIGHTS + count * adapter_bytes()


def adapter_pass_share(batch: int = 13) -> float:
    """Further bytes of a pass, as a share, when each of so many answers reads an adapter of its own."""
    return batch * adapter_bytes() / demands(load(), batch, CONTEXT)[1]


# Preference

PAIRS = 400  # of each kind: one answer right and one wrong, the right one longer or shorter
LONGER_RIGHT, SHORTER_RIGHT = 340, 220  # pairs in which the right one was preferred
HANDOVER_PAIRS, HANDOVER_WON = 200, 60  # a handover beside a wrong answer, and how often it was preferred
LONGER_BY = 80  # tokens by which the longer answer is longer, on average


def logit(hits: int, total: int) -> float:
    """Log odds of so many of so many."""
    return math.log(hits / (total - hits))


def weight_of_right() -> float:
    """Log odds that being right adds: half the sum of the two kinds."""
    return (logit(LONGER_RIGHT, PAIRS) + logit(SHORTER_RIGHT, PAIRS)) / 2


def weight_of_length() -> float:
    """Log odds that being longer adds: half their difference."""
    return (logit(LONGER_RIGHT, PAIRS) - logit(SHORTER_RIGHT, PAIRS)) / 2


def length_over_right() -> float:
    """What being longer counts, as a share of what being right counts."""
    return weight_of_length() / weight_of_right()


def longer_wins() -> float:
    """Share of pairs that the longer of two equally right answers wins, by those weights."""
    return 1 / (1 + math.exp(-weight_of_length()))


def padding_seconds() -> float:
    """Seconds of writing that so many more tokens take at the support design's pace."""
    return LONGER_BY * support_rag.PACE[0] / 1_000


def always_answering() -> float:
    """Dollars a day more than at 0.5 when the threshold is gone and everything is answered."""
    return metrics.saved_a_day(0.5, 0.0)


def peak_on_a_machine() -> float:
    """Answers in the making at the peak by Little's law: rate times the support design's mean seconds."""
    return support_rag.in_flight()


def mean_rate() -> float:
    """Questions a second on average."""
    return assistant.questions_per_day / SECONDS_A_DAY


# Prompts


def interview_cache() -> float:
    """Bytes of cache of 16 requests with 8,192 tokens each: 2 × 32 × 8 × 128 × 2 bytes × 8,192 × 16."""
    return 16 * SHAPE.kv_bytes(8_192)


def interview_paged() -> tuple[int, float]:
    """Requests of 3,250 tokens that fit in blocks of 16 beside the model, and the unused share of their bytes."""
    return admitted([WHOLE] * 200, interview_free(), SHAPE.kv_bytes())


def guessing_cost(right: float = 0.5) -> float:
    """Dollars a day of answering seven points of all questions that were handed over, when so many of them are right."""
    loss = (1 - right) * assistant.wrong_answer_cost - assistant.handover_cost
    return 0.07 * assistant.questions_per_day * loss


def interview_free() -> float:
    """Bytes that the model in 16 bits and the reserve leave of the machine."""
    return MEMORY - WEIGHTS - RESERVE


def lora_seen(rank: int) -> float:
    """Trained weights for each training example at this rank on all matrices."""
    return lora_count(rank) / EXAMPLES


INVALID = 0.03  # share of replies that are not valid JSON, given


def invalid_after_retry() -> float:
    """Share of replies still invalid after one retry, if tries are independent."""
    return INVALID**2


def invalid_a_day(share: float = INVALID) -> float:
    """Invalid replies a day at the Assistant's volume."""
    return share * assistant.questions_per_day


def day_built(hours: float = lifecycle.OPERATING_HOURS) -> float:
    """Dollars a day for hosting the three million by day: machines for the peak and a spare, and so many engineer hours."""
    return lifecycle.gpu_bill(CALLS_A_DAY) + hours * lifecycle.ENGINEER_HOUR


def day_hours_that_pay(volume: float = CALLS_A_DAY) -> float:
    """Engineer hours a day at which hosting so many calls by day costs as much as calling."""
    return (lifecycle.bought(volume) - lifecycle.gpu_bill(volume)) / lifecycle.ENGINEER_HOUR


def night_built(hours: float) -> float:
    """Dollars a day for hosting the night's calls with so many engineer hours."""
    return night_bill() + hours * lifecycle.ENGINEER_HOUR


STYLE_TOKENS = 400  # tokens of a style guide in the prompt


def style_month() -> float:
    """Dollars in 30 days for the style guide in every prompt at the plain price."""
    return 30 * assistant.questions_per_day * STYLE_TOKENS * assistant.input_price / 1e6


def retried_rate(rate: float, failing: float, tries: int) -> float:
    """Calls a second when so many questions a second are tried again on failure."""
    return rate * economics.attempts(failing, tries)


LENGTH_BEFORE, LENGTH_AFTER = 230, 310  # median tokens before and after preference tuning, given


def spread_kept_cut(median: float) -> float:
    """Share of answers above the cap when the median moves and the spread of the logarithm stays."""
    return 1 - NORMAL.cdf(math.log(CAP / median) / support_rag.sigma(*support_rag.LENGTH))


def longer_seconds() -> float:
    """Seconds that the longer median takes to write at the support design's pace."""
    return (LENGTH_AFTER - LENGTH_BEFORE) * support_rag.PACE[0] / 1_000
