"""`comfy.model_sampling`: the levels of a model as objects that packs make, mix and set."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.sigma import Scaling


def reshape_sigma(sigma: Tensor, noise_dim: int) -> Tensor:
    return sigma.reshape(sigma.shape[:1] + (1,) * (noise_dim - 1)) if sigma.ndim else sigma


class EPS:
    """The network predicts noise."""

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        return noise / (sigma**2 + self.sigma_data**2) ** 0.5

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_input - model_output * reshape_sigma(sigma, model_output.ndim)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        factor = torch.sqrt(1.0 + sigma**2.0) if max_denoise else sigma
        return noise * factor + latent_image

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return latent


class V_PREDICTION(EPS):
    """It predicts velocity."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, model_output.ndim)
        data = self.sigma_data
        variance = sigma**2 + data**2
        return model_input * data**2 / variance - model_output * sigma * data / variance**0.5


class EDM(V_PREDICTION):
    """The same with the other sign."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        sigma = reshape_sigma(sigma, model_output.ndim)
        data = self.sigma_data
        variance = sigma**2 + data**2
        return model_input * data**2 / variance + model_output * sigma * data / variance**0.5


class X0(EPS):
    """It predicts the clean latent."""

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_output


class IMG_TO_IMG(X0):
    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return noise


class CONST:
    """A flow: the picture fades as noise grows."""

    def calculate_input(self, sigma: Tensor, noise: Tensor) -> Tensor:
        return noise

    def calculate_denoised(self, sigma: Tensor, model_output: Tensor, model_input: Tensor) -> Tensor:
        return model_input - model_output * reshape_sigma(sigma, model_output.ndim)

    def noise_scaling(
        self, sigma: Tensor, noise: Tensor, latent_image: Tensor, max_denoise: bool = False
    ) -> Tensor:
        sigma = reshape_sigma(sigma, noise.ndim)
        return sigma * noise + (1.0 - sigma) * latent_image

    def inverse_noise_scaling(self, sigma: Tensor, latent: Tensor) -> Tensor:
        return latent / (1.0 - reshape_sigma(sigma, latent.ndim))


def _settings(model_config: Any) -> dict[str, Any]:
    return getattr(model_config, "sampling_settings", None) or {}


class ModelSamplingDiscrete(torch.nn.Module):
    """A table of levels."""

    def __init__(self, model_config: Any = None, zsnr: bool | None = None) -> None:
        super().__init__()
        settings = _settings(model_config)
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


class ModelSamplingContinuousEDM(torch.nn.Module):
    """Levels without a table."""

    def __init__(self, model_config: Any = None) -> None:
        super().__init__()
        settings = _settings(model_config)
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


def time_snr_shift(alpha: float, t: Any) -> Any:
    return t if alpha == 1.0 else alpha * t / (1 + (alpha - 1) * t)


def flux_time_shift(mu: float, sigma: float, t: Any) -> Any:
    return math.exp(mu) / (math.exp(mu) + (1 / t - 1) ** sigma)


class ModelSamplingDiscreteFlow(torch.nn.Module):
    """The levels of a flow."""

    def __init__(self, model_config: Any = None) -> None:
        super().__init__()
        settings = _settings(model_config)
        self.set_parameters(shift=settings.get("shift", 1.0), multiplier=settings.get("multiplier", 1000))

    def set_parameters(self, shift: float = 1.0, timesteps: int = 1000, multiplier: float = 1000) -> None:
        self.shift, self.multiplier = shift, multiplier
        self.register_buffer("sigmas", self.sigma((torch.arange(1, timesteps + 1) / timesteps) * multiplier))

    sigma_min = ModelSamplingDiscrete.sigma_min
    sigma_max = ModelSamplingDiscrete.sigma_max

    def timestep(self, sigma: Any) -> Any:
        return sigma * self.multiplier

    def sigma(self, timestep: Any) -> Any:
        return time_snr_shift(self.shift, timestep / self.multiplier)

    def percent_to_sigma(self, percent: float) -> float:
        if percent <= 0.0:
            return 1.0
        if percent >= 1.0:
            return 0.0
        return float(time_snr_shift(self.shift, 1.0 - percent))


class ModelSamplingFlux(torch.nn.Module):
    """The levels of a flow, shifted by the size of the picture."""

    def __init__(self, model_config: Any = None) -> None:
        super().__init__()
        self.set_parameters(shift=_settings(model_config).get("shift", 1.15))

    def set_parameters(self, shift: float = 1.15, timesteps: int = 10000) -> None:
        self.shift = shift
        self.register_buffer("sigmas", self.sigma(torch.arange(1, timesteps + 1) / timesteps))

    sigma_min = ModelSamplingDiscrete.sigma_min
    sigma_max = ModelSamplingDiscrete.sigma_max

    def timestep(self, sigma: Any) -> Any:
        return sigma

    def sigma(self, timestep: Any) -> Any:
        return flux_time_shift(self.shift, 1.0, timestep)

    def percent_to_sigma(self, percent: float) -> float:
        if percent <= 0.0:
            return 1.0
        if percent >= 1.0:
            return 0.0
        return float(flux_time_shift(self.shift, 1.0, 1.0 - percent))


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


def model_sampling(model_config: Any, model_type: Any) -> Any:
    from safelight.compat.shims.module.family import ModelType

    kinds = {
        ModelType.V_PREDICTION: (ModelSamplingDiscrete, V_PREDICTION),
        ModelType.FLOW: (ModelSamplingDiscreteFlow, CONST),
        ModelType.FLUX: (ModelSamplingFlux, CONST),
        ModelType.EDM: (ModelSamplingContinuousEDM, EDM),
    }
    return type("ModelSampling", kinds.get(model_type, (ModelSamplingDiscrete, EPS)), {})(model_config)


def rescale_zero_terminal_snr_sigmas(sigmas: Tensor) -> Tensor:
    from safelight.diffusion.training import zero_snr

    alphas = zero_snr(1 / (sigmas.double() ** 2 + 1)).double()
    return (((1 - alphas) / alphas) ** 0.5).float()


KINDS = SimpleNamespace(eps=EPS, v=V_PREDICTION)
