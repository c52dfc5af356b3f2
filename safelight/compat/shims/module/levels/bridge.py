"""Our levels as packs know them, and theirs as we do."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module.levels.prediction import CONST
from safelight.diffusion.sigma import Scaling


class Levels(torch.nn.Module):
    """A model sampling of ours as packs know one."""

    def __init__(self, own: Any) -> None:
        super().__init__()
        self.own = own
        self.sigma_data = 1.0
        self.shift = getattr(own, "shift", 1.0)
        self.multiplier = 1000
        self.register_buffer("sigmas", own.sigmas.float().clone())
        self.register_buffer("log_sigmas", self.sigmas.clamp(min=1e-12).log())

    def set_sigmas(self, sigmas: Tensor) -> None:
        self.sigmas = sigmas.float()
        self.log_sigmas = self.sigmas.log()
        from safelight.diffusion.sigma import DiscreteSampling

        if isinstance(self.own, DiscreteSampling):
            self.own = DiscreteSampling(1.0 / (self.sigmas.double() ** 2 + 1.0), self.own.prediction)

    @property
    def sigma_min(self) -> Tensor:
        return torch.tensor(self.own.sigma_min)

    @property
    def sigma_max(self) -> Tensor:
        return torch.tensor(self.own.sigma_max)

    def _each(self, function: Any, value: Any) -> Tensor:
        value = torch.as_tensor(value)
        flat = [function(float(one)) for one in value.flatten().tolist()]
        return torch.tensor(flat, dtype=torch.float32, device=value.device).reshape(value.shape)

    def timestep(self, sigma: Any) -> Tensor:
        return self._each(self.own.timestep, sigma)

    def sigma(self, timestep: Any) -> Tensor:
        return self._each(self.own.sigma, timestep)

    def percent_to_sigma(self, percent: float) -> float:
        return float(self.own.percent_to_sigma(percent))

    def _scaling(self, sigma: Any, like: Tensor) -> Scaling:
        parts = [self.own.scaling(float(one)) for one in torch.as_tensor(sigma).flatten().tolist()]
        shape = (-1, *(1,) * (like.ndim - 1))
        return Scaling(*(torch.tensor(part).reshape(shape).to(like) for part in zip(*parts, strict=True)))

    def calculate_input(self, sigma: Any, noise: Tensor) -> Tensor:
        return noise * self._scaling(sigma, noise).in_

    def calculate_denoised(self, sigma: Any, model_output: Tensor, model_input: Tensor) -> Tensor:
        scaling = self._scaling(sigma, model_output)
        return model_input * scaling.skip + model_output * scaling.out

    def noise_scaling(
        self, sigma: Any, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        level = float(torch.as_tensor(sigma).flatten()[0])
        return self.own.noised(latent_image, noise, level, whole=max_denoise)

    def inverse_noise_scaling(self, sigma: Any, latent: Tensor) -> Tensor:
        return self.own.finished(latent, float(torch.as_tensor(sigma).flatten()[0]))


class Foreign:
    """A pack's levels as ours."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        self.flow = isinstance(theirs, CONST)
        self.sigmas = theirs.sigmas.detach().float().cpu()

    @property
    def sigma_min(self) -> float:
        return float(self.theirs.sigma_min)

    @property
    def sigma_max(self) -> float:
        return float(self.theirs.sigma_max)

    def timestep(self, sigma: float) -> float:
        return float(torch.as_tensor(self.theirs.timestep(torch.tensor([sigma]))).flatten()[0])

    def sigma(self, timestep: float) -> float:
        return float(torch.as_tensor(self.theirs.sigma(torch.tensor([timestep]))).flatten()[0])

    def percent_to_sigma(self, percent: float) -> float:
        return float(self.theirs.percent_to_sigma(percent))

    def scaling(self, sigma: float) -> Scaling:
        """Read off: what it does to ones is what it multiplies with."""
        level, one, zero = torch.tensor([sigma]), torch.ones(1, 1, 1, 1), torch.zeros(1, 1, 1, 1)
        return Scaling(
            float(self.theirs.calculate_input(level, one)),
            float(self.theirs.calculate_denoised(level, zero, one)),
            float(self.theirs.calculate_denoised(level, one, zero)),
        )

    def noised(self, latent: Tensor, noise: Tensor, sigma: float, *, whole: bool = False) -> Tensor:
        return self.theirs.noise_scaling(torch.tensor([sigma]), noise, latent, whole)

    def finished(self, x: Tensor, sigma: float) -> Tensor:
        back = getattr(self.theirs, "inverse_noise_scaling", None)
        return x if back is None else back(torch.tensor([sigma]), x)


def ours(theirs: Any) -> Any:
    """What packs set as the levels of a model, as ours."""
    return theirs.own if isinstance(theirs, Levels) else Foreign(theirs)
