"""`comfy.model_patcher`: a model with its options, as packs clone, wrap and hand it on."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import levels
from safelight.compat.shims.module.extension import copy_nested_dicts
from safelight.compat.shims.module.patcher.attached import Attached
from safelight.compat.shims.module.patcher.inner import Inner, InnerRefiner, InnerSDXL, plan_here, pristine
from safelight.compat.shims.module.patcher.missing import Missing
from safelight.compat.shims.module.patcher.options import (
    create_model_options_clone,
    set_model_options_patch_replace,
    set_model_options_post_cfg_function,
    set_model_options_pre_cfg_function,
)
from safelight.compat.shims.module.patcher.resident import AutoPatcherEjector, Resident
from safelight.compat.shims.module.patcher.steered import Steered
from safelight.compat.shims.module.patcher.support import _patch_kind, unsupported


def of_handle(handle: Any) -> ModelPatcher:
    """A model of ours as a pack gets it."""
    kinds = {"sdxl": InnerSDXL, "sdxl_refiner": InnerRefiner}
    inner = kinds.get(handle.source.family, Inner)(handle)
    return ModelPatcher(inner, devices.get_torch_device(), devices.unet_offload_device())


def string_to_seed(data: Any) -> int:
    from safelight.compat.shims.module.tensor import string_to_seed as seed_of

    return seed_of(data)


class ModelPatcher(Steered, Resident, Attached):
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
        plain = pristine(self.handle)
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

    def is_clone(self, other: Any) -> bool:
        return getattr(other, "model", None) is self.model

    def clone_has_same_weights(self, clone: Any) -> bool:
        return self.is_clone(clone)


__all__ = ["MissingApi", "ModelPatcher", "absent"]


__all__ = [
    "AutoPatcherEjector",
    "Inner",
    "InnerRefiner",
    "InnerSDXL",
    "Missing",
    "ModelPatcher",
    "_patch_kind",
    "create_model_options_clone",
    "of_handle",
    "plan_here",
    "set_model_options_patch_replace",
    "set_model_options_post_cfg_function",
    "set_model_options_pre_cfg_function",
    "string_to_seed",
    "unsupported",
]
