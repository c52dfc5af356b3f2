"""Add Layer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from nodes.types import LARGEST_SIDE
from safelight import Choice, Image, In, Mask, Number, Out, Text, Toggle, node, socket

if TYPE_CHECKING:
    Layers = dict[str, Any]
else:
    Layers = socket("LAYERS")

Opacity = Annotated[float, Number(min=0.0, max=1.0, step=0.01, tip="How much of it shows.")]
BlendMode = Annotated[
    Literal[
        "normal",
        "multiply",
        "screen",
        "overlay",
        "darken",
        "lighten",
        "color-dodge",
        "color-burn",
        "hard-light",
        "soft-light",
        "difference",
        "exclusion",
        "linear-dodge",
        "linear-burn",
        "vivid-light",
        "pin-light",
        "linear-light",
        "hard-mix",
        "subtract",
        "divide",
        "grain-extract",
        "grain-merge",
        "hue",
        "saturation",
        "color",
        "luminosity",
    ],
    Choice(tip="What it makes of what is below: normal covers, the others change only what is there."),
]
LEFT = Number(min=-LARGEST_SIDE, max=LARGEST_SIDE, tip="How far from the left, in pixels.")
TOP = Number(min=-LARGEST_SIDE, max=LARGEST_SIDE, tip="How far from the top, in pixels.")
TURN = Number(min=-360.0, max=360.0, step=1.0, tip="Degrees to turn it about its middle, clockwise.")
WIDE = Number(min=0, max=LARGEST_SIDE, tip="Width in pixels; 0 for the picture's own.")
HIGH = Number(min=0, max=LARGEST_SIDE, tip="Height in pixels; 0 for the picture's own.")
LEVEL = Number(min=-1000, max=1000, tip="Higher ones cover lower ones; of equal ones, the later covers.")


@node("AddLayer", category="image", title="Add Layer", aliases=("stack", "compose"), experimental=True)
def add_layer(
    *,
    image: Annotated[Image, In("The picture of the layer; of a batch each is a layer.")],
    layers: Annotated[Layers | None, In("The layers below; without them this is the first.")] = None,
    mask: Annotated[Mask | None, In("White where the layer is transparent.")] = None,
    name: Annotated[str, Text(tip="What the layer is called.")] = "",
    x: Annotated[int, LEFT] = 0,
    y: Annotated[int, TOP] = 0,
    opacity: Opacity = 1.0,
    blend_mode: BlendMode = "normal",
    rotation: Annotated[float, TURN] = 0.0,
    width: Annotated[int, WIDE] = 0,
    height: Annotated[int, HIGH] = 0,
    z_index: Annotated[int, LEVEL] = 0,
    flip_h: Annotated[bool, Toggle(tip="Mirror it from left to right.")] = False,
    flip_v: Annotated[bool, Toggle(tip="Mirror it from top to bottom.")] = False,
) -> Annotated[Layers, Out("The layers with this one on top.", name="LAYERS")]:
    """Put a picture on a stack of layers, which Create Layered Image composes."""
    layer: dict[str, Any] = {"image": image, "type": "raster", "x": x, "y": y, "z_index": z_index}
    layer |= {} if mask is None else {"mask": mask}
    told = {
        "name": name,
        "opacity": opacity,
        "blend_mode": blend_mode,
        "rotation": math.radians(rotation),
        "w": width,
        "h": height,
        "flip_h": flip_h,
        "flip_v": flip_v,
    }
    usual = {"opacity": 1.0, "blend_mode": "normal"}
    return stacked(
        layers,
        [layer | {key: value for key, value in told.items() if value != usual.get(key, type(value)())}],
    )


def stacked(
    below: dict[str, Any] | None, layers: list[dict[str, Any]], canvas: tuple[int, int] | None = None
) -> dict[str, Any]:
    """A stack with further layers; its canvas stays as it was unless there is a new one."""
    from safelight import diffusion

    canvas = canvas or diffusion.montage.canvas_told(below)
    whole = {"version": 1, "layers": [*lowest(below), *layers]}
    return whole | ({"canvas": canvas} if canvas else {})


def lowest(below: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The layers that there are already."""
    told = below.get("layers") if isinstance(below, dict) else None
    return list(told) if isinstance(told, (list, tuple)) else []
