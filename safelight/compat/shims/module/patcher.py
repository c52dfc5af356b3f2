"""`comfy.model_patcher`: a model with its options, as packs clone, wrap and hand it on."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

import torch

from safelight.compat.shims.absent import MissingApi, absent, refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import family, latents, levels
from safelight.compat.shims.module.extension import copy_nested_dicts


class Missing:
    """A part of a model's inside: it can be had and looked for, and its use is refused by name."""

    def __init__(self, api: str) -> None:
        self.__dict__["_api"] = api

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refusal(f"{self._api}.{name}", attribute=True)

    def __setattr__(self, name: str, value: Any) -> None:
        raise refusal(f"{self._api}.{name}", attribute=True)

    def __call__(self, *given: Any, **named: Any) -> Any:
        raise refusal(self._api)


class Inner(family.BaseModel):
    """What a model of ours shows of its inside."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.diffusion_model = Missing("model.diffusion_model")
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

        return overlay.sampling_of(_pristine(self.handle), plan_here(), QUIET)

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


def _pristine(handle: Any) -> Any:
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


def of_handle(handle: Any) -> ModelPatcher:
    """A model of ours as a pack gets it."""
    kinds = {"sdxl": InnerSDXL, "sdxl_refiner": InnerRefiner}
    inner = kinds.get(handle.source.family, Inner)(handle)
    return ModelPatcher(inner, devices.get_torch_device(), devices.unet_offload_device())


def create_model_options_clone(orig_model_options: dict[str, Any]) -> dict[str, Any]:
    return copy_nested_dicts(orig_model_options)


def set_model_options_patch_replace(
    model_options: Any, patch: Any, name: str, block_name: str, number: int, transformer_index: Any = None
) -> Any:
    options = model_options["transformer_options"] = dict(model_options.get("transformer_options", {}))
    replaced = options["patches_replace"] = dict(options.get("patches_replace", {}))
    block = (block_name, number) if transformer_index is None else (block_name, number, transformer_index)
    replaced[name] = {**replaced.get(name, {}), block: patch}
    return model_options


def set_model_options_post_cfg_function(
    model_options: Any, post_cfg_function: Any, disable_cfg1_optimization: bool = False
) -> Any:
    model_options["sampler_post_cfg_function"] = [
        *model_options.get("sampler_post_cfg_function", []),
        post_cfg_function,
    ]
    if disable_cfg1_optimization:
        model_options["disable_cfg1_optimization"] = True
    return model_options


def set_model_options_pre_cfg_function(
    model_options: Any, pre_cfg_function: Any, disable_cfg1_optimization: bool = False
) -> Any:
    model_options["sampler_pre_cfg_function"] = [
        *model_options.get("sampler_pre_cfg_function", []),
        pre_cfg_function,
    ]
    if disable_cfg1_optimization:
        model_options["disable_cfg1_optimization"] = True
    return model_options


def string_to_seed(data: Any) -> int:
    from safelight.compat.shims.module.tensor import string_to_seed as seed_of

    return seed_of(data)


class AutoPatcherEjector:
    def __init__(self, model: Any, skip_and_inject_on_exit_only: bool = False) -> None:
        self.model = model

    def __enter__(self) -> None:
        """Nothing was injected."""

    def __exit__(self, *raised: object) -> None:
        """Nothing is to be put back."""


class ModelPatcher:
    """A model of ours, or a network of a pack's own, with options that are copied when it is cloned."""

    def __init__(
        self,
        model: Any,
        load_device: Any = None,
        offload_device: Any = None,
        size: int = 0,
        weight_inplace_update: bool = False,
        **more: Any,
    ) -> None:
        self.model = model
        self.load_device = load_device
        self.offload_device = offload_device
        self.size = size
        self.weight_inplace_update = weight_inplace_update
        self.model_options: dict[str, Any] = {"transformer_options": {}}
        self.object_patches: dict[str, Any] = {}
        self.object_patches_backup: dict[str, Any] = {}
        self.patches: dict[str, Any] = {}
        self.backup: dict[str, Any] = {}
        self.callbacks: dict[str, dict[Any, list[Any]]] = {}
        self.wrappers: dict[str, dict[Any, list[Any]]] = {}
        self.attachments: dict[str, Any] = {}
        self.injections: dict[str, list[Any]] = {}
        self.additional_models: dict[str, list[Any]] = {}
        self.hook_patches: dict[Any, Any] = {}
        self.cached_hook_patches: dict[Any, Any] = {}
        self.forced_hooks: Any = None
        self.is_clip = False
        self.parent: Any = None
        self.patches_uuid = uuid.uuid4()
        self.current_device = offload_device

    def clone(self, **more: Any) -> ModelPatcher:
        made = copy.copy(self)
        made.model_options = copy_nested_dicts(self.model_options)
        made.object_patches = dict(self.object_patches)
        made.patches = {name: list(ones) for name, ones in self.patches.items()}
        made.callbacks, made.wrappers = copy_nested_dicts(self.callbacks), copy_nested_dicts(self.wrappers)
        made.injections = {name: list(ones) for name, ones in self.injections.items()}
        made.additional_models = {
            name: [one.clone() for one in ones] for name, ones in self.additional_models.items()
        }
        made.attachments = {
            name: one.on_model_patcher_clone() if hasattr(one, "on_model_patcher_clone") else one
            for name, one in self.attachments.items()
        }
        made.parent = self
        for callback in self.get_all_callbacks("on_clone"):
            callback(self, made)
        return made

    # -- what it is to the engine

    @property
    def handle(self) -> Any:
        return getattr(self.model, "handle", None)

    def safelight_value(self) -> Any:
        """The handle, if nothing was put around it; else one that carries this."""
        from safelight.compat.shims.module.plugin import PluginModel

        if self.handle is None:
            return self
        plain = _pristine(self.handle)
        if self.is_plain():
            return plain
        return PluginModel(plain.source, plain.patches, patcher=self.clone())

    def is_plain(self) -> bool:
        """Whether nothing was put around the model."""
        options = {name: value for name, value in self.model_options.items() if value}
        inner = options.pop("transformer_options", {})
        held = (self.object_patches, self.patches, self.callbacks, self.wrappers, self.injections)
        return not (options or any(inner.values()) or any(held) or self.attachments or self.additional_models)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelPatcher):
            return False
        if self is other:
            return True
        return (
            self.handle is not None and self.handle == other.handle and self.is_plain() and other.is_plain()
        )

    __hash__ = object.__hash__

    # -- options

    def set_model_sampler_cfg_function(self, function: Any, disable_cfg1_optimization: bool = False) -> None:
        import inspect

        if len(inspect.signature(function).parameters) == 3:
            self.model_options["sampler_cfg_function"] = lambda args: function(
                args["cond"], args["uncond"], args["cond_scale"]
            )
        else:
            self.model_options["sampler_cfg_function"] = function
        if disable_cfg1_optimization:
            self.model_options["disable_cfg1_optimization"] = True

    def set_model_sampler_post_cfg_function(
        self, function: Any, disable_cfg1_optimization: bool = False
    ) -> None:
        set_model_options_post_cfg_function(self.model_options, function, disable_cfg1_optimization)

    def set_model_sampler_pre_cfg_function(
        self, function: Any, disable_cfg1_optimization: bool = False
    ) -> None:
        set_model_options_pre_cfg_function(self.model_options, function, disable_cfg1_optimization)

    def set_model_sampler_calc_cond_batch_function(self, function: Any) -> None:
        self.model_options["sampler_calc_cond_batch_function"] = function

    def set_model_unet_function_wrapper(self, function: Any) -> None:
        self.model_options["model_function_wrapper"] = function

    def set_model_denoise_mask_function(self, function: Any) -> None:
        self.model_options["denoise_mask_function"] = function

    def set_model_patch(self, patch: Any, name: str) -> None:
        self.model_options["transformer_options"].setdefault("patches", {}).setdefault(name, []).append(patch)

    def set_model_patch_replace(
        self, patch: Any, name: str, block_name: str, number: int, transformer_index: Any = None
    ) -> None:
        set_model_options_patch_replace(
            self.model_options, patch, name, block_name, number, transformer_index
        )

    def set_model_attn1_replace(
        self, patch: Any, block_name: str, number: int, transformer_index: Any = None
    ) -> None:
        self.set_model_patch_replace(patch, "attn1", block_name, number, transformer_index)

    def set_model_attn2_replace(
        self, patch: Any, block_name: str, number: int, transformer_index: Any = None
    ) -> None:
        self.set_model_patch_replace(patch, "attn2", block_name, number, transformer_index)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = _patch_kind(name)
        if kind is not None:
            return lambda patch: self.set_model_patch(patch, kind)
        raise refusal(f"ModelPatcher.{name}", attribute=True)

    # -- objects and weights

    def add_object_patch(self, name: str, obj: Any) -> None:
        self.object_patches[name] = obj

    def get_model_object(self, name: str) -> Any:
        if name in self.object_patches:
            return self.object_patches[name]
        if name == "model_sampling" and self.handle is not None:
            return levels.Levels(self.model._own_levels())  # noqa: SLF001 - one class in two parts
        if self.handle is not None and name.startswith("diffusion_model"):
            return Missing(f"model.{name}")
        from safelight.compat.shims.module.tensor import get_attr

        return get_attr(self.model, name)

    def add_patches(
        self, patches: Any, strength_patch: float = 1.0, strength_model: float = 1.0
    ) -> list[str]:
        if not patches:
            return []
        raise refusal("ModelPatcher.add_patches (weights by ComfyUI's names)")

    def get_key_patches(self, filter_prefix: Any = None) -> Any:
        raise refusal("ModelPatcher.get_key_patches")

    def model_state_dict(self, filter_prefix: Any = None) -> Any:
        if self.handle is not None:
            raise refusal("ModelPatcher.model_state_dict")
        tensors = self.model.state_dict()
        return {k: v for k, v in tensors.items() if filter_prefix is None or k.startswith(filter_prefix)}

    def model_dtype(self) -> Any:
        get = getattr(self.model, "get_dtype", None)
        return get() if get is not None else None

    def model_size(self) -> int:
        if self.size or self.handle is not None:
            return self.size
        return devices.module_size(self.model)

    def loaded_size(self) -> int:
        return 0

    def memory_required(self, input_shape: Any) -> int:
        return 0

    def lowvram_patch_counter(self) -> int:
        return 0

    def is_clone(self, other: Any) -> bool:
        return getattr(other, "model", None) is self.model

    def clone_has_same_weights(self, clone: Any) -> bool:
        return self.is_clone(clone)

    def model_patches_to(self, device: Any) -> None:
        """Options hold no weights."""

    def model_patches_models(self) -> list[Any]:
        return []

    def patch_model(self, device_to: Any = None, *given: Any, **named: Any) -> Any:
        if isinstance(self.model, torch.nn.Module) and device_to is not None:
            self.model.to(device_to)
        return self.model

    def unpatch_model(self, device_to: Any = None, *given: Any, **named: Any) -> None:
        self.patch_model(device_to)

    def detach(self, unpatch_all: bool = True) -> Any:
        return self.patch_model(self.offload_device)

    def current_loaded_device(self) -> Any:
        return self.load_device

    def partially_load(self, device_to: Any, *given: Any, **named: Any) -> int:
        self.patch_model(device_to)
        return 0

    def cleanup(self) -> None:
        """Nothing is left behind."""

    pre_run = prepare_state = restore_hook_patches = inject_model = eject_model = cleanup

    def use_ejected(self, skip_and_inject_on_exit_only: bool = False) -> AutoPatcherEjector:
        return AutoPatcherEjector(self)

    # -- wrappers and attachments

    def add_wrapper(self, wrapper_type: str, wrapper: Callable[..., Any]) -> None:
        self.add_wrapper_with_key(wrapper_type, None, wrapper)

    def add_wrapper_with_key(self, wrapper_type: str, key: Any, wrapper: Callable[..., Any]) -> None:
        self.wrappers.setdefault(wrapper_type, {}).setdefault(key, []).append(wrapper)

    def remove_wrappers_with_key(self, wrapper_type: str, key: Any) -> None:
        self.wrappers.get(wrapper_type, {}).pop(key, None)

    def get_wrappers(self, wrapper_type: str, key: Any) -> list[Any]:
        return self.wrappers.get(wrapper_type, {}).get(key, [])

    def get_all_wrappers(self, wrapper_type: str) -> list[Any]:
        return [one for ones in self.wrappers.get(wrapper_type, {}).values() for one in ones]

    def add_callback(self, call_type: str, callback: Callable[..., Any]) -> None:
        self.add_callback_with_key(call_type, None, callback)

    def add_callback_with_key(self, call_type: str, key: Any, callback: Callable[..., Any]) -> None:
        self.callbacks.setdefault(call_type, {}).setdefault(key, []).append(callback)

    def remove_callbacks_with_key(self, call_type: str, key: Any) -> None:
        self.callbacks.get(call_type, {}).pop(key, None)

    def get_callbacks(self, call_type: str, key: Any) -> list[Any]:
        return self.callbacks.get(call_type, {}).get(key, [])

    def get_all_callbacks(self, call_type: str) -> list[Any]:
        return [one for ones in self.callbacks.get(call_type, {}).values() for one in ones]

    def set_attachments(self, key: str, attachment: Any) -> None:
        self.attachments[key] = attachment

    def remove_attachments(self, key: str) -> None:
        self.attachments.pop(key, None)

    def get_attachment(self, key: str) -> Any:
        return self.attachments.get(key)

    def set_injections(self, key: str, injections: list[Any]) -> None:
        self.injections[key] = injections

    def remove_injections(self, key: str) -> None:
        self.injections.pop(key, None)

    def get_injections(self, key: str) -> Any:
        return self.injections.get(key)

    def set_additional_models(self, key: str, models: list[Any]) -> None:
        self.additional_models[key] = models

    def remove_additional_models(self, key: str) -> None:
        self.additional_models.pop(key, None)

    def get_additional_models_with_key(self, key: str) -> list[Any]:
        return self.additional_models.get(key, [])

    def get_additional_models(self) -> list[Any]:
        return [one for ones in self.additional_models.values() for one in ones]

    get_nested_additional_models = get_additional_models


