"""Levels without steps between."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module.levels.discrete import ModelSamplingDiscrete, settings_of


class ModelSamplingContinuousEDM(torch.nn.Module):
    """Levels without a table."""

    def __init__(self, model_config: Any = None) -> None:
        super().__init__()
        settings = settings_of(model_config)
        self.set_parameters(
            settings.get("sigma_min", 0.002),
            settings.get("sigma_max", 120.0),
            settings.get("sigma_data", 1.0),
        )

    def set_parameters(self, sigma_min: float, sigma_max: float, sigma_data: float) -> None:
        self.sigma_data = sigma_data
        sigmas = torch.linspace(math.log(sigma_min), math.log(sigma_max), 1000).exp()
        self.register_buffer("sigmas", sigmas)
        self.register_buffer("log_sigmas", sigmas.log())

    sigma_min = ModelSamplingDiscrete.sigma_min
    sigma_max = ModelSamplingDiscrete.sigma_max

    def timestep(self, sigma: Tensor) -> Tensor:
        return 0.25 * torch.as_tensor(sigma).log()

    def sigma(self, timestep: Any) -> Tensor:
        return (torch.as_tensor(timestep) / 0.25).exp()

    def percent_to_sigma(self, percent: float) -> float:
        if percent <= 0.0:
            return 999999999.9
        if percent >= 1.0:
            return 0.0
        low = math.log(float(self.sigma_min))
        return math.exp((math.log(float(self.sigma_max)) - low) * (1.0 - percent) + low)


class ModelSamplingContinuousV(ModelSamplingContinuousEDM):
    def timestep(self, sigma: Tensor) -> Tensor:
        return torch.as_tensor(sigma).atan() / math.pi * 2

    def sigma(self, timestep: Any) -> Tensor:
        return (torch.as_tensor(timestep) * math.pi / 2).tan()
