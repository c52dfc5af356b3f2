"""Layers From Bounding Boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from nodes.image.add_layer import Layers, lowest, stacked
from nodes.types import LARGEST_SIDE
from safelight import BadInput, Image, In, Mask, Number, Out, Toggle, node, socket

if TYPE_CHECKING:
    Boxes = Any
else:
    Boxes = socket("BOUNDING_BOX,ARRAY,STRING")

CROP = Toggle(tip="Keep of each picture only what its box's metadata call content_rect, at that place.")
WIDE = Number(min=0, max=LARGEST_SIDE, tip="Width of the canvas; 0 for as far as the layers reach.")
HIGH = Number(min=0, max=LARGEST_SIDE, tip="Height of the canvas; 0 for as far as the layers reach.")


@node(
    "LayersFromBoundingBoxes",
    category="image",
    title="Layers From Bounding Boxes",
    aliases=("stack", "place", "compose"),
    experimental=True,
)
def layers_from_boxes(
    *,
    image: Annotated[Image, In("A batch: each picture is a layer.")],
    bboxes: Annotated[Boxes, In("A box for each picture, elements of a prompt, or JSON of either.")],
    mask: Annotated[Mask | None, In("White where a layer is transparent; one for each picture.")] = None,
    layers: Annotated[Layers | None, In("The layers below; without them these are the first.")] = None,
    crop_to_content: Annotated[bool, CROP] = True,
    canvas_width: Annotated[int, WIDE] = 0,
    canvas_height: Annotated[int, HIGH] = 0,
) -> Annotated[Layers, Out("The layers with these on top.", name="LAYERS")]:
    """Put the pictures of a batch on a stack of layers, each where its box is and as large as it.

    A picture without a box stands at the upper left corner.
    """
    from safelight import diffusion

    try:
        boxes = diffusion.element.boxes_of(bboxes, canvas_width, canvas_height)
    except diffusion.failure.UnsupportedError as error:
        raise BadInput("bboxes", error.problem, error.remedy) from error
    below = lowest(layers)
    level = max((one.get("z_index", 0) for one in below), default=-1) + 1
    made = [
        _layer(image[n : n + 1], _of(mask, n), boxes[n] if n < len(boxes) else {}, level + n, crop_to_content)
        for n in range(len(image))
    ]
    canvas = (canvas_width, canvas_height) if canvas_width and canvas_height else None
    return stacked(layers, made, canvas)


def _of(mask: Mask | None, number: int) -> Mask | None:
    """The mask of one picture; one mask alone serves for all."""
    if mask is None or (1 < len(mask) <= number):
        return None
    return mask[:1] if len(mask) == 1 else mask[number : number + 1]


def _layer(image: Image, mask: Mask | None, box: dict[str, Any], level: int, crop: bool) -> dict[str, Any]:
    told = box.get("metadata")
    told = told if isinstance(told, dict) else {}
    rows, columns = image.shape[1:3]
    layer: dict[str, Any] = {"type": "raster", "x": int(box.get("x", 0)), "y": int(box.get("y", 0))}
    content = _content(told.get("content_rect"), columns, rows) if crop else None
    if content is not None:
        left, top, width, height = content
        image = image[:, top : top + height, left : left + width]
        mask = None if mask is None else mask[:, top : top + height, left : left + width]
        layer |= {"x": left, "y": top}
    else:
        sides = {"w": int(box.get("width", 0)), "h": int(box.get("height", 0))}
        layer |= {side: length for side, length in sides.items() if length > 0}
    own = told.get("z_index")
    layer |= {"image": image, "z_index": own if isinstance(own, int) and not isinstance(own, bool) else level}
    name = next((one for key in ("name", "desc") if isinstance(one := told.get(key), str) and one), "")
    return layer | ({"name": name} if name else {}) | ({} if mask is None else {"mask": mask})


def _content(told: Any, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of what a picture holds, within it; None if that is not said."""
    if not isinstance(told, (list, tuple)) or len(told) != 4:
        return None
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in told):
        return None
    left, top = min(max(int(told[0]), 0), width), min(max(int(told[1]), 0), height)
    wide, high = min(int(told[2]), width - left), min(int(told[3]), height - top)
    return (left, top, wide, high) if wide > 0 and high > 0 else None
