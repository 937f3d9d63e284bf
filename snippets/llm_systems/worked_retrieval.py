"""Numbers of one page: where 51 passages are lost, and what each stage of retrieval buys. Serves docs/chapters/llm-systems/retrieval.md.

Premises of this page stand first, as constants; the rest is computed from them, from `cases` and from the metrics chapter.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType as Fixed

import numpy as np

from snippets.cases import assistant, marketplace
from snippets.lifecycle import worked as lifecycle
from snippets.llm_systems.ann import Timing
from snippets.llm_systems.bm25 import idf, saturated
from snippets.llm_systems.chunking import Block, chunk, update
from snippets.llm_systems.dense import Floats, unit
from snippets.llm_systems.retrieval_report import Report, report
from snippets.metrics import worked_llm as llm
from snippets.metrics.uncertainty import Interval, mcnemar, wilson_interval
from snippets.systems import support_rag as design

Z = 1.96  # two-sided 95 %

# Given: the first layer at which each of the prototype's 51 missed passages was lost, by type of question
LAYERS = ("parsing", "chunking", "filter", "search", "order")
TRACE = Fixed(
    {
        "how-to": (2, 3, 1, 3, 5),
        "policy and billing": (3, 2, 2, 1, 2),
        "error codes": (1, 0, 0, 18, 8),
    }
)
# Given: the place of the needed passage among six, for the 799 that the prototype found
PLACES = (520, 130, 60, 40, 28, 21)
DEPTH = 40  # candidates
# Given: questions won and lost against the prototype, and needed passages among the 40 candidates
LADDER = Fixed(
    {
        "vectors": (0, 0, 814),
        "vectors, reranked": (12, 2, 814),
        "merged": (14, 7, 834),
        "merged, reranked": (30, 2, 834),
    }
)
# Given: answer spans of policy articles, tokens, nine in ten are no longer
SPAN = 60
# Given: passages that hold the word "update", and that hold one error code
COMMON, RARE = 4_000, 2


def lost(layer: str, kind: str | None = None) -> int:
    """Passages lost first at this layer, of one type of question or of all."""
    at = LAYERS.index(layer)
    return sum(row[at] for name, row in TRACE.items() if kind in (None, name))


def before_search() -> int:
    """Passages that no retriever can find: not extracted, cut in two, or hidden by a filter."""
    return lost("parsing") + lost("chunking") + lost("filter")


def found(step: str) -> int:
    """Needed passages among the six after a step: the prototype's, plus won, minus lost."""
    won, dropped, _ = LADDER[step]
    return llm.found().hits + won - dropped


def gained(step: str) -> int:
    """Questions that a step wins over the prototype, net."""
    return found(step) - llm.found().hits


def recall(step: str, depth: int = assistant.passages) -> float:
    """Share of needed passages among the six, or among the candidates, after a step."""
    return (found(step) if depth == assistant.passages else LADDER[step][2]) / llm.found().total


def paired_p(step: str) -> float:
    """McNemar's mid-p of a step against the prototype."""
    won, dropped, _ = LADDER[step]
    return mcnemar(won, dropped)


def worth(step: str) -> float:
    """Dollars a day of a step's recall, at the design's price of a point."""
    return worth_of(gained(step))


def worth_of(questions: float) -> float:
    """Dollars a day of so many more needed passages in 850, at the design's price of a point."""
    return 100 * questions / llm.found().total * design.worth_of_point("retrieval")


def worth_interval(step: str) -> Interval:
    """95 % interval of those dollars, from the variance of the paired differences; the price is taken as known."""
    won, dropped, _ = LADDER[step]
    total = llm.found().total
    half = Z * math.sqrt(won + dropped - (won - dropped) ** 2 / total) / total
    net, price = (won - dropped) / total, 100 * design.worth_of_point("retrieval")
    return Interval((net - half) * price, (net + half) * price)


def unseen(sample: int) -> float:
    """Chance that none of so many labeled spans is among those lost in parsing."""
    return (1 - lost("parsing") / llm.found().total) ** sample


def shared_at_least() -> int:
    """Questions that the reranker alone and the pair must both have won: no more can be won than search and order lost."""
    return LADDER["vectors, reranked"][0] + LADDER["merged, reranked"][0] - lost("search") - lost("order")


