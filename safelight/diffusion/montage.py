"""Montages: stacks of layers, each a picture with a place, composed to one picture.

A stack is a dict: `layers`, a list of dicts with `image` [B, H, W, C], `x`, `y` and what differs from the
usual (`mask`, 1 where transparent, `name`, `w`, `h`, `rotation` in radians clockwise, `opacity`,
`blend_mode`, `visible`, `flip_h`, `flip_v`, `z_index`), and `canvas`, its width and height, where it has one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from PIL import Image
from torch import Tensor

from safelight.diffusion import blend
from safelight.diffusion.channel import coloured
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.resize import resize
from safelight.diffusion.transfer import encoded, linear

MOST = 50
"""How many layers a montage can have."""
LARGEST = 16384
FARTHEST = 2**20
"""How far a layer can be from the corner, in pixels."""
TINY = 1e-5
OPAQUE = 0.999
"""From which alpha on a montage counts as opaque."""


@dataclass(frozen=True)
class Layer:
    """One picture [H, W, 3] with its alpha [H, W], if it has one, and where and how it is laid."""

    image: Tensor
    alpha: Tensor | None
    name: str
    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0
    opacity: float = 1.0
    mode: str = "normal"
    visible: bool = True
    flip_h: bool = False
    flip_v: bool = False
    channels: int = 3
    """How many channels its picture came with."""


@dataclass(frozen=True)
class Ground:
    """A colour below all layers, 0xRRGGBB."""

    colour: int
    opacity: float


def layers_of(stack: Any) -> list[Layer]:
    """The layers of a stack from the lowest up: each picture of a batch is one."""
    items = stack.get("layers") if isinstance(stack, dict) else None
    items = [one for one in items or () if isinstance(one, dict) and isinstance(one.get("image"), Tensor)]
    if not items:
        raise UnsupportedError("the stack holds no layer", "Add one with Add Layer.")
    ordered = sorted(items, key=lambda one: _number(one, "z_index", 0))
    found = [_layer(one, number) for one in ordered for number in range(len(one["image"]))]
    if len(found) > MOST:
        problem = f"there are {len(found)} layers, of which a montage can have {MOST}"
        raise UnsupportedError(problem, "Compose some of them first.")
    return found


def _layer(one: Mapping[str, Any], number: int) -> Layer:
    image = one["image"][number]
    height, width = image.shape[:2]
    mode = one.get("blend_mode", "normal")
    if mode not in blend.MODES:
        raise UnsupportedError(f"{mode!r} is no blend mode", f"Choose one of {', '.join(blend.MODES)}.")
    return Layer(
        coloured(image[None])[0].detach().float().cpu(),
        _alpha(image, one.get("mask"), number),
        str(one.get("name") or ""),
        int(_number(one, "x", 0)),
        int(_number(one, "y", 0)),
        max(0, int(_number(one, "w", 0))) or width,
        max(0, int(_number(one, "h", 0))) or height,
        float(_number(one, "rotation", 0.0)),
        min(max(_number(one, "opacity", 1.0), 0.0), 1.0),
        mode,
        bool(one.get("visible", True)),
        bool(one.get("flip_h", False)),
        bool(one.get("flip_v", False)),
        image.shape[-1],
    )


def _number(tree: Mapping[str, Any], key: str, usual: float) -> float:
    value = tree.get(key, usual)
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return min(max(value, -FARTHEST), FARTHEST) if good else usual


def _alpha(image: Tensor, mask: Any, number: int) -> Tensor | None:
    """How opaque a picture [H, W, C] is: by its own alpha and by the mask of its place in the batch."""
    own = image[..., 3].detach().float().cpu() if image.shape[-1] == 4 else None
    if not isinstance(mask, Tensor):
        return own
    masks = mask.detach().float().cpu().reshape(-1, *mask.shape[-2:])
    if len(masks) > 1 and number >= len(masks):
        return own
    clear = masks[number if len(masks) > 1 else 0][None, None]
    if clear.shape[-2:] != image.shape[:2]:
        clear = resize(clear, image.shape[1], image.shape[0], "bilinear")
    shown = (1 - clear[0, 0]).clamp(0, 1)
    return shown if own is None else own * shown


def canvas_of(stack: Mapping[str, Any], layers: Sequence[Layer]) -> tuple[int, int]:
    """Width and height: those that the stack says, else as far as its layers reach from the corner."""
    told = canvas_told(stack)
    if told:
        return told
    reach = [bounds(one) for one in layers]
    return max(1, *(right for _, _, right, _ in reach)), max(1, *(bottom for *_, bottom in reach))


def canvas_told(stack: Any) -> tuple[int, int] | None:
    """The width and height that a stack says itself."""
    told = stack.get("canvas") if isinstance(stack, dict) else None
    if not isinstance(told, (list, tuple)) or len(told) != 2:
        return None
    width, height = (int(_number({"side": side}, "side", 0)) for side in told)
    return (width, height) if width > 0 and height > 0 else None


def bounds(layer: Layer) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a layer on the canvas, turned about its middle; in whole pixels.

    What rounding leaves of a quarter turn's sine does not count, else such layers would lie a pixel off.
    """
    cos, sin = math.cos(layer.rotation), math.sin(layer.rotation)
    wide, high = layer.width / 2, layer.height / 2
    corners = [(a, b) for a in (-wide, wide) for b in (-high, high)]
    xs = [round(layer.x + wide + a * cos - b * sin, 6) for a, b in corners]
    ys = [round(layer.y + high + a * sin + b * cos, 6) for a, b in corners]
    left, top = math.floor(min(xs)), math.floor(min(ys))
    return left, top, max(left + 1, math.ceil(max(xs))), max(top + 1, math.ceil(max(ys)))


