"""KSamplerSelect."""

from __future__ import annotations

from nodes.types import SamplerName
from safelight import Sampler, node


@node("KSamplerSelect", category="model/sampling/samplers", aliases=("sampler",))
def select_sampler(*, sampler_name: SamplerName = "euler") -> Sampler:
    """Choose a sampling method with its usual settings."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle(sampler_name)
