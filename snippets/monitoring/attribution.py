"""Which features the model leans on, then and now. Serves docs/chapters/monitoring.md."""

from collections.abc import Mapping

from snippets.metrics.ranking import scored_ndcg


# --8<-- [start:attribution]
def attribution_ndcg(training: Mapping[str, float], live: Mapping[str, float]) -> float:
    """NDCG of the training attributions, read in the order of the live ones.

    Both map each feature to its mean absolute attribution. 1 when the order has not
    changed; a swap at the top costs most. A feature missing live counts as 0. As in
    SageMaker Clarify, which alarms below 0.90. O(f log f).
    """
    names = sorted(training)
    return scored_ndcg([training[n] for n in names], [live.get(n, 0.0) for n in names])


def share_changes(training: Mapping[str, float], live: Mapping[str, float]) -> dict[str, float]:
    """Each feature's share of the total attribution now, less its share in training.

    They add up to 0. It sees a feature that fades without changing places, which a
    ranking cannot. All zero on a side raises. O(f).
    """
    before, after = sum(training.values()), sum(live.get(n, 0.0) for n in training)
    if not before or not after:
        raise ValueError("attributions are all 0: there are no shares")
    return {n: live.get(n, 0.0) / after - training[n] / before for n in training}


# --8<-- [end:attribution]
