"""Pad Image for Outpainting."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Image, Mask, Number, Out, node

Side = Annotated[int, Number(min=0, max=16384, step=8, tip="Pixels to add on this side.")]
FEATHERING = Number(
    min=0,
    max=16384,
    step=1,
    advanced=True,
    tip="How far into the picture the mask reaches, so that the seam is painted over.",
)


class Padded(NamedTuple):
    """What an inpainting pass needs."""

    image: Annotated[Image, Out("The pictures on a larger grey ground.", name="IMAGE")]
    mask: Annotated[Mask, Out("White where there is something to paint.", name="MASK")]


@node(
    "ImagePadForOutpaint",
    category="image/transform",
    title="Pad Image for Outpainting",
    aliases=("extend canvas", "expand"),
)
def pad_for_outpaint(
    *,
    image: Image,
    left: Side = 0,
    top: Side = 0,
    right: Side = 0,
    bottom: Side = 0,
    feathering: Annotated[int, FEATHERING] = 40,
) -> Padded:
    """Give pictures a margin to be painted: inpaint with the mask to continue them beyond their edges."""
    from safelight import diffusion

    return Padded(*diffusion.mask.outpainted(image, left, top, right, bottom, feathering))
