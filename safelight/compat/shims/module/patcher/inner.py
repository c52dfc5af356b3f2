"""The inner model as packs look into it."""

from __future__ import annotations

from typing import Any

import torch

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import family, latents, levels
from safelight.compat.shims.module.patcher.outline import Outline


class Inner(family.BaseModel):
    """What a model of ours shows of its inside."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.diffusion_model = Outline(handle)
        self.device = devices.get_torch_device()
        self.current_patcher: Any = None
        self.manual_cast_dtype = None
        self.adm_channels = 0
        self.memory_usage_factor = 2.0

    @property
    def _components(self) -> Any:
        from safelight.diffusion import family as families

        return families.components(self.handle.source)

    @property
    def unet_config(self) -> dict[str, Any]:
        config = dict(self._components.unet().config)
        return {
            **config,
            "context_dim": config.get("cross_attention_dim"),
            "model_channels": config.get("block_out_channels", [320])[0],
            "disable_unet_model_creation": False,
        }

    @property
    def model_config(self) -> Any:
        config = self.unet_config
        kinds = {768: family.SD15, 1024: family.SD20, 2048: family.SDXLBase, 1280: family.SDXLRefinerConfig}
        made = kinds.get(config["context_dim"], family.BASE)(config)
        made.latent_format = self.latent_format
        return made

    @property
    def model_type(self) -> family.ModelType:
        from safelight.diffusion.sigma import DiscreteSampling

        own = self._own_levels()
        if isinstance(own, DiscreteSampling):
            return family.ModelType.V_PREDICTION if own.prediction == "v" else family.ModelType.EPS
        return family.ModelType.FLOW if own.flow else family.ModelType.EDM

    def _own_levels(self) -> Any:
        from safelight.diffusion import overlay
        from safelight.diffusion.watch import QUIET

        return overlay.sampling_of(pristine(self.handle), plan_here(), QUIET)

    @property
    def model_sampling(self) -> Any:
        if self.current_patcher is not None:
            return self.current_patcher.get_model_object("model_sampling")
        own = self._own_levels()
        return levels.Levels(own)

    @property
    def latent_format(self) -> Any:
        from safelight.diffusion.network import latent_format

        return latents.of(latent_format(self._components))

    def process_latent_in(self, latent: Any) -> Any:
        return self.latent_format.process_in(latent)

    def process_latent_out(self, latent: Any) -> Any:
        return self.latent_format.process_out(latent)

    def scale_latent_inpaint(self, sigma: Any, noise: Any, latent_image: Any, **more: Any) -> Any:
        return self.model_sampling.noise_scaling(sigma, noise, latent_image)

    def get_dtype(self) -> torch.dtype:
        return torch.bfloat16 if getattr(plan_here(), "dtype", "fp32") == "bf16" else torch.float32

    get_dtype_inference = get_dtype

    def is_adm(self) -> bool:
        return False

    def memory_required(self, input_shape: Any, **more: Any) -> int:
        return 0

    def state_dict(self, *given: Any, **named: Any) -> Any:
        raise refusal("model.state_dict")

    def apply_model(self, x: Any, t: Any, c_concat: Any = None, c_crossattn: Any = None, **more: Any) -> Any:
        raise refusal("model.apply_model outside of a run")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("handle",):
            raise AttributeError(name)
        if name in ("image_model", "lowvram_patch_counter", "model_lowvram", "concat_keys"):
            return {"lowvram_patch_counter": 0, "model_lowvram": False, "concat_keys": ()}.get(name)
        raise refusal(f"model.{name}", attribute=True)


class InnerSDXL(Inner, family.SDXL):
    pass


class InnerRefiner(Inner, family.SDXLRefiner):
    pass


def pristine(handle: Any) -> Any:
    """The handle without what a plugin put around it."""
    from safelight.diffusion.handle import ModelHandle

    return ModelHandle(handle.source, handle.patches)


def plan_here() -> Any:
    from safelight.compat.shims.module.corenodes import context_here

    plan = context_here().plan
    if plan is None:
        from safelight.diffusion.plan import Plan

        plan = Plan()
    return plan
