"""Draw BBoxes."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Box
from safelight import Image, In, Out, node


@node(
    "DrawBBoxes", category="image/detection", title="Draw BBoxes", aliases=("rectangle", "outline", "label")
)
def draw_boxes(
    *,
    bboxes: Annotated[Box, In("One box, a list of boxes, or a list for each picture.")],
    image: Annotated[Image | None, In("The pictures to draw on; black without them.")] = None,
) -> Annotated[Image, Out("The pictures with the outlines of the boxes.", name="out_image")]:
    """Draw the outlines of boxes on pictures, with their labels and scores where they have any."""
    from safelight import diffusion

    return diffusion.boxes.drawn(image, bboxes)
