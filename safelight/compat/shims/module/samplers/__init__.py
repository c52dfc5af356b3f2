"""`comfy.samplers`: guidance, guiders, samplers and schedules; each is looked up here when it is used."""

from __future__ import annotations

import importlib
from typing import Any

from torch import Tensor

from safelight.compat.shims.absent import absent, refusal
from safelight.compat.shims.module import device as model_management
from safelight.compat.shims.module.samplers.guidance import (
    calc_cond_batch,
    calc_cond_uncond_batch,
    cfg_function,
    sampling_function,
)
from safelight.compat.shims.module.samplers.guider import CFGGuider, Guider, Guider_Basic
from safelight.compat.shims.module.samplers.named import (
    KSAMPLER_NAMES,
    SAMPLER_NAMES,
    NamedSampler,
    ksampler,
    sampler_object,
    walk,
)
from safelight.compat.shims.module.samplers.noise import Noise, Noise_EmptyNoise, Noise_RandomNoise
from safelight.compat.shims.module.samplers.own import OwnGuider, guider_of
from safelight.compat.shims.module.samplers.run import KSampler, sample
from safelight.compat.shims.module.samplers.sampler import KSAMPLER, KSamplerX0Inpaint, Sampler
from safelight.compat.shims.module.samplers.schedules import (
    SCHEDULER_HANDLERS,
    SCHEDULER_NAMES,
    SchedulerHandler,
    beta_scheduler,
    calculate_sigmas,
    calculate_sigmas_scheduler,
    ddim_scheduler,
    kl_optimal_scheduler,
    linear_quadratic_schedule,
    normal_scheduler,
    simple_scheduler,
)


def get_mask_aabb(masks: Tensor) -> Any:
    raise refusal("comfy.samplers.get_mask_aabb")


def resolve_areas_and_cond_masks(conditions: Any, h: int, w: int, device: Any) -> None:
    """Areas and masks are resolved when a run begins."""


def pre_run_control(model: Any, conds: Any) -> None:
    """Pictures that steer are made ready when a run begins."""


def __getattr__(name: str) -> Any:
    match name:
        case "k_diffusion_sampling":
            return importlib.import_module("comfy.k_diffusion.sampling")
        case "comfy" | "latent_preview":
            return __import__(name)
        case "model_management":
            return model_management
        case "torch" | "logging" | "math" | "scipy" | "numpy":
            return __import__(name)
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.samplers.{name}")


__all__ = [
    "KSAMPLER",
    "KSAMPLER_NAMES",
    "SAMPLER_NAMES",
    "SCHEDULER_HANDLERS",
    "SCHEDULER_NAMES",
    "CFGGuider",
    "Guider",
    "Guider_Basic",
    "KSampler",
    "KSamplerX0Inpaint",
    "NamedSampler",
    "Noise",
    "Noise_EmptyNoise",
    "Noise_RandomNoise",
    "OwnGuider",
    "Sampler",
    "SchedulerHandler",
    "beta_scheduler",
    "calc_cond_batch",
    "calc_cond_uncond_batch",
    "calculate_sigmas",
    "calculate_sigmas_scheduler",
    "cfg_function",
    "ddim_scheduler",
    "get_mask_aabb",
    "guider_of",
    "kl_optimal_scheduler",
    "ksampler",
    "linear_quadratic_schedule",
    "normal_scheduler",
    "pre_run_control",
    "resolve_areas_and_cond_masks",
    "sample",
    "sampler_object",
    "sampling_function",
    "simple_scheduler",
    "walk",
]
