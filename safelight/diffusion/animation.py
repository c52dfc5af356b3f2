"""Animations: a batch of pictures [B, H, W, C] as one APNG or WebP file that carries its workflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from safelight.diffusion.picture import to_pillow, written

MODEL, MAKE = 0x0110, 0x010F
"""Exif tags in which ComfyUI keeps a prompt and (from the second downwards) other texts, as `name:json`."""


def save_png(
    images: Tensor, path: Path, *, fps: float, compress: int = 4, prompt: Any = None, workflow: Any = None
) -> None:
    """Write an APNG; the texts lie in `comf` chunks behind the pictures, where ComfyUI puts them."""
    info = PngInfo()
    for name, value in (("prompt", prompt), ("workflow", workflow)):
        if value is not None:
            text = name.encode("latin-1") + b"\0" + json.dumps(value).encode("latin-1")
            info.add(b"comf", text, after_idat=True)
    first, *others = map(to_pillow, images)
    with written(path) as file:
        first.save(
            file,
            format="PNG",
            save_all=True,
            append_images=others,
            duration=int(1000 / fps),
            pnginfo=info,
            compress_level=compress,
        )


def save_webp(
    images: Tensor,
    path: Path,
    *,
    fps: float,
    lossless: bool = True,
    quality: int = 80,
    effort: int = 4,
    prompt: Any = None,
    workflow: Any = None,
) -> None:
    """Write a WebP; `quality` is 0..100, `effort` 0 (fast) to 6. The texts are Exif tags."""
    first, *others = map(to_pillow, images)
    exif = first.getexif()
    for tag, name, value in ((MODEL, "prompt", prompt), (MAKE, "workflow", workflow)):
        if value is not None:
            exif[tag] = f"{name}:{json.dumps(value)}"
    with written(path) as file:
        first.save(
            file,
            format="WEBP",
            save_all=True,
            append_images=others,
            duration=int(1000 / fps),
            exif=exif,
            lossless=lossless,
            quality=quality,
            method=effort,
        )
