"""`comfy.k_diffusion`: sampler functions, each one of ours, in the form that packs call and pass on."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import BrownianNoise


def append_zero(x: Tensor) -> Tensor:
    return torch.cat([x, x.new_zeros([1])])


def append_dims(x: Tensor, target_dims: int) -> Tensor:
    return x[(...,) + (None,) * (target_dims - x.ndim)]


def to_d(x: Tensor, sigma: Any, denoised: Tensor) -> Tensor:
    return (x - denoised) / append_dims(torch.as_tensor(sigma), x.ndim)


def get_sigmas_karras(
    n: int, sigma_min: float, sigma_max: float, rho: float = 7.0, device: Any = "cpu"
) -> Tensor:
    ramp = torch.linspace(0, 1, n, device=device)
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return append_zero((high + ramp * (low - high)) ** rho).to(device)


def get_sigmas_exponential(n: int, sigma_min: float, sigma_max: float, device: Any = "cpu") -> Tensor:
    low, high = (torch.tensor(float(one)).log() for one in (sigma_min, sigma_max))
    return append_zero(torch.linspace(float(high), float(low), n, device=device).exp())


def get_sigmas_polyexponential(
    n: int, sigma_min: float, sigma_max: float, rho: float = 1.0, device: Any = "cpu"
) -> Tensor:
    low, high = (float(torch.tensor(float(one)).log()) for one in (sigma_min, sigma_max))
    ramp = torch.linspace(1, 0, n, device=device) ** rho
    return append_zero((ramp * (high - low) + low).exp())


def get_sigmas_vp(
    n: int, beta_d: float = 19.9, beta_min: float = 0.1, eps_s: float = 1e-3, device: Any = "cpu"
) -> Tensor:
    t = torch.linspace(1, eps_s, n, device=device)
    return append_zero((torch.special.expm1(beta_d * t**2 / 2 + beta_min * t)) ** 0.5)


def get_ancestral_step(sigma_from: Any, sigma_to: Any, eta: float = 1.0) -> tuple[Any, Any]:
    if not eta:
        return sigma_to, 0.0
    up = min(sigma_to, eta * (sigma_to**2 * (sigma_from**2 - sigma_to**2) / sigma_from**2) ** 0.5)
    return (sigma_to**2 - up**2) ** 0.5, up


def default_noise_sampler(x: Tensor, seed: int | None = None) -> Any:
    generator = None
    if seed is not None:
        generator = torch.Generator(device=x.device).manual_seed(seed + (1 if x.device.type == "cpu" else 0))
    return lambda sigma, sigma_next: torch.randn(
        x.size(), dtype=x.dtype, layout=x.layout, device=x.device, generator=generator
    )


class BrownianTreeNoiseSampler:
    """Noise along a Brownian path over all sigmas."""

    def __init__(
        self,
        x: Tensor,
        sigma_min: Any,
        sigma_max: Any,
        seed: Any = None,
        transform: Any = None,
        cpu: bool = False,
    ) -> None:
        levels = torch.tensor([float(sigma_max), float(sigma_min)])
        self.noise = BrownianNoise(x, levels, int(seed or 0))

    def __call__(self, sigma: Any, sigma_next: Any) -> Tensor:
        return self.noise.draw(float(sigma), float(sigma_next))


def _sampler(name: str) -> Any:
    def function(
        model: Any,
        x: Tensor,
        sigmas: Tensor,
        extra_args: Any = None,
        callback: Any = None,
        disable: Any = None,
        **options: Any,
    ) -> Tensor:
        from safelight.compat.shims.module.samplers import walk

        return walk(name, model, x, sigmas, extra_args, callback, options)

    function.__name__ = f"sample_{name}"
    return function


_known: dict[str, Any] = {}


class FolderOfImages:
    """Named by packs, used by none."""

    IMG_EXTENSIONS = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"}


def __getattr__(name: str) -> Any:
    wanted = name.removeprefix("sample_")
    if wanted != name and wanted in SAMPLERS:
        return _known.setdefault(name, _sampler(wanted))
    match name:
        case "trange":
            from tqdm.auto import trange

            return trange
        case "torch":
            return torch
        case "utils" | "sampling":
            import sys

            return sys.modules[__name__]
    raise AttributeError(name)
