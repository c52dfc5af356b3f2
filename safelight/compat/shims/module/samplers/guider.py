"""Guiders as packs know them and derive their own from."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module import samplers, sampling
from safelight.compat.shims.module.extension import WrapperExecutor


class CFGGuider:
    """Guides away from one conditioning towards another; packs derive their own from it."""

    def __init__(self, model_patcher: Any) -> None:
        self.model_patcher = model_patcher
        self.model_options = model_patcher.model_options
        self.original_conds: dict[str, Any] = {}
        self.conds: dict[str, Any] = {}
        self.cfg = 1.0
        self.inner_model: Any = None
        self.loaded_models: list[Any] = []
        self.running: Any = None

    def set_conds(self, positive: Any, negative: Any) -> None:
        self.inner_set_conds({"positive": positive, "negative": negative})

    def set_cfg(self, cfg: float) -> None:
        self.cfg = cfg

    def inner_set_conds(self, conds: dict[str, Any]) -> None:
        self.original_conds = {
            name: [[one[0], dict(one[1])] for one in side] for name, side in conds.items() if side is not None
        }

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.outer_predict_noise(*args, **kwargs)

    def outer_predict_noise(
        self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None
    ) -> Tensor:
        return WrapperExecutor.new_class_executor(
            self.predict_noise, self, self.model_patcher.get_all_wrappers("predict_noise")
        ).execute(x, timestep, self.model_options if model_options is None else model_options, seed)

    def predict_noise(self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None) -> Tensor:
        level = float(torch.as_tensor(timestep).flatten()[0])
        scale = self.cfg
        for layer in getattr(self.running.rule, "layers", ()):
            scale = layer.scale(level, scale)
        return samplers.sampling_function(
            self.inner_model,
            x,
            timestep,
            self.conds.get("negative"),
            self.conds.get("positive"),
            scale,
            model_options=model_options or {},
            seed=seed,
        )

    # -- what a run asks of it

    def rule_for(self, levels: Any) -> Any:
        """The rule of ours that the model's own layers of guidance are put on."""
        from safelight.diffusion import overlay
        from safelight.diffusion.guidance import ClassifierFree
        from safelight.diffusion.layer import layer

        patches = [patch for patch in self.model_patcher.handle.patches if patch.kind == overlay.GUIDANCE]
        return ClassifierFree(self.cfg, tuple(layer(dict(patch.settings), levels) for patch in patches))

    def begin(self, running: Any) -> None:
        """A run on this network starts."""
        self.running = self.inner_model = running
        self.conds = {name: sampling.conds_of(entries, name) for name, entries in running.entries.items()}

    def inner_sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        device: Any,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any,
        callback: Any,
        disable_pbar: Any,
        seed: Any,
        latent_shapes: Any = None,
    ) -> Tensor:
        extra_args = {"model_options": self.model_options, "seed": seed}
        around = self.model_patcher.get_all_wrappers("sampler_sample")
        executor = WrapperExecutor.new_class_executor(sampler.sample, sampler, around)
        return executor.execute(
            self, sigmas, extra_args, callback, noise, latent_image, denoise_mask, disable_pbar
        )

    def outer_sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
        latent_shapes: Any = None,
    ) -> Tensor:
        return sampling.run(self, noise, latent_image, sampler, sigmas, denoise_mask, callback, seed)

    def sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
    ) -> Tensor:
        if sigmas.shape[-1] == 0:
            return latent_image
        self.conds = dict(self.original_conds)
        before = self.model_options
        self.model_options = (
            self.model_patcher.model_options if not self.model_options else self.model_options
        )
        around = self.model_patcher.get_all_wrappers("outer_sample")
        executor = WrapperExecutor.new_class_executor(self.outer_sample, self, around)
        try:
            return executor.execute(
                noise, latent_image, sampler, sigmas, denoise_mask, callback, disable_pbar, seed
            )
        finally:
            self.model_options = before
            self.inner_model = self.running = None

    def safelight_value(self) -> Any:
        from safelight.compat.shims.module.plugin import PluginGuider

        handle = self.model_patcher.safelight_value()
        return PluginGuider("cfg", handle, self.original_conds, (("cfg", float(self.cfg)),), guider=self)


Guider = CFGGuider


class Guider_Basic(CFGGuider):
    def set_conds(self, positive: Any) -> None:  # type: ignore[override]
        self.inner_set_conds({"positive": positive})
