"""Samplers by name, and what a run has to know about each before it starts one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import FOREIGN, SAMPLERS
from safelight.diffusion.sampler.adams import sample_sa_solver, sample_sa_solver_pece
from safelight.diffusion.sampler.dpm import sample_dpm_2, sample_dpm_2_ancestral
from safelight.diffusion.sampler.dpmpp import (
    sample_dpmpp_2m,
    sample_dpmpp_2m_cfg_pp,
    sample_dpmpp_2s_ancestral,
    sample_dpmpp_2s_ancestral_cfg_pp,
)
from safelight.diffusion.sampler.er import sample_er_sde
from safelight.diffusion.sampler.euler import (
    sample_euler,
    sample_euler_ancestral,
    sample_euler_ancestral_cfg_pp,
    sample_euler_cfg_pp,
    sample_euler_pp,
)
from safelight.diffusion.sampler.exponential import (
    sample_res_multistep,
    sample_res_multistep_ancestral,
    sample_res_multistep_ancestral_cfg_pp,
    sample_res_multistep_cfg_pp,
)
from safelight.diffusion.sampler.foreign import sample_diffusers
from safelight.diffusion.sampler.gradient import (
    sample_gradient_estimation,
    sample_gradient_estimation_cfg_pp,
)
from safelight.diffusion.sampler.heun import sample_heun, sample_heunpp2
from safelight.diffusion.sampler.multistep import sample_deis, sample_ipndm, sample_ipndm_v, sample_lms
from safelight.diffusion.sampler.posterior import sample_ddpm, sample_lcm, sample_lcm_scaled
from safelight.diffusion.sampler.sde import (
    sample_dpmpp_2m_sde,
    sample_dpmpp_2m_sde_heun,
    sample_dpmpp_3m_sde,
    sample_dpmpp_sde,
)
from safelight.diffusion.sampler.seeds import (
    sample_exp_heun_2_x0,
    sample_exp_heun_2_x0_sde,
    sample_seeds_2,
    sample_seeds_3,
)
from safelight.diffusion.sampler.solver import sample_dpm_adaptive, sample_dpm_fast
from safelight.diffusion.sampler.state import Denoise, Sampler, State
from safelight.diffusion.sampler.unipc import NEARLY_ZERO, sample_uni_pc, sample_uni_pc_bh2
from safelight.diffusion.sigma import ModelSampling

__all__ = ["Denoise", "Recipe", "Sampler", "State", "find"]


@dataclass(frozen=True)
class Recipe:
    """A sampler and what surrounds it in a run."""

    function: Callable[..., Iterator[State]]
    """The sampler, with more to say than the rest of the world asks: see `sampler`."""
    depends: Literal["causal", "schedule"] = "causal"
    """What the state after step k depends on: the sigmas up to k, or the whole schedule."""
    noise: Literal["none", "stream", "brownian", "brownian on device"] = "none"
    """Where the noise of its steps comes from, if it uses any."""
    asks_model: bool = False
    """Whether it is another sampler for a flow, or has other questions about the model's levels."""
    skips_penultimate: bool = False
    """Whether a schedule of one step more is made for it and the level before zero left out."""
    needs_descent: bool = False
    """Whether each level has to lie below the one before; a schedule's repeated ones are then left out."""
    ends_at: float = 0.0
    """The level at which a last step to zero ends instead."""
    redraws_masked: bool = False
    """Whether the kept part of an inpainted latent gets noise of its own, not the start noise."""

    def sampler(self, model: ModelSampling, **settings: object) -> Sampler:
        """The sampler for a model of this kind, with these settings of its own."""
        asked = {"model": model} if self.asks_model else {}
        return partial(self.function, **asked, **settings)


def _ancestral(sampler: Callable[..., Iterator[State]], **more: bool) -> Recipe:
    """A sampler that draws from a stream, and goes another way down a flow."""
    return Recipe(sampler, noise="stream", asks_model=True, **more)


def _brownian(sampler: Callable[..., Iterator[State]], *, on_device: bool = False) -> Recipe:
    """A sampler on a Brownian path, which is drawn over the whole schedule and has no steps of no length."""
    noise = "brownian on device" if on_device else "brownian"
    return Recipe(sampler, "schedule", noise, asks_model=True, needs_descent=True)


def _unipc(sampler: Callable[..., Iterator[State]]) -> Recipe:
    """A sampler that cannot reach zero and stops just above."""
    return Recipe(sampler, "schedule", skips_penultimate=True, needs_descent=True, ends_at=NEARLY_ZERO)


