"""What a pack asks of a model about memory: residency is ours, so the answers are mild."""

from __future__ import annotations

from typing import Any

import torch

from safelight.compat.shims.module import device as devices


class AutoPatcherEjector:
    def __init__(self, model: Any, skip_and_inject_on_exit_only: bool = False) -> None:
        self.model = model

    def __enter__(self) -> None:
        """Nothing was injected."""

    def __exit__(self, *raised: object) -> None:
        """Nothing is to be put back."""


class Resident:
    """Answers about sizes and devices, and loads nothing."""

    model: Any
    handle: Any
    size: int
    load_device: Any
    offload_device: Any

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
