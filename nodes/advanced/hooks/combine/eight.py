"""Combine Hooks [8]."""

from __future__ import annotations

from nodes.advanced.hooks.combine.two import combined
from nodes.advanced.hooks.value import Hooks
from safelight import node


@node(
    "CombineHooks8",
    category="advanced/hooks/combine",
    title="Combine Hooks [8]",
    experimental=True,
)
def combine_eight(
    *,
    hooks_A: Hooks | None = None,  # noqa: N803
    hooks_B: Hooks | None = None,  # noqa: N803
    hooks_C: Hooks | None = None,  # noqa: N803
    hooks_D: Hooks | None = None,  # noqa: N803
    hooks_E: Hooks | None = None,  # noqa: N803
    hooks_F: Hooks | None = None,  # noqa: N803
    hooks_G: Hooks | None = None,  # noqa: N803
    hooks_H: Hooks | None = None,  # noqa: N803
) -> Hooks:
    """Bind up to eight groups of hooks together; what is in several counts once."""
    return combined(hooks_A, hooks_B, hooks_C, hooks_D, hooks_E, hooks_F, hooks_G, hooks_H)
