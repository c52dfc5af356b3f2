"""Which family a file of the original layout belongs to, by names and shapes in its header alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.header import Header
from safelight.diffusion.single import UNET, VAE, definition

BY_WIDTHS = {
    (768, None): "sd15",
    (1024, None): "sd2",
    (1024, 1536): "sd2_unclip",
    (1024, 2048): "sd2_unclip",
    (2048, 2816): "sdxl",
    (1280, 2560): "sdxl_refiner",
}
"""A family by the width of the text that its UNet attends to, and of what else it is told."""

INPUTS = (4, 8, 9)
"""Input channels: a latent's, with a picture to edit, with a mask and a masked picture."""

ENLARGING, LEVELS = 7, "label_emb.weight"
"""Input channels of a model that enlarges pictures, and its table of levels of noise."""


def detect(header: Header) -> str:
    """The name of a checkpoint's family, or `ModelFileError` saying what the file seems to be."""
    first = header.get(UNET + "input_blocks.0.0.weight")
    if first is None:
        raise ModelFileError(
            f"{header.path.name} is {_seems(header)}", "Choose a Stable Diffusion 1, 2 or XL checkpoint."
        )
    family = BY_WIDTHS.get((_context(header), _label(header)))
    if family == "sd2" and first.shape[1] == ENLARGING and UNET + LEVELS in header:
        return "sd2_upscaler"
    if family is None:
        raise ModelFileError(
            f"{header.path.name} is a UNet of an unknown family (text width {_context(header)}, extra width "
            f"{_label(header)})",
            "Stable Diffusion 1, 2, XL and the XL refiner are known.",
        )
    if first.shape[1] not in INPUTS:
        raise ModelFileError(
            f"{header.path.name} is a {definition(family)['title']} model with {first.shape[1]} input "
            "channels, whose use is not known here",
            "Choose a plain model, or one for inpainting (9) or editing (8).",
        )
    return family


def _context(header: Header) -> int | None:
    """The width of the text that the UNet attends to."""
    pattern = re.compile(
        re.escape(UNET) + r"input_blocks\.\d+\.1\.transformer_blocks\.0\.attn2\.to_k\.weight"
    )
    return next((stored.shape[1] for name, stored in header.items() if pattern.fullmatch(name)), None)


def _label(header: Header) -> int | None:
    """The width of what else the UNet is told (pooled text, sizes)."""
    stored = header.get(UNET + "label_emb.0.0.weight")
    return stored.shape[1] if stored else None


def _seems(header: Header) -> str:
    """What a file without an original UNet looks like, as the end of a sentence."""
    names = list(header)
    signs: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("a LoRA, not a checkpoint", lambda name: "lora_" in name),
        ("a ControlNet, not a checkpoint", lambda name: "input_hint_block" in name or "controlnet" in name),
        (
            "a diffusion transformer, whose family is not known yet",
            lambda name: "double_blocks." in name or "joint_blocks." in name,
        ),
        ("a VAE alone, not a checkpoint", lambda name: name.startswith(("decoder.", VAE))),
        ("a UNet alone, not a checkpoint", lambda name: name.startswith(("input_blocks.", "down_blocks."))),
    )
    return next((text for text, sign in signs if any(map(sign, names))), "no model that is known here")
