"""Cond Pair Set Default Combine."""

from __future__ import annotations

from nodes.advanced.hooks.cond_single.default import set_default_and_combine
from nodes.advanced.hooks.value import Hooks, Pair
from safelight import Conditioning, node


@node(
    "PairConditioningSetDefaultCombine",
    category="advanced/hooks/cond pair",
    title="Cond Pair Set Default Combine",
    experimental=True,
    aliases=("regional prompt", "background"),
)
def set_pair_default_and_combine(
    *,
    positive: Conditioning,
    negative: Conditioning,
    positive_DEFAULT: Conditioning,  # noqa: N803
    negative_DEFAULT: Conditioning,  # noqa: N803
    hooks: Hooks | None = None,
) -> Pair:
    """Add a pair of prompts that act where no others do: the background of what masks leave free."""
    return Pair(
        set_default_and_combine(cond=positive, cond_DEFAULT=positive_DEFAULT, hooks=hooks),
        set_default_and_combine(cond=negative, cond_DEFAULT=negative_DEFAULT, hooks=hooks),
    )
