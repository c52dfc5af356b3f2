"""Cond Pair Combine."""

from __future__ import annotations

from nodes.advanced.hooks.value import Pair
from safelight import Conditioning, node


@node(
    "PairConditioningCombine",
    category="advanced/hooks/cond pair",
    title="Cond Pair Combine",
    experimental=True,
)
def combine_pairs(
    *,
    positive_A: Conditioning,  # noqa: N803
    negative_A: Conditioning,  # noqa: N803
    positive_B: Conditioning,  # noqa: N803
    negative_B: Conditioning,  # noqa: N803
) -> Pair:
    """Let two pairs of prompts act together: the positive ones with each other, and the negative ones."""
    return Pair([*positive_A, *positive_B], [*negative_A, *negative_B])
