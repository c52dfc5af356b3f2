"""Diffusers Scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from safelight import Choice, Sampler, node


def _schedulers() -> Sequence[str]:
    from safelight import diffusion

    return diffusion.names.SCHEDULERS


SCHEDULER = Choice(of=_schedulers, tip="The scheduler, by the name of its class in diffusers.")


@node(
    "SamplerDiffusers",
    category="model/sampling/samplers",
    title="Diffusers Scheduler",
    aliases=("TCD", "scheduler"),
)
def diffusers_sampler(*, scheduler: Annotated[str, SCHEDULER] = "TCDScheduler") -> Sampler:
    """Walk as one of diffusers' schedulers does, for models that were made for one.

    Those that take levels walk the given ones; the others walk as many of their own, from the highest.
    """
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of(diffusion.names.FOREIGN, scheduler=scheduler)
