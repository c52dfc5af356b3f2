"""Sampler functions, and the model in the shape that they get it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module import sampling
from safelight.diffusion.noise import SEEDS


class Sampler:
    def sample(self, *given: Any, **named: Any) -> Tensor:
        raise NotImplementedError

    def max_denoise(self, model_wrap: Any, sigmas: Tensor) -> bool:
        return sampling.at_highest(model_wrap.inner_model.model_sampling, float(sigmas[0]))

    def safelight_value(self) -> Any:
        from safelight.compat.shims.module.plugin import PluginSampler

        return PluginSampler("euler", sampler=self)


class KSamplerX0Inpaint:
    """The model as a sampler function gets it: it predicts, and keeps what a mask keeps."""

    def __init__(self, model: Any, sigmas: Tensor) -> None:
        self.inner_model = model
        self.sigmas = sigmas
        self.latent_image: Any = None
        self.noise: Any = None

    def __call__(
        self, x: Tensor, sigma: Any, denoise_mask: Any = None, model_options: Any = None, seed: Any = None
    ) -> Tensor:
        options = model_options or {}
        if denoise_mask is None:
            return self.inner_model(x, sigma, model_options=options, seed=seed)
        if "denoise_mask_function" in options:
            extra = {"model": self.inner_model.inner_model, "sigmas": self.sigmas}
            denoise_mask = options["denoise_mask_function"](sigma, denoise_mask, extra_options=extra)
        keep = 1.0 - denoise_mask
        levels = self.inner_model.inner_model.model_sampling
        x = (
            x * denoise_mask
            + levels.noise_scaling(torch.as_tensor(sigma), self.noise, self.latent_image) * keep
        )
        out = self.inner_model(x, sigma, model_options=options, seed=seed)
        return out * denoise_mask + self.latent_image * keep


class KSAMPLER(Sampler):
    """A sampler function and its options."""

    def __init__(self, sampler_function: Any, extra_options: Any = None, inpaint_options: Any = None) -> None:
        self.sampler_function = sampler_function
        self.extra_options = extra_options or {}
        self.inpaint_options = inpaint_options or {}

    def sample(
        self,
        model_wrap: Any,
        sigmas: Tensor,
        extra_args: Any,
        callback: Any,
        noise: Tensor,
        latent_image: Any = None,
        denoise_mask: Any = None,
        disable_pbar: Any = False,
    ) -> Tensor:
        extra_args["denoise_mask"] = denoise_mask
        model_k = KSamplerX0Inpaint(model_wrap, sigmas)
        model_k.latent_image, model_k.noise = latent_image, noise
        if self.inpaint_options.get("random", False):
            generator = torch.manual_seed(extra_args.get("seed", 41) + 1)
            model_k.noise = torch.randn(noise.shape, generator=generator, device="cpu").to(noise)
        levels = model_wrap.inner_model.model_sampling
        x = levels.noise_scaling(sigmas[0], noise, latent_image, self.max_denoise(model_wrap, sigmas))
        total = len(sigmas) - 1

        def told(tree: dict[str, Any]) -> None:
            if callback is not None:
                callback(tree["i"], tree["denoised"], tree["x"], total)

        torch.manual_seed(int(extra_args.get("seed") or 0) % SEEDS)
        out = self.sampler_function(
            model_k, x, sigmas, extra_args=extra_args, callback=told, disable=True, **self.extra_options
        )
        return levels.inverse_noise_scaling(sigmas[-1], out)
