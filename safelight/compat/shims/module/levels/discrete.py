"""Levels that were trained one by one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def settings_of(model_config: Any) -> dict[str, Any]:
    return getattr(model_config, "sampling_settings", None) or {}


class ModelSamplingDiscrete(torch.nn.Module):
    """A table of levels."""

    def __init__(self, model_config: Any = None, zsnr: bool | None = None) -> None:
        super().__init__()
        settings = settings_of(model_config)
        steps = settings.get("timesteps", 1000)
        start, end = settings.get("linear_start", 0.00085), settings.get("linear_end", 0.012)
        betas = torch.linspace(start**0.5, end**0.5, steps, dtype=torch.float64) ** 2
        self.linear_start, self.linear_end, self.num_timesteps = start, end, steps
        self.sigma_data = 1.0
        self.zsnr = bool(settings.get("zsnr", False) if zsnr is None else zsnr)
        alphas = torch.cumprod(1.0 - betas, dim=0)
        if self.zsnr:
            from safelight.diffusion.training import zero_snr

            alphas = zero_snr(alphas.float()).double()
        self.set_sigmas((((1 - alphas) / alphas) ** 0.5).float())

    def set_sigmas(self, sigmas: Tensor) -> None:
        self.register_buffer("sigmas", sigmas.float())
        self.register_buffer("log_sigmas", sigmas.log().float())

    def set_parameters(self, linear_start: float, linear_end: float, timesteps: int = 1000) -> None:
        betas = torch.linspace(linear_start**0.5, linear_end**0.5, timesteps, dtype=torch.float64) ** 2
        alphas = torch.cumprod(1.0 - betas, dim=0)
        self.set_sigmas((((1 - alphas) / alphas) ** 0.5).float())

    @property
    def sigma_min(self) -> Tensor:
        return self.sigmas[0]

    @property
    def sigma_max(self) -> Tensor:
        return self.sigmas[-1]

    def timestep(self, sigma: Tensor) -> Tensor:
        sigma = torch.as_tensor(sigma)
        dists = sigma.log().to(self.log_sigmas.device)[None] - self.log_sigmas.reshape(-1, *(1,) * sigma.ndim)
        return dists.abs().argmin(dim=0).view(sigma.shape).to(sigma.device)

    def sigma(self, timestep: Any) -> Tensor:
        at = torch.as_tensor(timestep, dtype=torch.float32).clamp(0, len(self.sigmas) - 1)
        low, high, part = at.floor().long(), at.ceil().long(), at.frac()
        return ((1 - part) * self.log_sigmas[low] + part * self.log_sigmas[high]).exp()

    def percent_to_sigma(self, percent: float) -> float:
        if percent <= 0.0:
            return 999999999.9
        if percent >= 1.0:
            return 0.0
        return float(self.sigma(torch.tensor((1.0 - percent) * 999.0)))


class ModelSamplingDiscreteEDM(ModelSamplingDiscrete):
    def timestep(self, sigma: Tensor) -> Tensor:
        return 0.25 * torch.as_tensor(sigma).log()

    def sigma(self, timestep: Any) -> Tensor:
        return (torch.as_tensor(timestep) / 0.25).exp()


def rescale_zero_terminal_snr_sigmas(sigmas: Tensor) -> Tensor:
    from safelight.diffusion.training import zero_snr

    alphas = zero_snr(1 / (sigmas.double() ** 2 + 1)).double()
    return (((1 - alphas) / alphas) ** 0.5).float()
