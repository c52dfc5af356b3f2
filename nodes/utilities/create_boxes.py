"""Create Bounding Boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from nodes.image.layers_from_boxes import Boxes
from nodes.image.save import write
from nodes.types import LARGEST_SIDE, Box
from safelight import BadInput, Context, Free, Image, In, Number, Out, node, socket

if TYPE_CHECKING:
    Drawn = list[dict[str, Any]]
    Elements = list[dict[str, Any]]
else:
    Drawn = socket("BOUNDING_BOXES")
    Elements = socket("ARRAY")

NOTHING: list[dict[str, Any]] = []
WIDE = Number(
    min=64, max=LARGEST_SIDE, step=16, tip="Width of the picture that the boxes are for, in pixels."
)
HIGH = Number(
    min=64, max=LARGEST_SIDE, step=16, tip="Height of the picture that the boxes are for, in pixels."
)
DRAWN = Free(tip="The boxes that are drawn on the node: what is behind first, what is in front last.")
SEEN = Free(tip="Kept by editors: the boxes that came by wire when the drawn ones were begun.")


class Boxed(NamedTuple):
    """Boxes in three forms."""

    preview: Annotated[Image, Out("The boxes over a dimmed picture.")]
    bboxes: Annotated[Box, Out("The boxes in pixels.")]
    elements: Annotated[Elements, Out("What is to be seen where, as prompts of layouts say it.")]


@node(
    "CreateBoundingBoxes",
    category="utilities",
    title="Create Bounding Boxes",
    aliases=("draw", "rectangle", "layout", "region", "bbox"),
    effect=True,
    experimental=True,
)
def create_boxes(
    ctx: Context,
    *,
    width: Annotated[int, WIDE] = 1024,
    height: Annotated[int, HIGH] = 1024,
    editor_state: Annotated[Drawn, DRAWN] = NOTHING,
    background: Annotated[Image | None, In("What is shown behind the boxes.")] = None,
    bboxes: Annotated[Boxes | None, In("Boxes to begin with; new ones take the drawn ones' place.")] = None,
    last_incoming: Annotated[Drawn, SEEN] = NOTHING,
) -> Boxed:
    """Draw boxes on a canvas, and say of each what is to be seen there.

    Boxes that come by wire are used while they differ from those that the drawing began with.
    """
    from safelight import diffusion

    coming = _read("bboxes", [] if bboxes is None else bboxes, width, height)
    boxes = (
        coming if coming and coming != last_incoming else _read("editor_state", editor_state, width, height)
    )
    preview = diffusion.sketch.sketched(boxes, width, height, background)
    write(ctx, preview, "boxes", "temp", compress=1)
    ctx.show("dims", [width, height])
    if coming:
        ctx.show("input_bboxes", coming)
    element = diffusion.element
    return Boxed(preview, element.whole(boxes), element.elements(boxes, width, height))


def _read(name: str, value: Any, width: int, height: int) -> list[dict[str, Any]]:
    from safelight import diffusion

    try:
        boxes: list[dict[str, Any]] = diffusion.element.boxes_of(value or [], width, height)
    except diffusion.failure.UnsupportedError as error:
        raise BadInput(name, error.problem, error.remedy) from error
    return boxes