def composed(layers: Sequence[Layer], canvas: tuple[int, int], ground: Ground | None = None) -> Tensor:
    """The layers as one picture [1, H, W, 4], the first one lowest."""
    width, height = canvas
    if max(width, height) > LARGEST:
        problem = f"a canvas of {width} x {height} is larger than {LARGEST} x {LARGEST}"
        raise UnsupportedError(problem, "Place the layers nearer, or make them smaller.")
    whole = torch.zeros(height, width, 4)
    if ground is not None:
        levels = [(ground.colour >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
        whole[:] = torch.cat([linear(torch.tensor(levels)), torch.tensor([ground.opacity])])
    for layer in layers:
        if layer.visible:
            _lay(whole, layer)
    whole[..., :3] = _exact(encoded(whole[..., :3].clamp(0, 1)))
    return whole[None]


def _exact(levels: Tensor) -> Tensor:
    """Levels with what arithmetic left beside one of eight bits brought back to it: files cut, not round."""
    eighth = (levels * 255).round() / 255
    return torch.where((levels - eighth).abs() < TINY, eighth, levels)


def _lay(whole: Tensor, layer: Layer) -> None:
    left, top, right, bottom = bounds(layer)
    height, width = whole.shape[:2]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if x0 >= x1 or y0 >= y1:
        return
    part = _bitmap(layer, right - left, bottom - top)[y0 - top : y1 - top, x0 - left : x1 - left]
    place = whole[y0:y1, x0:x1]
    place.copy_(blend.laid(place, part, layer.mode, layer.opacity))


def _bitmap(layer: Layer, width: int, height: int) -> Tensor:
    """A layer as it is seen, flipped, sized and turned, in the middle of so many pixels; colours as light."""
    size = (max(1, round(layer.width)), max(1, round(layer.height)))
    if max(size) > LARGEST:
        raise UnsupportedError(
            f"a layer of {size[0]} x {size[1]} is larger than {LARGEST} x {LARGEST}", "Make it smaller."
        )
    made = Image.fromarray(_levels(layer), "RGBA")
    if layer.flip_h:
        made = made.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if layer.flip_v:
        made = made.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if made.size != size:
        made = made.resize(size, Image.Resampling.LANCZOS)
    if layer.rotation:
        turn = -math.degrees(layer.rotation)
        made = made.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=(0, 0, 0, 0))
    sheet = Image.new("RGBA", (width, height))
    sheet.paste(made, ((width - made.width) // 2, (height - made.height) // 2))
    pixels = torch.from_numpy(numpy.asarray(sheet).copy()).float() / 255
    return torch.cat([linear(pixels[..., :3]), pixels[..., 3:]], dim=-1)


def _levels(layer: Layer) -> Any:
    """A layer as levels of eight bits [H, W, 4]."""
    alpha = torch.ones(layer.image.shape[:2]) if layer.alpha is None else layer.alpha
    whole = torch.cat([layer.image, alpha[..., None]], dim=-1).nan_to_num(0.0)
    return (whole * 255).round().clamp(0, 255).to(torch.uint8).numpy()


def parted(whole: Tensor) -> tuple[Tensor, Tensor]:
    """A montage as a picture and its mask, 1 where nothing is; an opaque one has three channels."""
    alpha = whole[..., 3]
    if bool((alpha >= OPAQUE).all()):
        return whole[..., :3].contiguous(), torch.zeros_like(alpha)
    return whole, (1 - alpha).clamp(0, 1)


def seen(layer: Layer) -> Tensor:
    """A layer's own picture as clients show it [H, W, C]."""
    return layer.image if layer.alpha is None else torch.cat([layer.image, layer.alpha[..., None]], dim=-1)
