"""Resize Images by Longer Edge."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, Out, node

EDGE = Number(min=1, max=8192, tip="The longer side in pixels.")


def at_edge(images: Image, length: int, edge: int) -> Image:
    """The pictures scaled so that a side of `length` pixels becomes `edge` pixels long."""
    from safelight import diffusion

    height, width = (max(1, int(side * edge / length)) for side in images.shape[1:3])
    return diffusion.resize.resize(images.movedim(-1, 1), width, height, "lanczos").movedim(1, -1)


@node(
    "ResizeImagesByLongerEdge",
    category="image/transform",
    title="Resize Images by Longer Edge",
    deprecated="Use Scale Image to Max Dimension.",
    experimental=True,
)
def longer_edge(
    *, images: Image, longer_edge: Annotated[int, EDGE] = 1024
) -> Annotated[Image, Out("The pictures at their new size.", name="images")]:
    """Scale pictures until their longer side has a length."""
    return at_edge(images, max(images.shape[1:3]), longer_edge)