def worst_difference() -> tuple[int, int]:
    """Questions that only the pair finds, and only the reranker alone, if their sets share as little as they can."""
    (alone, alone_lost, _), (pair, pair_lost, _) = LADDER["vectors, reranked"], LADDER["merged, reranked"]
    both = shared_at_least()
    return pair - both + alone_lost, alone - both + pair_lost


def worst_p() -> float:
    """McNemar's mid-p of that difference."""
    return mcnemar(*worst_difference())


def order_ceiling() -> float:
    """Points that a perfect reranker of the vectors' candidates could win: recall at 40 minus recall at 6."""
    return 100 * (recall("vectors", DEPTH) - recall("vectors"))


# Chunks


def cut_share(span: int, size: int, overlap: int) -> float:
    """Share of spans that stand whole in no passage, when boundaries fall anywhere and text is long.

    Passages of `size` tokens start every size − overlap tokens, so a span of up to overlap + 1 is always whole.
    """
    return min(1.0, max(0, span - 1 - overlap) / (size - overlap))


def article_tokens() -> float:
    """Tokens of an article, passages laid end to end."""
    return assistant.chunks_per_article * assistant.chunk_tokens


def passages_with(overlap: int, size: int = assistant.chunk_tokens) -> int:
    """Passages of the help center when each article is cut blindly with this overlap."""
    return assistant.articles * math.ceil((article_tokens() - overlap) / (size - overlap))


def edited(structured: bool) -> int:
    """Passages to embed after a sentence is added at the top of an article of six sections, cut by heading or blindly."""
    heads = [(f"part {i}",) if structured else () for i in range(int(assistant.chunks_per_article))]
    old = [
        Block(head, " ".join(f"w{i}.{j}" for j in range(assistant.chunk_tokens - 12))) for i, head in enumerate(heads)
    ]
    new = [Block(heads[0], "One sentence that was not there before. " + old[0].text), *old[1:]]
    return len(update(chunk(old, "a"), chunk(new, "a"))[1])


# Words


def most(holding: int) -> float:
    """The most that a word can add to a passage's score, however often it occurs."""
    return idf(int(assistant.chunks), holding)


def once(holding: int, length: float = 1.0) -> float:
    """What one occurrence adds in a passage of this length, relative to the mean."""
    return most(holding) * saturated(1, length)


# Vectors


