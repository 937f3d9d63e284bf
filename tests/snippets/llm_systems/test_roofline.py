"""The roofline, against counting by hand and against searching the batch."""

import math

import pytest

from snippets.llm_systems import roofline
from snippets.llm_systems.roofline import Accelerator, Load

MACHINE = Accelerator(flops=100.0, bandwidth=10.0, memory=1_000.0)
LOAD = Load(weights=50.0, weight_bytes=100.0, kv_bytes=1.0, attention=2.0)


def test_a_pass_counts_weights_once_and_caches_for_each_reader():
    assert roofline.demands(LOAD, 3, 7) == (3 * (100 + 14), 100 + 3 * 7)
    assert roofline.demands(LOAD, 3, 7, 1) == (3 * (100 + 14), 100 + 7)
    assert roofline.demands(LOAD, 0, 7) == (0, 100)


def test_the_later_of_two():
    assert roofline.pass_seconds(MACHINE, 200, 10) == 2
    assert roofline.pass_seconds(MACHINE, 200, 50) == 5
    assert MACHINE.ridge == 10


def test_intensity_without_context_is_the_batch_in_16_bits():
    assert roofline.intensity(LOAD, 8, 0) == 8
    with pytest.raises(ValueError, match="tokens"):
        roofline.intensity(LOAD, 0, 0)


@pytest.mark.parametrize("context", [0.0, 1.0, 5.0, 11.0])
def test_the_crossover_is_where_both_take_as_long(context):
    batch = roofline.crossover(MACHINE, LOAD, context)
    operations, moved = roofline.demands(LOAD, batch, context)
    assert operations / MACHINE.flops == pytest.approx(moved / MACHINE.bandwidth)
    assert roofline.intensity(LOAD, batch, context) == pytest.approx(MACHINE.ridge)


def test_beyond_some_context_there_is_none():
    edge = roofline.longest_context_with_crossover(MACHINE, LOAD)
    assert roofline.crossover(MACHINE, LOAD, edge * 1.001) is None
    assert roofline.crossover(MACHINE, LOAD, edge * 0.999) > 1_000
    assert roofline.intensity(LOAD, 1e9, edge * 1.001) < MACHINE.ridge
    assert roofline.longest_context_with_crossover(MACHINE, LOAD._replace(kv_bytes=0.1)) == math.inf
