"""What is attached to a conditioning: hooks, a mask, a part of the run, and to speak where no other does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from safelight.diffusion import conditioning as conditionings
from safelight.diffusion.conditioning import Conditioning
from safelight.diffusion.hook import Hooks

if TYPE_CHECKING:
    from torch import Tensor

Span = tuple[float, float]
"""A part of a run, from 0 (its beginning) to 1."""
Bounds = Literal["default", "mask bounds"]


def attached(
    conditioning: Conditioning,
    *,
    hooks: Hooks | None = None,
    mask: Tensor | None = None,
    strength: float = 1.0,
    bounds: Bounds = "default",
    span: Span | None = None,
) -> Conditioning:
    """The conditioning with what is given; `strength` is the mask's, and nothing without one.

    Hooks are added to those that are there.
    """
    if hooks:
        conditioning = [[tensor, _hooked(options, hooks)] for tensor, options in conditioning]
    if mask is not None:
        conditioning = conditionings.set_mask(conditioning, mask, strength, bounds)
    if span is not None:
        conditioning = conditionings.set_timestep_range(conditioning, *span)
    return conditioning


def filling(conditioning: Conditioning) -> Conditioning:
    """Let it speak only where, and as far as, no other of its side does."""
    return [[tensor, {**options, "default": True}] for tensor, options in conditioning]


def _hooked(options: dict[str, Any], hooks: Hooks) -> dict[str, Any]:
    return {**options, "hooks": options.get("hooks", Hooks()).combined(hooks)}
