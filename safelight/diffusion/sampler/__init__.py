"""Samplers by name, and what a run has to know about each before it starts one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.sampler.dpm import sample_dpm_2, sample_dpm_2_ancestral
from safelight.diffusion.sampler.dpmpp import (
    sample_dpmpp_2m,
    sample_dpmpp_2m_sde,
    sample_dpmpp_2m_sde_heun,
    sample_dpmpp_2s_ancestral,
    sample_dpmpp_3m_sde,
    sample_dpmpp_sde,
)
from safelight.diffusion.sampler.euler import sample_euler, sample_euler_ancestral
from safelight.diffusion.sampler.exponential import sample_er_sde, sample_res_multistep
from safelight.diffusion.sampler.heun import sample_heun
from safelight.diffusion.sampler.multistep import sample_deis, sample_ipndm, sample_lms
from safelight.diffusion.sampler.posterior import sample_ddpm, sample_lcm
from safelight.diffusion.sampler.state import Denoise, Sampler, State
from safelight.diffusion.sampler.unipc import sample_uni_pc, sample_uni_pc_bh2

__all__ = ["Denoise", "Recipe", "Sampler", "State", "find"]


@dataclass(frozen=True)
class Recipe:
    """A sampler and what surrounds it in a run."""

    run: Sampler
    """The sampler itself."""
    depends: Literal["causal", "schedule"] = "causal"
    """What the state after step k depends on: the sigmas up to k, or the whole schedule."""
    noise: Literal["none", "stream", "brownian", "brownian on device"] = "none"
    """Where the noise of its steps comes from, if it uses any."""
    skips_penultimate: bool = False
    """Whether a schedule of one step more is made for it and the level before zero left out."""
    needs_descent: bool = False
    """Whether each level has to lie below the one before; a schedule's repeated ones are then left out."""
    redraws_masked: bool = False
    """Whether the kept part of an inpainted latent gets noise of its own, not the start noise."""


def _brownian(sampler: Sampler, *, on_device: bool = False) -> Recipe:
    """A sampler on a Brownian path, which is drawn over the whole schedule and has no steps of no length."""
    noise = "brownian on device" if on_device else "brownian"
    return Recipe(sampler, "schedule", noise, needs_descent=True)


_BY_NAME: dict[str, Recipe] = {
    "euler": Recipe(sample_euler),
    "euler_ancestral": Recipe(sample_euler_ancestral, noise="stream"),
    "heun": Recipe(sample_heun),
    "dpm_2": Recipe(sample_dpm_2, skips_penultimate=True),
    "dpm_2_ancestral": Recipe(sample_dpm_2_ancestral, noise="stream", skips_penultimate=True),
    "lms": Recipe(sample_lms, needs_descent=True),
    "dpmpp_2s_ancestral": Recipe(sample_dpmpp_2s_ancestral, noise="stream"),
    "dpmpp_sde": _brownian(sample_dpmpp_sde),
    "dpmpp_sde_gpu": _brownian(sample_dpmpp_sde, on_device=True),
    "dpmpp_2m": Recipe(sample_dpmpp_2m, needs_descent=True),
    "dpmpp_2m_sde": _brownian(sample_dpmpp_2m_sde),
    "dpmpp_2m_sde_gpu": _brownian(sample_dpmpp_2m_sde, on_device=True),
    "dpmpp_2m_sde_heun": _brownian(sample_dpmpp_2m_sde_heun),
    "dpmpp_2m_sde_heun_gpu": _brownian(sample_dpmpp_2m_sde_heun, on_device=True),
    "dpmpp_3m_sde": _brownian(sample_dpmpp_3m_sde),
    "dpmpp_3m_sde_gpu": _brownian(sample_dpmpp_3m_sde, on_device=True),
    "ddpm": Recipe(sample_ddpm, noise="stream"),
    "lcm": Recipe(sample_lcm, noise="stream"),
    "ipndm": Recipe(sample_ipndm),
    "deis": Recipe(sample_deis, needs_descent=True),
    "res_multistep": Recipe(sample_res_multistep, needs_descent=True),
    "er_sde": Recipe(sample_er_sde, noise="stream", needs_descent=True),
    "ddim": Recipe(sample_euler, redraws_masked=True),
    "uni_pc": Recipe(sample_uni_pc, "schedule", skips_penultimate=True, needs_descent=True),
    "uni_pc_bh2": Recipe(sample_uni_pc_bh2, "schedule", skips_penultimate=True, needs_descent=True),
}


def find(name: str) -> Recipe:
    """The sampler of this name; `UnsupportedError` if there is none."""
    if name not in _BY_NAME:
        raise UnsupportedError(f"There is no sampler '{name}'", f"Choose one of {', '.join(SAMPLERS)}")
    return _BY_NAME[name]