@lru_cache(maxsize=1)
def _tokens() -> tuple[Floats, object]:
    """Vectors of 32,000 tokens, 256 numbers each, and their tokenizer, as packaged in wordllama 0.2.2."""
    from importlib.util import find_spec

    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    spec = find_spec("wordllama")
    root = Path(str(spec and spec.origin)).parent
    table = load_file(root / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    return table, Tokenizer.from_file(str(root / "tokenizers" / "l2_supercat_tokenizer_config.json"))


def static_vector(text: str) -> Floats:
    """Mean of the token vectors, length 1: an embedding without word order."""
    table, tokenizer = _tokens()
    ids = tokenizer.encode(text, add_special_tokens=False).ids  # type: ignore[attr-defined]
    return unit(table[ids].astype(np.float32).mean(axis=0))


def alike(a: str, b: str) -> float:
    """Cosine of two texts under the packaged token vectors."""
    return float(static_vector(a) @ static_vector(b))


CODE_QUESTION = "What does E-4127 mean?"
RIGHT_ROW = "E-4127: the clock is off; set the time and sync again"
WRONG_ROW = "E-4172: the plan expired; renew it and sign in"
PAIRS = (
    ("error E-4127 during sync", "error E-4172 during sync"),
    (CODE_QUESTION, RIGHT_ROW),
    (CODE_QUESTION, WRONG_ROW),
    ("Cancel my subscription", "Do not cancel my subscription"),
    ("Cancel my subscription", "End my membership"),
    ("refunds are possible within 14 days", "refunds are possible within 30 days"),
    ("refunds are possible within 14 days", "you get your money back for two weeks"),
)


# Approximate: recorded on 28 November 2026 by `ann.measure(ann.help_center(articles, 6, 1_024))`, faiss 1.15.1, one thread
# of a shared two-core virtual machine (AMD EPYC), median of 300 single questions. The vectors are made, not a model's.
TIMED_QUESTIONS = 300
BUILT = Fixed({18_000: (0.8, 6.1), 120_000: (14.8, 57.4)})  # seconds: inverted file, graph
MEASURED = Fixed(
    {
        18_000: (
            Timing("exact", 0, 3.90, 1.0, 1.0),
            Timing("inverted file", 1, 0.029, 0.8528, 0.8533),
            Timing("inverted file", 2, 0.046, 0.9161, 0.9167),
            Timing("inverted file", 4, 0.080, 0.9361, 0.9367),
            Timing("inverted file", 8, 0.150, 0.9594, 0.9600),
            Timing("inverted file", 16, 0.290, 0.9694, 0.9700),
            Timing("inverted file", 32, 0.584, 0.9928, 0.9933),
            Timing("inverted file", 64, 1.338, 0.9933, 0.9933),
            Timing("graph", 8, 0.047, 0.5761, 0.5767),
            Timing("graph", 16, 0.063, 0.7400, 0.7400),
            Timing("graph", 32, 0.101, 0.9000, 0.9000),
            Timing("graph", 64, 0.176, 0.9667, 0.9667),
            Timing("graph", 128, 0.348, 0.9933, 0.9933),
            Timing("graph", 256, 0.684, 1.0, 1.0),
        ),
        120_000: (
            Timing("exact", 0, 16.76, 1.0, 1.0),
            Timing("inverted file", 1, 0.082, 0.4939, 0.4933),
            Timing("inverted file", 2, 0.129, 0.5739, 0.5733),
            Timing("inverted file", 4, 0.234, 0.6822, 0.6833),
            Timing("inverted file", 8, 0.433, 0.7833, 0.7833),
            Timing("inverted file", 16, 0.846, 0.8289, 0.8300),
            Timing("inverted file", 32, 1.698, 0.9139, 0.9200),
            Timing("inverted file", 64, 7.356, 0.9628, 0.9667),
            Timing("graph", 8, 0.080, 0.1800, 0.1833),
            Timing("graph", 16, 0.115, 0.2650, 0.2700),
            Timing("graph", 32, 0.214, 0.3783, 0.3833),
            Timing("graph", 64, 0.361, 0.5767, 0.5833),
            Timing("graph", 128, 0.652, 0.7583, 0.7667),
            Timing("graph", 256, 1.412, 0.9239, 0.9333),
        ),
    }
)


def timed(name: str, setting: int, passages: int = 18_000) -> Timing:
    """One row of the recorded measurement."""
    return next(row for row in MEASURED[passages] if (row.name, row.setting) == (name, setting))


def approximate_saves(name: str, setting: int) -> float:
    """Dollars a day of the milliseconds that an approximate index saves on 18,000 passages, if waiting has the design's price."""
    return design.wait_price(timed("exact", 0).median_ms - timed(name, setting).median_ms)


def loss_not_excluded(name: str, setting: int) -> float:
    """The high end of the interval of the share of meant passages lost."""
    return wilson_interval(meant_lost(name, setting), TIMED_QUESTIONS).high


def meant_lost(name: str, setting: int) -> int:
    """Questions of the measurement whose passage is not among the six returned."""
    return round(TIMED_QUESTIONS * (1 - timed(name, setting).meant))


# Given: logged questions that are searched exactly once, to know what an index loses
LOGGED = 30_000


def truth_minutes() -> float:
    """Minutes of exact search over the logged questions, one by one, at the measured pace."""
    return LOGGED * timed("exact", 0).median_ms / 60_000


def open_after_truth() -> float:
    """The high end of the interval of the share lost, if none of the logged questions loses its passage."""
    return wilson_interval(0, LOGGED).high


# Fusion


def lone_place_beaten(k: float, place: int) -> bool:
    """Whether an item at this place in both lists beats one that stands first in a single list."""
    return 2 / (k + place) > 1 / (k + 1)


def last_winner(k: int) -> int:
    """The last place at which an item in both lists beats one that stands first in a single list: k + 1."""
    place = 1
    while lone_place_beaten(k, place + 1):
        place += 1
    return place


# Diversity: given likenesses to what is picked, of a neighbor with shared text and of another article
COPY, NOVEL = 0.95, 0.55


def passes_over(balance: float) -> float:
    """How much less relevant, in cosine, a novel passage may be and still be picked before a near copy."""
    return (1 - balance) / balance * (COPY - NOVEL)


# Reranking


def reranker_tokens() -> int:
    """Tokens that a reranker reads for one question: each candidate, the question beside it left out."""
    return DEPTH * assistant.chunk_tokens


def reranker_dollars() -> float:
    """Dollars a day of those tokens at the answering model's price, more than a smaller model's."""
    return reranker_tokens() * assistant.questions_per_day * assistant.input_price / 1e6


# Given: passages read when nothing is reranked, the rival
READ_INSTEAD = 12


def read_instead_tokens() -> int:
    """Tokens that reading 12 passages adds to reading six."""
    return (READ_INSTEAD - assistant.passages) * assistant.chunk_tokens


def read_instead_ms() -> float:
    """Milliseconds that those tokens take, at the pace of the design's 3,000."""
    return design.STEPS["read 3,000 tokens"][0] * read_instead_tokens() / 3_000


def read_instead_cost() -> float:
    """Dollars a day of reading 12: tokens at the answering model's price, and waiting."""
    tokens = read_instead_tokens() * assistant.questions_per_day * assistant.input_price / 1e6
    return tokens + design.wait_price(read_instead_ms())


def reranker_cost() -> float:
    """Dollars a day of reranking 40, at most: its tokens at the answering model's price, and waiting."""
    return reranker_dollars() + design.wait_price(design.STEPS["rerank 40 passages"][0])


def passages_that_pay() -> float:
    """Needed passages in 850 that the reranker must win over reading 12, to be worth what it costs more."""
    return (reranker_cost() - read_instead_cost()) / worth_of(1)


# Filters


def after_filter(share: float, depth: int) -> float:
    """Recall at six when the top `depth` are filtered afterward, if rights fall on passages by chance.

    `share` is of the list around the question. The needed passage, allowed and r-th among the allowed, is within the depth if at least r of so many places
    are allowed.
    """
    total = 0.0
    for rank, count in enumerate(PLACES, start=1):
        fewer = math.fsum(
            math.comb(depth, j) * share**j * (1 - share) ** (depth - j) for j in range(min(rank, depth + 1))
        )
        total += count * (1 - fewer)
    return total / llm.found().total


def depth_for(share: float, within: float = 0.01) -> int:
    """The depth at which filtering afterward loses less than this share of the questions."""
    depth = assistant.passages
    while after_filter(share, depth) < llm.found().share - within:
        depth += 1
    return depth


def allowed(share: float) -> float:
    """Passages that a customer with this share of rights may see."""
    return share * assistant.chunks


# Freshness


def live_share(days: int, replaced: float = assistant.chunks_per_article) -> float:
    """Share of index entries that are live after so many days without removing tombstones, so many replaced an edit."""
    return assistant.chunks / (assistant.chunks + days * assistant.edits_per_day * replaced)


def new_model_tokens() -> float:
    """Tokens to read for vectors of a new model."""
    return assistant.chunks * assistant.chunk_tokens


# Measuring


@lru_cache(maxsize=1)
def prototype() -> Report:
    """Recall at six, reciprocal rank and nDCG of the prototype with their intervals."""
    places: list[int | None] = [place for place, count in enumerate(PLACES, start=1) for _ in range(count)]
    return report(places + [None] * llm.missed(), assistant.passages)


def codes_interval() -> Interval:
    """Wilson interval of the prototype's recall on error codes."""
    codes = llm.found("error codes")
    return wilson_interval(codes.hits, codes.total)


# Prompts


# Given: questions of a kind, and how many needed passages are among six before and after every question is rewritten
REWRITTEN = Fixed(
    {
        "follow-up": (280, 224, 246),
        "first turn, no code": (430, 413, 402),
        "first turn, code": (90, 78, 52),
    }
)


def rewritten(step: int, *kinds: str) -> float:
    """Recall at six of these kinds, all if none is named, before (1) or after (2) rewriting."""
    rows = [REWRITTEN[kind] for kind in kinds or REWRITTEN]
    return sum(row[step] for row in rows) / sum(row[0] for row in rows)


def asked() -> int:
    """Questions of the rewriting prompt."""
    return sum(row[0] for row in REWRITTEN.values())


def follow_ups_only() -> float:
    """Recall at six if only follow-ups are rewritten: the new figure for them, the old for the rest."""
    return sum(row[2 if kind == "follow-up" else 1] for kind, row in REWRITTEN.items()) / asked()


# Given: passage tokens, passages in the window, of 400 questions: needed span in the window, answers right
MANUALS = 400
SIZES = Fixed(
    {
        "150 × 6": (332, 291),
        "300 × 6": (352, 322),
        "600 × 6": (364, 324),
        "150 × 12": (364, 318),
        "600 × 3": (336, 304),
        "150, read as 450, × 4": (360, 336),
    }
)


def stretch(size: int, overlap: int) -> int:
    """Distinct tokens of a passage read with both neighbors."""
    return size + 2 * (size - overlap)


def spans_found(row: str) -> float:
    """Share of the manuals' questions whose span stands in the window."""
    return SIZES[row][0] / MANUALS


def answers_right(row: str) -> float:
    """Share of the manuals' questions answered right."""
    return SIZES[row][1] / MANUALS


def right_when_found(row: str) -> float:
    """Right answers for each span found: the reader's part, a little flattered by lucky ones."""
    return SIZES[row][1] / SIZES[row][0]


def batched_machines(bytes_each: int = 4) -> int:
    """Machines for exact search when a pass over the listings serves all who wait, two passes within the clock."""
    pass_ms = 1_000 * lifecycle.exact_search() * bytes_each / 4
    return math.ceil(2 * pass_ms / marketplace.retrieval_ms)


def pass_ms() -> float:
    """Milliseconds in which each machine of exact search reads its shard of the listings once."""
    return 1_000 * lifecycle.exact_search() / batched_machines()


def doubled(machines: int) -> int:
    """Machines when each shard has a second copy, so that none is lost with its machine."""
    return 2 * machines


def index_machines(bytes_each: int = 4) -> int:
    """Machines for the inverted file: its reading and as much again for overhead and imbalance, rounded up."""
    return math.ceil(2 * listings_machines() * bytes_each / 4)


def help_center_busy() -> float:
    """Share of one core that exact search keeps busy at the help center's peak, at the design's slow core."""
    return lifecycle.peak_questions() * design.search_ms() / 1_000


def listings_compared(probes: int = 32) -> float:
    """Vectors that one marketplace search compares in an inverted file of √n lists of equal size."""
    lists = round(math.sqrt(marketplace.live_listings))
    return lists + probes * marketplace.live_listings / lists


def listings_machines(probes: int = 32) -> float:
    """Machines that the inverted file's reading keeps busy at the marketplace's peak."""
    return lifecycle.exact_machines() * listings_compared(probes) / marketplace.live_listings


def graph_links() -> float:
    """Bytes of links that a graph with 64 neighbors at its lowest level stores for the listings, 4 bytes each."""
    return marketplace.live_listings * 64 * 4


# Given: of 280 follow-ups, won and lost by merged and reranked search with the rewrite beside the question as typed
FOLLOW_UPS = (280, 31, 6)


def rewrite_points() -> float:
    """Points of recall over all questions that rewriting follow-ups adds, at the design's share of follow-ups."""
    total, won, dropped = FOLLOW_UPS
    return 100 * (won - dropped) / total * design.HISTORY


def rewrite_worth() -> float:
    """Dollars a day of those points."""
    return rewrite_points() * design.worth_of_point("retrieval")


def rewrite_interval() -> Interval:
    """95 % interval of those dollars, from the variance of the paired differences; the price is taken as known."""
    total, won, dropped = FOLLOW_UPS
    half = Z * math.sqrt(won + dropped - (won - dropped) ** 2 / total)
    dollars = 100 / total * design.HISTORY * design.worth_of_point("retrieval")
    return Interval((won - dropped - half) * dollars, (won - dropped + half) * dollars)


def rewrite_wait(share: float = design.HISTORY) -> float:
    """Dollars a day of the rewriter's median time, if this share of questions waits for it."""
    return share * design.wait_price(design.STEPS["rewrite, follow-ups only"][0])
