"""Crop Image."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Box
from safelight import BadInput, Free, Image, node

REGION = Free(tip="The rectangle to keep: x and y from the top left, width and height, in pixels.")
WHOLE = {"x": 0, "y": 0, "width": 512, "height": 512}


@node("ImageCropV2", category="image/transform", title="Crop Image", aliases=("cut",))
def crop_region(*, image: Image, crop_region: Annotated[Box, REGION] = WHOLE) -> Image:
    """Cut a rectangle out of pictures; what lies beyond their edges is left out."""
    from safelight import diffusion

    try:
        x, y, width, height = (int(crop_region[side]) for side in ("x", "y", "width", "height"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            "crop_region", f"{crop_region!r} is no rectangle", "Give x, y, width and height."
        ) from error
    if x < 0 or y < 0 or width < 1 or height < 1:
        raise BadInput("crop_region", "the rectangle is empty or begins outside", "Choose another one.")
    return diffusion.transform.crop(image, x, y, width, height)