_KINDS = {
    "set_model_attn1_patch": "attn1_patch",
    "set_model_attn2_patch": "attn2_patch",
    "set_model_attn1_output_patch": "attn1_output_patch",
    "set_model_attn2_output_patch": "attn2_output_patch",
    "set_model_input_block_patch": "input_block_patch",
    "set_model_input_block_patch_after_skip": "input_block_patch_after_skip",
    "set_model_output_block_patch": "output_block_patch",
    "set_model_middle_block_patch": "middle_patch",
    "set_model_middle_block_after_patch": "middle_block_after_patch",
    "set_model_emb_patch": "emb_patch",
    "set_model_forward_timestep_embed_patch": "forward_timestep_embed_patch",
    "set_model_double_block_patch": "double_block",
    "set_model_post_input_patch": "post_input",
}


def _patch_kind(name: str) -> str | None:
    return _KINDS.get(name)


def unsupported(patcher: ModelPatcher) -> str | None:
    """What of the things around a model reaches into it, and cannot be had; None if all of it can."""
    inner = patcher.model_options.get("transformer_options", {})
    for kind in ("patches", "patches_replace"):
        if inner.get(kind):
            return f"transformer_options[{kind!r}] ({', '.join(sorted(map(str, inner[kind])))})"
    odd = next((name for name in patcher.object_patches if name != "model_sampling"), None)
    if odd is not None:
        return f"add_object_patch({odd!r})"
    if patcher.get_all_wrappers("diffusion_model"):
        return "a wrapper around diffusion_model"
    if any(patcher.injections.values()):
        return "injections into the model"
    return None


__all__ = ["MissingApi", "ModelPatcher", "absent"]
