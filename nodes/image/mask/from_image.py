"""Convert Image to Mask."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import BadInput, Choice, Image, Mask, node

CHANNEL = Choice(tip="What to take as the mask.")
ORDER = ("red", "green", "blue", "alpha")


@node("ImageToMask", category="image/mask", title="Convert Image to Mask", aliases=("channel",))
def from_image(
    *, image: Image, channel: Annotated[Literal["red", "green", "blue", "alpha"], CHANNEL] = "red"
) -> Mask:
    """Take one channel of pictures as a mask, as it is."""
    number = ORDER.index(channel)
    if number >= image.shape[-1]:
        raise BadInput("channel", f"the picture has no {channel} channel", "Choose a colour.")
    return image[..., number].clone()
