"""Resize Images by Shorter Edge."""

from __future__ import annotations

from typing import Annotated

from nodes.image.transform.longer_edge import at_edge
from safelight import Image, Number, Out, node

EDGE = Number(min=1, max=8192, tip="The shorter side in pixels.")


@node(
    "ResizeImagesByShorterEdge",
    category="image/transform",
    title="Resize Images by Shorter Edge",
    deprecated="Use Upscale Image, with a width or a height of 0.",
    experimental=True,
)
def shorter_edge(
    *, images: Image, shorter_edge: Annotated[int, EDGE] = 512
) -> Annotated[Image, Out("The pictures at their new size.", name="images")]:
    """Scale pictures until their shorter side has a length."""
    return at_edge(images, min(images.shape[1:3]), shorter_edge)
