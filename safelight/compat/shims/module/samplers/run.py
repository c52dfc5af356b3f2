"""A whole run: the steps, the sampler and the guider that packs ask for by name."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module import samplers
from safelight.compat.shims.module.samplers.named import SAMPLER_NAMES
from safelight.compat.shims.module.samplers.schedules import SCHEDULER_NAMES


class KSampler:
    SCHEDULERS = SCHEDULER_NAMES
    SAMPLERS = SAMPLER_NAMES
    DISCARD_PENULTIMATE_SIGMA_SAMPLERS = {"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"}

    def __init__(
        self,
        model: Any,
        steps: int,
        device: Any,
        sampler: Any = None,
        scheduler: Any = None,
        denoise: Any = None,
        model_options: Any = None,
    ) -> None:
        self.model = model
        self.device = device
        self.scheduler = scheduler if scheduler in self.SCHEDULERS else self.SCHEDULERS[0]
        self.sampler = sampler if sampler in self.SAMPLERS else self.SAMPLERS[0]
        self.denoise = denoise
        self.model_options = model_options or {}
        self.steps = steps
        self.sigmas: Any = None
        self.set_steps(steps, denoise)

    def calculate_sigmas(self, steps: int) -> Tensor:
        skips = self.sampler in self.DISCARD_PENULTIMATE_SIGMA_SAMPLERS
        levels = self.model.get_model_object("model_sampling")
        sigmas = samplers.calculate_sigmas(levels, self.scheduler, steps + skips)
        return torch.cat([sigmas[:-2], sigmas[-1:]]) if skips else sigmas

    def set_steps(self, steps: int, denoise: Any = None) -> None:
        self.steps = steps
        if denoise is None or denoise > 0.9999:
            self.sigmas = self.calculate_sigmas(steps)
        elif denoise <= 0.0:
            self.sigmas = torch.empty(0)
        else:
            self.sigmas = self.calculate_sigmas(int(steps / denoise))[-(steps + 1) :]

    def sample(
        self,
        noise: Tensor,
        positive: Any,
        negative: Any,
        cfg: float,
        latent_image: Any = None,
        start_step: Any = None,
        last_step: Any = None,
        force_full_denoise: bool = False,
        denoise_mask: Any = None,
        sigmas: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
    ) -> Any:
        sigmas = self.sigmas if sigmas is None else sigmas
        if last_step is not None and last_step < len(sigmas) - 1:
            sigmas = sigmas[: last_step + 1].clone()
            if force_full_denoise:
                sigmas[-1] = 0
        if start_step is not None:
            if start_step >= len(sigmas) - 1:
                return latent_image if latent_image is not None else torch.zeros_like(noise)
            sigmas = sigmas[start_step:]
        return samplers.sample(
            self.model,
            noise,
            positive,
            negative,
            cfg,
            self.device,
            samplers.sampler_object(self.sampler),
            sigmas,
            self.model_options,
            latent_image=latent_image,
            denoise_mask=denoise_mask,
            callback=callback,
            disable_pbar=disable_pbar,
            seed=seed,
        )


def sample(
    model: Any,
    noise: Tensor,
    positive: Any,
    negative: Any,
    cfg: float,
    device: Any,
    sampler: Any,
    sigmas: Tensor,
    model_options: Any = None,
    latent_image: Any = None,
    denoise_mask: Any = None,
    callback: Any = None,
    disable_pbar: Any = False,
    seed: Any = None,
) -> Tensor:
    guider = samplers.CFGGuider(model)
    guider.set_conds(positive, negative)
    guider.set_cfg(cfg)
    return guider.sample(noise, latent_image, sampler, sigmas, denoise_mask, callback, disable_pbar, seed)
