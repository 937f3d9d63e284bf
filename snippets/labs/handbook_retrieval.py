"""Search over a frozen text of this handbook: sections, golden questions, five retrievers, and how they are judged.

Serves docs/labs/handbook-retrieval.ipynb. Everything is read from `snippets/labs/data/` and from an installed package; nothing
is downloaded, and the pages as they stand today are never read.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import yaml
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

DATA = Path(__file__).parent / "data"
SNAPSHOT = DATA / "handbook-2026-11.jsonl"
QUESTIONS = DATA / "handbook-questions.yml"
ANSWERS = DATA / "handbook-search-2026-11.json"
NOTED = Path(__file__).parents[1] / "outputs" / "labs" / "handbook-retrieval.json"
POOLED = 1126  # results among the first three to five of the retrievers that were unjudged, and then judged, by hand
KINDS = ("term", "paraphrase", "symptom", "number", "typo", "other-name")


class Section(NamedTuple):
    """A section of a page: its address, the headings down to its own, and its text, a line a block."""

    address: str
    path: tuple[str, ...]
    text: str


class Question(NamedTuple):
    """What a reader types, and the sections that answer it: best, also right, and those found later by pooling."""

    ask: str
    kind: str
    best: frozenset[str]
    also: frozenset[str]
    pooled: frozenset[str]
    quote: str

    @property
    def right(self) -> frozenset[str]:
        """Every section that counts as an answer."""
        return self.best | self.also | self.pooled


def sections(path: Path = SNAPSHOT) -> list[Section]:
    """The snapshot's sections, in the order of the book; a line that is not one raises `ValueError` with file and line.

    A line is a JSON object with `page`, `id` (empty for a page's beginning), `path` and `text`. An empty file holds no
    section and raises too. O(n).
    """
    found: dict[str, Section] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{where}: is no JSON ({error.msg}, column {error.colno})") from None
        if not isinstance(row, dict) or set(row) != {"page", "id", "path", "text"}:
            raise ValueError(f"{where}: must be an object with `page`, `id`, `path` and `text`")
        for key in ("page", "id", "text"):
            if not isinstance(row[key], str):
                raise ValueError(f"{where}: `{key}` must be a text")
        if not row["path"] or not isinstance(row["path"], list) or not all(isinstance(p, str) for p in row["path"]):
            raise ValueError(f"{where}: `path` must be a list of headings")
        if not row["text"].strip():
            raise ValueError(f"{where}: `text` is empty")
        address = row["page"] + (f"#{row['id']}" if row["id"] else "")
        if address in found:
            raise ValueError(f"{where}: {address} stands here a second time")
        found[address] = Section(address, tuple(row["path"]), row["text"])
    if not found:
        raise ValueError(f"{path.name}: holds no section; run `python -m handbook snapshot`")
    return list(found.values())


def questions(known: Iterable[str], path: Path = QUESTIONS) -> list[Question]:
    """The golden questions; raises `ValueError` that names the question when one is out of form or cites an unknown section."""
    addresses, found = set(known), []
    for row in yaml.safe_load(path.read_text(encoding="utf-8")):
        where = f"{path.name}: {row.get('ask', row)!r}"
        if strange := set(row) - {"ask", "kind", "best", "also", "pooled", "quote"}:
            raise ValueError(f"{where} has {sorted(strange)}")
        if missing := {"ask", "kind", "best", "quote"} - set(row):
            raise ValueError(f"{where} lacks {sorted(missing)}")
        if row["kind"] not in KINDS:
            raise ValueError(f"{where}: the kind is one of {', '.join(KINDS)}")
        graded = [frozenset(row.get(grade, ())) for grade in ("best", "also", "pooled")]
        if unknown := frozenset().union(*graded) - addresses:
            raise ValueError(f"{where}: the snapshot has no {sorted(unknown)}")
        if sum(map(len, graded)) > len(frozenset().union(*graded)):
            raise ValueError(f"{where}: a section is graded twice")
        best, also, pooled = graded
        found.append(Question(row["ask"], row["kind"], best, also, pooled, row["quote"]))
    return found


def own_search(asked: Sequence[Question], version: str, path: Path = ANSWERS) -> list[list[str]]:
    """What the book's own search answered to each question when the snapshot was made: at most 20 addresses, best first.

    A question that it was not asked raises `ValueError`: make the snapshot again.
    """
    found = json.loads(path.read_text(encoding="utf-8"))[version]
    if missing := [q.ask for q in asked if q.ask not in found]:
        raise ValueError(f"{path.name} has no answer to {missing}; run `python -m handbook snapshot`")
    return [list(found[q.ask]) for q in asked]


def halves(asked: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """Half of each kind to tune on, half to report on, chosen by a hash of the question; an odd one is reported on.

    The hash makes the choice blind and keeps it when questions are reordered. O(n log n).
    """
    tune: list[Question] = []
    for kind in KINDS:
        mine = sorted(
            (q for q in asked if q.kind == kind), key=lambda q: hashlib.sha256(q.ask.encode("utf-8")).hexdigest()
        )
        tune += mine[: len(mine) // 2]
    chosen = {q.ask for q in tune}
    return [q for q in asked if q.ask in chosen], [q for q in asked if q.ask not in chosen]


# Words

# cspell:disable
SUFFIXES = ("ations", "ation", "ingly", "ings", "ing", "edly", "ied", "ies", "ed", "es", "s", "ly", "ion", "e")
# cspell:enable
WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?")


def stem(word: str) -> str:
    """The word without its ending, as long as four letters stay; numbers and short words as they are.

    >>> [stem(word) for word in ("monitors", "monitored", "1,800", "loss")]
    ['monitor', 'monitor', '1800', 'loss']
    """
    if word[0].isdigit():
        return word.replace(",", "")
    word = word.removesuffix("'s").replace("'", "")
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4 and not word.endswith("ss"):
            return word[: -len(suffix)]
    return word


def words(text: str) -> list[str]:
    """A text as stems, in order: lower case, letters and numbers only. No text gives an empty list. O(n)."""
    return [stem(word) for word in WORD.findall(text.lower())]


# --8<-- [start:bm25]
class BM25:
    """Lexical scores of texts for a query, k1 for saturation and b for length.

    `weights[term]` holds the texts with the term and what it adds to each. Building is
    O(total words), a query O(texts that hold one of its terms). Robertson and Zaragoza
    2009, with an idf that is never negative.
    """

    def __init__(self, texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75):
        """Index texts that are lists of terms; an empty text scores 0 for everything."""
        self.size = len(texts)
        length = np.array([len(text) for text in texts], dtype=float)
        norm = k1 * (1 - b + b * length / max(length.mean(), 1)) if texts else length
        held: dict[str, list[tuple[int, int]]] = {}
        for place, text in enumerate(texts):
            for term, count in Counter(text).items():
                held.setdefault(term, []).append((place, count))
        self.weights: dict[str, tuple[Ints, Floats]] = {}
        for term, rows in held.items():
            places, counts = np.array(rows, dtype=np.int64).T
            idf = np.log1p((self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            gain = idf * counts * (k1 + 1) / (counts + norm[places])
            self.weights[term] = places, gain

    def scores(self, query: Iterable[str]) -> Floats:
        """One score a text; terms that no text holds add nothing."""
        total = np.zeros(self.size)
        for term in query:
            if term in self.weights:
                places, gain = self.weights[term]
                total[places] += gain
        return total


# --8<-- [end:bm25]


def letters(text: str, size: int = 4) -> list[str]:
    """Each word's runs of `size` letters, its edges marked, so that a misspelt word still shares most of its terms.

    Shorter words stay whole. No text gives an empty list. O(n · size).

    >>> letters("An ant", 4)
    ['_an_', '_ant', 'ant_']
    """
    marked = (f"_{word}_" for word in WORD.findall(text.lower()))
    return [word[i : i + size] for word in marked for i in range(max(1, len(word) - size + 1))]


def passages(text: str, size: int = 120, overlap: int = 30) -> list[str]:
    """The text in pieces of `size` words, each beginning with the last `overlap` words of the one before.

    A text that fits stays whole; an empty one gives one empty piece. An overlap that is not below the size, or below
    0, raises `ValueError`. O(n).
    """
    if not 0 <= overlap < size:
        raise ValueError(f"overlap is {overlap}: from 0 to below the size, {size}, is needed")
    split = text.split()
    starts = range(0, max(1, len(split) - overlap), size - overlap)
    return [" ".join(split[start : start + size]) for start in starts]


def best_of(scores: Floats, owner: Ints, count: int) -> Floats:
    """A section's score as that of its best passage; `owner` says whose each passage is. None gives −∞. O(n)."""
    found = np.full(count, -np.inf)
    np.maximum.at(found, owner, scores)
    return found


# Vectors


class Tokens:
    """The packaged embeddings: a tokenizer and 256 numbers for each of 32,000 tokens, trained to be averaged.

    Read from the files of the installed package `wordllama`, whose own loader would look on the network.
    """

    def __init__(self, package: str = "wordllama"):
        """Raises `FileNotFoundError` when the package or its files are missing."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        spec = find_spec(package)
        folder = Path(next(iter(spec.submodule_search_locations or []), "")) if spec else Path("missing")
        weights = folder / "weights" / "l2_supercat_256.safetensors"
        if not weights.is_file():
            raise FileNotFoundError(f"the package {package} has no {weights.name}; run `make setup`")
        self.table = load_file(str(weights))["embedding.weight"].astype(np.float32)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def ids(self, texts: Sequence[str]) -> list[Ints]:
        """Each text as token numbers. O(n)."""
        return [np.array(e.ids, dtype=np.int64) for e in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def vectors(self, ids: Sequence[Ints], weights: NDArray[Any] | None = None) -> NDArray[np.float32]:
        """Each text's mean token vector, weighted if asked, at length 1; a text without tokens gives zeros. O(n)."""
        found = np.zeros((len(ids), self.table.shape[1]), dtype=np.float32)
        for row, mine in enumerate(ids):
            share = np.ones(len(mine), dtype=np.float32) if weights is None else weights[mine].astype(np.float32)
            found[row] = share @ self.table[mine]
        return unit(found)


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows at length 1, so that a dot product is a cosine; zeros stay zeros."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    found = np.zeros_like(rows)
    np.divide(rows, length, out=found, where=length > 0)
    return found


# --8<-- [start:late]
def late_interaction(query: NDArray[np.float32], text: NDArray[np.float32]) -> float:
    """For each token of the query its best match in the text, averaged.

    Both are token vectors of length 1, a row a token. Without tokens on either side 0.
    O(query · text). MaxSim of ColBERT, here on vectors that don't know their context.
    """
    if not len(query) or not len(text):
        return 0.0
    return float((query @ text.T).max(axis=1).mean())


# --8<-- [end:late]


# Lists


def ranking(scores: NDArray[Any]) -> Ints:
    """Places from best to worst; scores equal to five decimals keep the order of the book. O(n log n)."""
    return np.argsort(-np.round(np.asarray(scores, dtype=np.float64), 5), kind="stable")


# --8<-- [start:rrf]
def fused(lists: Sequence[Sequence[int] | Ints], size: int, k: float = 60) -> Floats:
    """Scores by reciprocal rank fusion: 1 / (k + rank) added up over the lists.

    `lists` hold places from best to worst and may be cut off; what a list lacks gets
    nothing from it. No list gives zeros. O(total length). Cormack et al. 2009.
    """
    total = np.zeros(size)
    for found in lists:
        total[np.asarray(found, dtype=np.int64)] += 1 / (k + np.arange(1, len(found) + 1))
    return total


# --8<-- [end:rrf]


def first_right(order: Iterable[int] | Ints, addresses: Sequence[str], right: frozenset[str]) -> int:
    """The rank, from 1, of the first right section; 0 when the list holds none. O(n)."""
    return next((rank for rank, place in enumerate(order, 1) if addresses[place] in right), 0)


def recall_at(ranks: Sequence[int], k: int = 5) -> float:
    """Share of questions with a right section among the first k; ranks as `first_right` gives them. None gives NaN."""
    return sum(0 < rank <= k for rank in ranks) / len(ranks) if len(ranks) else float("nan")


def mrr(ranks: Sequence[int]) -> float:
    """Mean of 1 / rank, 0 where nothing right was found. No question gives NaN."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if len(ranks) else float("nan")


def covered(query: Sequence[str], text: Iterable[str], idf: Mapping[str, float]) -> float:
    """How much of the query's weight the text holds, from 0 to 1; terms without idf count nothing. O(n)."""
    wanted, held = set(query), set(text)
    weight = sum(idf.get(term, 0.0) for term in wanted)
    return sum(idf.get(term, 0.0) for term in wanted & held) / weight if weight else 0.0


def timed(ask: Callable[[str], Any], queries: Sequence[str], clock: Callable[[], float]) -> Floats:
    """Milliseconds for each query; `clock` gives seconds. One unmeasured call first, so that caches are warm."""
    ask(queries[0])
    found = []
    for query in queries:
        began = clock()
        ask(query)
        found.append(1000 * (clock() - began))
    return np.array(found)


@lru_cache(maxsize=1)
def _noted(path: Path, edited: float) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def noted(name: str, path: Path = NOTED) -> Any:
    """A number that the lab's notebook noted when it ran; a test runs the notebook again and compares."""
    found = _noted(path, path.stat().st_mtime)[name]
    return tuple(found) if isinstance(found, list) else found