_BY_NAME: dict[str, Recipe] = {
    "euler": Recipe(sample_euler),
    "euler_cfg_pp": Recipe(sample_euler_cfg_pp, asks_model=True),
    "euler_ancestral": _ancestral(sample_euler_ancestral),
    "euler_ancestral_cfg_pp": _ancestral(sample_euler_ancestral_cfg_pp),
    "heun": Recipe(sample_heun),
    "heunpp2": Recipe(sample_heunpp2, "schedule"),
    "exp_heun_2_x0": Recipe(sample_exp_heun_2_x0, asks_model=True, needs_descent=True),
    "exp_heun_2_x0_sde": _ancestral(sample_exp_heun_2_x0_sde, needs_descent=True),
    "dpm_2": Recipe(sample_dpm_2, skips_penultimate=True),
    "dpm_2_ancestral": _ancestral(sample_dpm_2_ancestral, skips_penultimate=True),
    "lms": Recipe(sample_lms, needs_descent=True),
    "dpm_fast": Recipe(sample_dpm_fast, "schedule"),
    "dpm_adaptive": Recipe(sample_dpm_adaptive, "schedule", noise="stream"),
    "dpmpp_2s_ancestral": _ancestral(sample_dpmpp_2s_ancestral),
    "dpmpp_2s_ancestral_cfg_pp": Recipe(sample_dpmpp_2s_ancestral_cfg_pp, noise="stream"),
    "dpmpp_sde": _brownian(sample_dpmpp_sde),
    "dpmpp_sde_gpu": _brownian(sample_dpmpp_sde, on_device=True),
    "dpmpp_2m": Recipe(sample_dpmpp_2m, needs_descent=True),
    "dpmpp_2m_cfg_pp": Recipe(sample_dpmpp_2m_cfg_pp, needs_descent=True),
    "dpmpp_2m_sde": _brownian(sample_dpmpp_2m_sde),
    "dpmpp_2m_sde_gpu": _brownian(sample_dpmpp_2m_sde, on_device=True),
    "dpmpp_2m_sde_heun": _brownian(sample_dpmpp_2m_sde_heun),
    "dpmpp_2m_sde_heun_gpu": _brownian(sample_dpmpp_2m_sde_heun, on_device=True),
    "dpmpp_3m_sde": _brownian(sample_dpmpp_3m_sde),
    "dpmpp_3m_sde_gpu": _brownian(sample_dpmpp_3m_sde, on_device=True),
    "ddpm": Recipe(sample_ddpm, noise="stream"),
    "lcm": _ancestral(sample_lcm),
    "ipndm": Recipe(sample_ipndm),
    "ipndm_v": Recipe(sample_ipndm_v, needs_descent=True),
    "deis": Recipe(sample_deis, needs_descent=True),
    "res_multistep": Recipe(sample_res_multistep, needs_descent=True),
    "res_multistep_cfg_pp": Recipe(sample_res_multistep_cfg_pp, needs_descent=True),
    "res_multistep_ancestral": Recipe(sample_res_multistep_ancestral, noise="stream", needs_descent=True),
    "res_multistep_ancestral_cfg_pp": Recipe(
        sample_res_multistep_ancestral_cfg_pp, noise="stream", needs_descent=True
    ),
    "gradient_estimation": Recipe(sample_gradient_estimation),
    "gradient_estimation_cfg_pp": Recipe(sample_gradient_estimation_cfg_pp),
    "er_sde": _ancestral(sample_er_sde, needs_descent=True),
    "seeds_2": _ancestral(sample_seeds_2, needs_descent=True),
    "seeds_3": _ancestral(sample_seeds_3, needs_descent=True),
    "sa_solver": Recipe(sample_sa_solver, "schedule", "stream", asks_model=True, needs_descent=True),
    "sa_solver_pece": Recipe(
        sample_sa_solver_pece, "schedule", "stream", asks_model=True, needs_descent=True
    ),
    "ddim": Recipe(sample_euler, redraws_masked=True),
    "uni_pc": _unipc(sample_uni_pc),
    "uni_pc_bh2": _unipc(sample_uni_pc_bh2),
}


_FOREIGN = Recipe(sample_diffusers, "schedule", "stream", asks_model=True, needs_descent=True)
"""The sampler that is told which of diffusers' schedulers it is."""


_BY_NODE = {
    FOREIGN: _FOREIGN,
    "euler_pp": Recipe(sample_euler_pp),
    "lcm_scaled": Recipe(sample_lcm_scaled, "schedule", "stream", asks_model=True),
}
"""Samplers that nodes of their own give, and that cannot be chosen by name."""


def find(name: str) -> Recipe:
    """The sampler of this name; `UnsupportedError` if there is none."""
    if name in _BY_NODE:
        return _BY_NODE[name]
    if name not in _BY_NAME:
        raise UnsupportedError(f"There is no sampler '{name}'", f"Choose one of {', '.join(SAMPLERS)}")
    return _BY_NAME[name]
