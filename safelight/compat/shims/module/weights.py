"""`comfy.lora`: changes of weights by ComfyUI's names for them, which no model of ours has."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import absent, refusal


def model_lora_keys_unet(model: Any, key_map: Any = None) -> Any:
    raise refusal("comfy.lora.model_lora_keys_unet")


def model_lora_keys_clip(model: Any, key_map: Any = None) -> Any:
    raise refusal("comfy.lora.model_lora_keys_clip")


def load_lora(lora: Any, to_load: Any, log_missing: bool = True) -> Any:
    raise refusal("comfy.lora.load_lora")


def calculate_weight(patches: Any, weight: Any, key: Any, **more: Any) -> Any:
    raise refusal("comfy.lora.calculate_weight")


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.lora.{name}")
