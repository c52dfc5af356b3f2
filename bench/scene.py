"""A small scene with everything in it that a run can depend on, for the model that ships.

Two pictures, one after the other, are repainted within a mask of greys by the model with a LoRA, steered by a
ControlNet for a part of the run; both have random weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from safelight import Graph
from safelight.core.graph import Link
from safelight.diffusion.checkpoint import builtin

EDGE = 64


def furnish(data: Path) -> None:
    """Put a LoRA, a ControlNet and pictures into a data folder."""
    random = torch.Generator().manual_seed(5)
    for number, name in enumerate(("colours/0", "colours/1", "mask", "hint")):
        grey = numpy.asarray(torch.rand(EDGE, EDGE, 3, generator=random) * 63 + 64 * number)
        path = data / "input" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey.astype("uint8")).save(path)
    (data / "models" / "loras").mkdir(parents=True)
    lora = {"lora_unet_conv_in.diff_b": torch.randn(128, generator=random) * 0.1}
    save_file(lora, data / "models" / "loras" / "style.safetensors")
    _control(data / "models" / "controlnet" / "edges", random)


def _control(folder: Path, random: torch.Generator) -> None:
    from diffusers import ControlNetModel, UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(builtin()["emoji"] / "unet", torch_dtype=torch.float32)
    module = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8, 8, 16))
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if name.startswith("controlnet_"):
                weight.copy_(torch.randn(weight.shape, generator=random) * 0.1)
    module.save_pretrained(folder)


def graph(**sampling: Any) -> Graph:
    """The scene, its KSamplerAdvanced (`sample`) with these inputs instead of the usual ones."""
    made = Graph()
    loaded = made.add("load", "CheckpointLoaderSimple", ckpt_name="emoji")
    clip, vae = Link("load", 1), Link("load", 2)
    model = made.add(
        "lora", "LoraLoaderModelOnly", model=loaded, lora_name="style.safetensors", strength_model=0.7
    )
    yes = made.add("yes", "CLIPTextEncode", clip=clip, text="a rocket")
    no = made.add("no", "CLIPTextEncode", clip=clip, text="")
    made.add(
        "steer",
        "ControlNetApplyAdvanced",
        positive=yes,
        negative=no,
        control_net=made.add("net", "ControlNetLoader", control_net_name="edges"),
        image=made.add("hint", "LoadImage", image="hint.png"),
        strength=0.8,
        start_percent=0.0,
        end_percent=0.4,
    )
    pictures = made.add("pictures", "LoadImagesFromFolder", folder="colours", start=0, limit=0)
    mask = made.add("mask", "LoadImageMask", image="mask.png", channel="red")
    latent = made.add("encode", "VAEEncode", pixels=pictures, vae=vae)
    usual = {
        "add_noise": "enable",
        "noise_seed": 3,
        "steps": 8,
        "cfg": 4.0,
        "sampler_name": "euler",
        "scheduler": "karras",
        "start_at_step": 0,
        "end_at_step": 10_000,
        "return_with_leftover_noise": "disable",
    }
    sampled = made.add(
        "sample",
        "KSamplerAdvanced",
        model=model,
        positive=Link("steer", 0),
        negative=Link("steer", 1),
        latent_image=made.add("masked", "SetLatentNoiseMask", samples=latent, mask=mask),
        **(usual | sampling),
    )
    made.add("save", "SaveLatent", samples=sampled, filename_prefix="scene")
    return made


def saved(data: Path) -> list[torch.Tensor]:
    """The latents that runs saved, in the order of their files."""
    return [load_file(path)["latent_tensor"] for path in sorted((data / "output").glob("scene_*.latent"))]
