"""Queues against their closed forms, the engine against what must hold in every run."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import batching
from snippets.llm_systems.batching import Request

quick = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def queue(load, deterministic, count=200_000):
    random = Random(0)
    gaps = [random.expovariate(load) for _ in range(count)]
    services = [1.0 if deterministic else random.expovariate(1.0) for _ in range(count)]
    return batching.waits(gaps, services), services


@pytest.mark.parametrize(("deterministic", "spread"), [(True, 0.0), (False, 1.0)])
def test_mean_wait_against_simulation(deterministic, spread):
    waits, _ = queue(0.6, deterministic)
    assert np.mean(waits) == pytest.approx(batching.mean_wait(0.6, 1.0, spread), rel=0.05)


def test_the_tail_of_mm1_against_simulation():
    waits, services = queue(0.6, False)
    total = np.add(waits, services)
    assert np.quantile(total, 0.99) == pytest.approx(batching.mm1_quantile(0.6, 1.0, 0.99), rel=0.06)


@pytest.mark.parametrize("load", [0.6, 0.8])
def test_the_tail_of_md1_against_simulation(load):
    waits, services = queue(load, True)
    total = np.add(waits, services)
    for share in (0.95, 0.99):
        assert np.quantile(total, share) == pytest.approx(batching.md1_quantile(load, 1.0, share), rel=0.06)
    assert batching.md1_quantile(load, 1.0, 0.01) == 1.0


def test_an_overloaded_queue_has_no_limit():
    assert batching.mean_wait(1.0, 1.0) == math.inf
    assert batching.mm1_quantile(2.0, 1.0, 0.5) == math.inf
    assert batching.md1_quantile(1.0, 1.0, 0.5) == math.inf


def test_waits_by_hand():
    assert batching.waits([1, 5, 1], [3, 1, 1]) == [0, 2, 0]
    assert batching.waits([], []) == []
    with pytest.raises(ValueError):
        batching.waits([1], [])


def seconds(read, write):
    return 1.0 + 0.01 * read + 0.1 * write


def test_a_lone_request_in_turn():
    request = Request(5.0, prompt=100, answer=3)
    batching.run([request], seconds, slots=4)
    assert request.times == pytest.approx([7.0, 8.1, 9.2])
    assert request.first == pytest.approx(2.0)
    assert request.whole == pytest.approx(4.2)
    assert request.gaps == pytest.approx([1.1, 1.1])


def test_a_lone_request_in_chunks_reads_in_several_passes():
    request = Request(0.0, prompt=100, answer=1)
    batching.run([request], seconds, slots=4, chunk=40)
    assert request.times == pytest.approx([1.4 + 1.4 + 1.2])


def test_in_turn_a_new_prompt_stalls_the_writer_and_in_chunks_it_does_not():
    for chunk, stalled in ((0, True), (10, False)):
        requests = [Request(0.0, 100, 8), Request(0.1, 100, 2)]
        batching.run(requests, seconds, slots=4, chunk=chunk)
        assert (max(requests[0].gaps) > 2) is stalled


def test_a_full_machine_makes_the_next_wait():
    requests = [Request(0.0, 10, 5), Request(0.0, 10, 5)]
    batching.run(requests, seconds, slots=1)
    assert requests[1].times[0] > requests[0].times[-1]


@quick
@given(
    st.lists(st.tuples(st.floats(0, 20), st.integers(1, 60), st.integers(1, 12)), max_size=12),
    st.integers(1, 4),
    st.sampled_from([0, 1, 16]),
    st.booleans(),
)
def test_every_token_is_written_once_and_in_order(rows, slots, chunk, static):
    requests = [Request(a, p, n) for a, p, n in sorted(rows)]
    if static:
        batching.run_static(requests, seconds, slots)
    else:
        batching.run(requests, seconds, slots, chunk)
    for request in requests:
        assert len(request.times) == request.answer
        assert request.times == sorted(request.times)
        assert request.first > 0


def test_closed_batches_wait_for_the_longest():
    requests = [Request(0.0, 10, 2), Request(0.0, 10, 30), Request(0.5, 10, 2)]
    batching.run_static(requests, seconds, 2)
    assert requests[2].times[0] > requests[1].times[-1]
    continuous = [Request(0.0, 10, 2), Request(0.0, 10, 30), Request(0.5, 10, 2)]
    batching.run(continuous, seconds, 2)
    assert continuous[2].whole < requests[2].whole


def test_random_requests_have_their_rate():
    requests = batching.poisson_requests(2.0, 4_000, 10, lambda random: random.randint(0, 3), 1)
    assert requests[-1].arrival == pytest.approx(2_000, rel=0.05)
    assert min(request.answer for request in requests) == 1


def test_goodput_needs_both_clocks():
    requests = [
        Request(0.0, 1, 2, times=[1.0, 2.0]),
        Request(0.0, 1, 2, times=[1.0, 9.0]),
        Request(0.0, 1, 1, times=[3.0]),
    ]
    assert batching.goodput(requests, 1.5, 6.0) == pytest.approx(1 / 3)
    assert math.isnan(batching.goodput([], 1, 1))
