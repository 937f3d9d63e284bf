"""Queues, against a simulation event by event, textbook sums and the limits where everything is known."""

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.lifecycle import capacity

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def simulate(rate, service, servers, requests=200_000, seed=5):
    """Times in system and waits of an M/M/c queue, first come first served: an independent implementation."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / rate, requests))
    services = rng.exponential(service, requests)
    free = [0.0] * servers
    waits = []
    for arrival, length in zip(arrivals, services, strict=True):
        start = max(arrival, heapq.heappop(free))
        heapq.heappush(free, start + length)
        waits.append(start - arrival)
    return np.array(waits), np.array(waits) + services


@pytest.mark.parametrize(("rate", "service", "servers"), [(8, 0.1, 1), (24, 0.1, 3), (8, 0.1, 2), (100, 0.08, 10)])
def test_the_formulas_agree_with_a_simulated_queue(rate, service, servers):
    waits, times = simulate(rate, service, servers)
    load = capacity.busy_servers(rate, service)
    assert (waits > 0).mean() == pytest.approx(capacity.chance_of_waiting(servers, load), abs=0.02)
    assert waits.mean() == pytest.approx(capacity.mean_wait(rate, service, servers), rel=0.08)
    for seconds in (0.05, 0.2, 0.5):
        assert (times > seconds).mean() == pytest.approx(
            capacity.share_slower(seconds, rate, service, servers), abs=0.015
        )


@quick
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_erlang_c_by_its_textbook_sum(servers, utilization):
    load = utilization * servers
    last = load**servers / math.factorial(servers) / (1 - utilization)
    expected = last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)
    assert capacity.chance_of_waiting(servers, load) == pytest.approx(expected)


def test_one_server_is_the_textbook_queue():
    assert capacity.chance_of_waiting(1, 0.8) == pytest.approx(0.8)
    assert capacity.mean_wait(8, 0.1, 1) == pytest.approx(0.1 * 0.8 / 0.2)
    assert capacity.share_slower(0.5, 8, 0.1, 1) == pytest.approx(math.exp(-0.5 * 0.2 / 0.1))


def test_nothing_and_too_much():
    assert capacity.chance_of_waiting(3, 0) == 0
    assert capacity.chance_of_waiting(3, 3) == 1
    assert capacity.mean_wait(30, 0.1, 3) == math.inf
    assert capacity.share_slower(100, 30, 0.1, 3) == 1
    assert capacity.share_slower(0, 20, 0.1, 3) == pytest.approx(1)
    assert capacity.chance_of_waiting(2_000, 1_990) < 1  # factorials of this size overflow


def test_the_tail_is_smooth_where_the_two_rates_meet():
    at = capacity.share_slower(0.2, 20, 0.1, 3)  # three servers, two busy: one to spare
    near = [capacity.share_slower(0.2, 20 + d, 0.1, 3) for d in (-1e-4, 1e-4)]
    assert near[0] < at < near[1]
    assert near[1] - near[0] < 1e-4


@quick
@given(st.floats(1, 300), st.floats(0.001, 0.02), st.floats(6, 20))
def test_the_fewest_servers_are_enough_and_one_less_is_not(rate, service, factor):
    limit = factor * service
    servers = capacity.servers_for(rate, service, limit)
    assert capacity.share_slower(limit, rate, service, servers) <= 0.01
    assert servers == 1 or capacity.share_slower(limit, rate, service, servers - 1) > 0.01
    alone = capacity.separate_servers_for(rate, service, limit)
    assert alone >= servers  # one queue is never worse than many
    assert capacity.share_slower(limit, rate / alone, service, 1) <= 0.01 + 1e-9
    assert alone == 1 or capacity.share_slower(limit, rate / (alone - 1), service, 1) > 0.01 - 1e-9


def test_no_number_of_servers_mends_slow_service():
    with pytest.raises(ValueError, match="service alone is over the limit"):
        capacity.servers_for(1, 0.1, 0.2)
    with pytest.raises(ValueError, match="service alone needs"):
        capacity.separate_servers_for(1, 0.1, 0.2)


def test_a_zone_can_be_lost():
    assert [capacity.servers_a_zone(needed, 3) for needed in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert capacity.servers_a_zone(3, 2) == 3
    with pytest.raises(ValueError, match="zones is 1"):
        capacity.servers_a_zone(3, 1)


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
def test_bad_rates_are_refused(rate):
    with pytest.raises(ValueError, match="rate is"):
        capacity.busy_servers(rate, 0.1)


def test_other_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match=r"servers is 1\.5"):
        capacity.chance_of_waiting(1.5, 1)
    with pytest.raises(ValueError, match="servers is 0"):
        capacity.mean_wait(1, 0.1, 0)
    with pytest.raises(ValueError, match="load is -1"):
        capacity.chance_of_waiting(1, -1)
    with pytest.raises(ValueError, match="slow is 0"):
        capacity.servers_for(1, 0.1, 1, slow=0)
