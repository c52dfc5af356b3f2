"""SamplerLMS."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, Sampler, node

ORDER = Number(min=1, max=100, advanced=True, tip="How many slopes are used; more than four seldom helps.")


@node("SamplerLMS", category="model/sampling/samplers")
def lms(*, order: Annotated[int, ORDER] = 4) -> Sampler:
    """A multistep method: one evaluation a step, and the slopes of the steps before."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of("lms", order=order)
