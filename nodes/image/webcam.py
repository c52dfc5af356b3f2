"""Webcam Capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from nodes.types import LARGEST_SIDE
from safelight import BadInput, Context, Free, Image, Number, Out, Toggle, node, socket

if TYPE_CHECKING:
    Shot = str
else:
    Shot = socket("WEBCAM")

SHOT = Free(tip="The picture that the camera took last; it is taken on the node.")
WIDE = Number(min=0, max=LARGEST_SIDE, step=1, tip="Width to take pictures at; 0 for the camera's own.")
HIGH = Number(min=0, max=LARGEST_SIDE, step=1, tip="Height to take pictures at; 0 for the camera's own.")
ALWAYS = Toggle(tip="Whether each run takes a new picture first.")


@node("WebcamCapture", category="image", title="Webcam Capture", aliases=("camera", "photo"), lane="io")
def webcam(
    ctx: Context,
    *,
    image: Annotated[Shot, SHOT],
    width: Annotated[int, WIDE] = 0,  # noqa: ARG001 - the editor takes the picture at this size
    height: Annotated[int, HIGH] = 0,  # noqa: ARG001 - as above
    capture_on_queue: Annotated[bool, ALWAYS] = True,  # noqa: ARG001 - the editor does it
) -> Annotated[Image, Out("The picture.", name="IMAGE")]:
    """Take a picture with the camera of the computer whose browser shows the editor."""
    from safelight import diffusion

    if not isinstance(image, str) or not image.strip():
        raise BadInput("image", "no picture was taken yet", "Press the camera's button on the node.")
    pixels, _ = diffusion.picture.load(ctx.open(ctx.folders.find("input", image)).path)
    return pixels
