"""Crop Image to Mask."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Colour
from safelight import Image, Mask, Number, Out, node

WIDTH = Number(min=64, max=4096, step=8, tip="Width of the result in pixels.")
HEIGHT = Number(min=64, max=4096, step=8, tip="Height of the result in pixels.")
PAD = Number(min=1.0, max=2.0, step=0.01, tip="How much room there is: 1 cuts closely, 2 twice as widely.")
GROW = Number(min=-32, max=32, step=1, tip="Pixels by which the mask grows first; below 0 it shrinks.")


@node(
    "ImageCropToMask",
    category="image/transform",
    title="Crop Image to Mask",
    aliases=("cut out", "subject", "background"),
)
def crop_to_mask(
    *,
    images: Image,
    masks: Mask,
    width: Annotated[int, WIDTH] = 1024,
    height: Annotated[int, HEIGHT] = 1024,
    pad_factor: Annotated[float, PAD] = 1.0,
    grow_mask: Annotated[int, GROW] = 0,
    background: Colour = "#000000",
) -> Annotated[Image, Out("What the masks show, alone on the background.", name="images")]:
    """Cut out what a mask shows, centred on a plain background, at one size.

    What is cut has the proportions of the result, so nothing is distorted. Any place that is not black in the
    mask counts.
    """
    from safelight import diffusion

    return diffusion.cutout.made(images, masks, (width, height), pad_factor, grow_mask, background)
