"""Samplers by name, and what a run has to know about each before it starts one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.sampler.dpmpp import sample_dpmpp_2m
from safelight.diffusion.sampler.euler import sample_euler, sample_euler_ancestral
from safelight.diffusion.sampler.heun import sample_heun
from safelight.diffusion.sampler.state import Denoise, Sampler, State

__all__ = ["Denoise", "Recipe", "Sampler", "State", "find"]


@dataclass(frozen=True)
class Recipe:
    """A sampler and what surrounds it in a run."""

    run: Sampler
    """The sampler itself."""
    depends: Literal["causal", "schedule"] = "causal"
    """What the state after step k depends on: the sigmas up to k, or the whole schedule."""
    noise: Literal["none", "stream"] = "none"
    """Where the noise of its steps comes from, if it uses any."""
    skips_penultimate: bool = False
    """Whether a schedule of one step more is made for it and the level before zero left out."""
    redraws_masked: bool = False
    """Whether the kept part of an inpainted latent gets noise of its own, not the start noise."""


_BY_NAME: dict[str, Recipe] = {
    "euler": Recipe(sample_euler),
    "euler_ancestral": Recipe(sample_euler_ancestral, noise="stream"),
    "heun": Recipe(sample_heun),
    "dpmpp_2m": Recipe(sample_dpmpp_2m),
    "ddim": Recipe(sample_euler, redraws_masked=True),
}


def find(name: str) -> Recipe:
    """The sampler of this name; `UnsupportedError` if there is none."""
    if name not in _BY_NAME:
        raise UnsupportedError(f"There is no sampler '{name}'", f"Choose one of {', '.join(SAMPLERS)}")
    return _BY_NAME[name]
