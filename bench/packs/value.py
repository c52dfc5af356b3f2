"""Value: something for each common type of socket, in a few variants."""

from __future__ import annotations

from typing import Any

SIDE = 256
VARIANTS = 3
"""One picture at a time; several; and a film, with pictures on wires of any type."""
WORDS = {
    "image": "IMAGE",
    "mask": "MASK",
    "latent": "LATENT",
    "samples": "LATENT",
    "model": "MODEL",
    "clip": "CLIP",
    "vae": "VAE",
    "conditioning": "CONDITIONING",
    "positive": "CONDITIONING",
    "negative": "CONDITIONING",
    "text": "STRING",
    "string": "STRING",
    "audio": "AUDIO",
    "condition": "BOOLEAN",
    "boolean": "BOOLEAN",
    "float": "FLOAT",
}
"""What a wire of any type is likely to hold by its name."""


def values(engine: Any, variant: int) -> dict[str, Any]:
    """A value for each common type of socket."""
    import numpy
    import torch

    from safelight.diffusion.names import SCHEDULES

    torch.manual_seed(variant)
    count = 1 if variant == 0 else 3
    image = torch.rand(count, SIDE, SIDE, 3)
    return {
        **models(engine),
        "IMAGE": image,
        "MASK": (torch.rand(count, SIDE, SIDE) > 0.5).float(),
        "LATENT": {"samples": torch.rand(*((1, 4, 3) if variant == 2 else (count, 4)), SIDE // 8, SIDE // 8)},
        "SIGMAS": torch.tensor([14.6, 5.0, 1.0, 0.0]),
        "INT": 2,
        "FLOAT": 0.5 if variant == 0 else [0.1, 0.5, 1.0],
        "FLOATS": [0.1, 0.5, 1.0],
        "STRING": "a red apple" if variant < 2 else "1.5",
        "BOOLEAN": True,
        "COMBO": SCHEDULES[0],
        "DICT": {"a": 1},
        "JSON": {"a": 1},
        "LIST": [1, 2, 3],
        "NORMALIZED_AMPLITUDE": numpy.linspace(0.1, 1.0, 8),
        "AUDIO": {"waveform": torch.rand(1, 2, 32000) - 0.5, "sample_rate": 16000},
        "*": image if variant == 2 else 2,
    }


def models(engine: Any) -> dict[str, Any]:
    """The shipped model, what it makes of a text, and what samples it."""
    from safelight.diffusion import checkpoint, ingredient, text
    from safelight.diffusion.names import SAMPLERS

    path = engine.folders.find("checkpoints", engine.folders.names("checkpoints")[0])
    model, clip, vae = checkpoint.load(path, engine.digests.of(path))
    cond = text.encode(clip, "a red apple", plan=engine.plan)
    sides = {"positive": cond, "negative": cond}
    return {
        "CONDITIONING": cond,
        "MODEL": model,
        "CLIP": clip,
        "VAE": vae,
        "SAMPLER": ingredient.SamplerHandle(SAMPLERS[0]),
        "NOISE": ingredient.NoiseHandle(1),
        "GUIDER": ingredient.GuiderHandle("cfg", model, sides, (("cfg", 2.0),)),
    }


def likely(type: str, name: str) -> str:
    """The type to look for when a wire takes any: by the input's name, if that says something."""
    if type != "*":
        return type
    return next((found for word, found in WORDS.items() if word in name.lower()), "*")
