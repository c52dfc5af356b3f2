"""Convert Mask to Image."""

from __future__ import annotations

from safelight import Image, Mask, node


@node("MaskToImage", category="image/mask", title="Convert Mask to Image", aliases=("grey",))
def to_image(*, mask: Mask) -> Image:
    """Make grey pictures of a mask."""
    from safelight import diffusion

    return diffusion.mask.to_image(mask)
