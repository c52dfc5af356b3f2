"""What a module's layers are called in adapter files: kohya's names, diffusers', PEFT's, the original ones.

Each function gives, for the names of a module's layers, the layer that each outside name stands for.
Imports no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from safelight.diffusion.layout import UnetNames

PEFT = "base_model.model."
TEXT = ("lora_te", "text_encoder", "text_model", f"{PEFT}text_model", "te_")
"""How the names of text encoders' layers begin; all others are a network's."""


def is_text(name: str) -> bool:
    """Whether an outside name speaks of a text encoder."""
    return name.startswith(TEXT)


def layers(tensors: Iterable[str]) -> list[str]:
    """The layers that these tensors belong to."""
    return list(dict.fromkeys(name.rpartition(".")[0] for name in tensors))


def unet(config: Mapping[str, Any], layers: Iterable[str]) -> dict[str, str]:
    """Outside names of the layers of diffusers' `UNet2DConditionModel`."""
    names = UnetNames(config) if isinstance(config["layers_per_block"], int) else None
    found = {}
    for layer in layers:
        outside = [f"{prefix}{layer}" for prefix in ("", "unet.", PEFT, f"unet.{PEFT}")]
        outside += [f"{prefix}_{_flat(layer)}" for prefix in ("lora_unet", "lycoris")]
        if names is not None:
            original = names(f"{layer}.weight").removesuffix(".weight")
            outside += [
                f"{prefix}{original}" for prefix in ("", "diffusion_model.", "model.diffusion_model.")
            ]
            outside.append(f"lora_unet_{_flat(original)}")
        found |= dict.fromkeys(outside, layer)
    return found


def tower(place: int, embedding: str, layers: Iterable[str]) -> dict[str, str]:
    """Outside names of the layers of a text encoder, the `place`-th of its model, by their own names.

    Names of the second encoder also mean a CLIP-G that is alone, as in the SDXL refiner.
    """
    places = {place + 1} | ({2} if embedding == "clip_g" else set())
    found = {}
    for layer in layers:
        whole = layer if layer.startswith("text_projection") else f"text_model.{layer}"
        for number in places:
            found |= dict.fromkeys(_tower(number, layer, whole), layer)
    return found


def _tower(number: int, layer: str, whole: str) -> list[str]:
    folder = "text_encoder" if number == 1 else f"text_encoder_{number}"
    outside = [f"lora_te{number}_{_flat(whole)}", f"{folder}.{whole}", f"{folder}.{layer}"]
    if number == 1:
        outside += [f"lora_te_{_flat(whole)}", whole, f"{PEFT}{whole}"]
    return outside


def _flat(name: str) -> str:
    return name.replace(".", "_")
