"""Speculation, against drawing every token."""

import pytest

from snippets.llm_systems import speculative


@pytest.mark.parametrize(("accept", "drafted"), [(0.0, 3), (0.3, 1), (0.7, 4), (0.9, 8), (1.0, 5)])
def test_expected_tokens_against_simulation(accept, drafted):
    simulated = speculative.simulated_tokens(accept, drafted, 20_000, 1)
    assert speculative.expected_tokens(accept, drafted) == pytest.approx(simulated, rel=0.02)
    series = sum(accept**i for i in range(drafted + 1))
    assert speculative.expected_tokens(accept, drafted) == pytest.approx(series)


def test_edges():
    assert speculative.expected_tokens(0.5, 0) == 1
    assert speculative.speed_up(0.5, 0, 0.1) == 1
    assert speculative.speed_up(1, 4, 0) == 5
    assert speculative.speed_up(0.99, 4, 0, 5) < 1  # compute-bound: never worth it
    with pytest.raises(ValueError, match="accept"):
        speculative.expected_tokens(1.1, 2)
    with pytest.raises(ValueError, match="drafted"):
        speculative.expected_tokens(0.5, -1)
