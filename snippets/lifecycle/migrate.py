"""Replace a model that others read: its threshold, its inputs, its identity. Serves docs/chapters/lifecycle.md."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence


# --8<-- [start:remap]
def remap_threshold(old: Sequence[float], new: Sequence[float], threshold: float) -> float:
    """The threshold on the new score that flags as many items as the old one did.

    Both scores of the same items, finite. Items at or above a threshold are flagged.
    Equal new scores cannot be parted: a group that does not fit is left out, so fewer
    may be flagged. Nothing flagged gives `inf`. O(n log n).
    """
    if len(old) != len(new):
        raise ValueError(f"{len(old)} old scores and {len(new)} new ones")
    if not all(math.isfinite(score) for score in (*old, *new)):
        raise ValueError("a score is not finite")
    wanted = sum(score >= threshold for score in old)
    ranked = sorted(new, reverse=True)
    left_out = ranked[wanted] if wanted < len(ranked) else -math.inf
    return min((score for score in ranked if score > left_out), default=math.inf)


def changed_decisions(
    old: Sequence[float],
    new: Sequence[float],
    before: float,
    after: float,
) -> tuple[int, int]:
    """Items flagged only by the old rule, and only by the new one. O(n)."""
    pairs = [(a >= before, b >= after) for a, b in zip(old, new, strict=True)]
    return pairs.count((True, False)), pairs.count((False, True))


# --8<-- [end:remap]


# --8<-- [start:release]
def release_id(parts: Mapping[str, str]) -> str:
    """One short name for everything that decides an output, equal when all parts are.

    `parts` maps a role (model, prompt, index, features, code, threshold) to the
    content hash or version of what fills it; order does not matter. 48 bits: others
    collide by chance only. "latest" and "" raise, since nobody can roll back to them.
    O(size).
    """
    for role, version in parts.items():
        if not version or version == "latest":
            raise ValueError(f"{role} is {version!r}: pin a version")
    if not parts:
        raise ValueError("a release of nothing")
    canonical = json.dumps(dict(parts), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def missing_inputs(needs: Mapping[str, str], served: Mapping[str, str]) -> list[str]:
    """Why a model cannot be served by this feature service; empty if it can.

    Both map a feature to its type and meaning, `amount` to `float32 dollars`. Features
    served beyond the needed ones do no harm. Run it for the model that is live, and
    for the one you would roll back to. O(features).
    """
    gone = [f"{name} is gone" for name in needs if name not in served]
    moved = [
        f"{name} was {kind}, is {served[name]}"
        for name, kind in needs.items()
        if name in served and served[name] != kind
    ]
    return sorted(gone + moved)


# --8<-- [end:release]
