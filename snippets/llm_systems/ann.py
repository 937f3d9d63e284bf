"""Approximate nearest neighbors: an inverted file that counts, and a clock. Serves docs/chapters/llm-systems/retrieval.md.

The clock's results on the page were recorded once, with `measure`, and stand in `worked_retrieval`; a test runs it on a
handful of vectors.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def help_center(articles: int, passages: int, width: int, seed: int = 7) -> Vectors:
    """Unit vectors that crowd like a help center's: topics, articles within them, passages within those.

    One row for each passage, article by article; `articles` × `passages` rows of `width` numbers. No topic model: three
    levels of Gaussian noise of equal length, a tenth as many topics as articles (at least one). O(rows · width).
    """
    rng = np.random.default_rng(seed)
    topics = rng.standard_normal((max(1, articles // 10), width), dtype=np.float32)
    middle = topics[rng.integers(len(topics), size=articles)]
    middle = middle + rng.standard_normal((articles, width), dtype=np.float32)
    rows = np.repeat(middle, passages, axis=0)
    rows += rng.standard_normal(rows.shape, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def questions_to(rows: Vectors, count: int, seed: int = 8) -> tuple[Vectors, NDArray[np.int64]]:
    """Questions, each a random row blurred by noise three times as long as the row, and the rows meant. O(count · width)."""
    rng = np.random.default_rng(seed)
    meant = rng.integers(len(rows), size=count)
    noise = rng.standard_normal((count, rows.shape[1]), dtype=np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    blurred = rows[meant] + 3 * noise
    return blurred / np.linalg.norm(blurred, axis=1, keepdims=True), meant


@dataclass(frozen=True)
class Timing:
    """One setting of one index: what it takes and what it finds."""

    name: str
    setting: int  # lists probed, or candidates kept while walking the graph; 0 for exact search
    median_ms: float  # milliseconds a question, one at a time on one thread
    recall: float  # share of the exact search's first k that it returns
    meant: float  # share of questions whose passage is among its first k


def measure(rows: Vectors, k: int = 6, count: int = 300) -> tuple[list[Timing], dict[str, float]]:
    """Time exact search, an inverted file and a graph on the same questions, and the seconds to build each.

    Questions go one at a time, on one thread: that is what a service at low load sees. Needs faiss.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    width, lists = rows.shape[1], max(1, round(len(rows) ** 0.5))
    asked, meant = questions_to(rows, count)
    built: dict[str, float] = {}

    def build(name: str, index: Any) -> Any:
        start = time.perf_counter()
        if not index.is_trained:
            index.train(rows)
        index.add(rows)
        built[name] = time.perf_counter() - start
        return index

    flat = build("exact", faiss.IndexFlatIP(width))
    ivf = build("inverted file", faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, lists, faiss.METRIC_INNER_PRODUCT))
    graph = build("graph", faiss.IndexHNSWFlat(width, 32, faiss.METRIC_INNER_PRODUCT))
    truth = np.array([flat.search(one[None], k)[1][0] for one in asked])

    def clock(name: str, setting: int, index: Any) -> Timing:
        took, shared, found = [], 0, 0
        for one, exact, row in zip(asked, truth, meant, strict=True):
            start = time.perf_counter()
            got = index.search(one[None], k)[1][0]
            took.append(time.perf_counter() - start)
            shared += len(set(got.tolist()) & set(exact.tolist()))
            found += int(row in got)
        return Timing(name, setting, 1_000 * float(np.median(took)), shared / truth.size, found / count)

    table = [clock("exact", 0, flat)]
    for probes in (1, 2, 4, 8, 16, 32, 64):
        ivf.nprobe = probes
        table.append(clock("inverted file", probes, ivf))
    for kept in (8, 16, 32, 64, 128, 256):
        graph.hnsw.efSearch = kept
        table.append(clock("graph", kept, graph))
    return table, built
