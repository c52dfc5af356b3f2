"""Arrangements: how a person laid the layers of a montage on a canvas, as saved files hold it.

`canvas` {w, h}, for each layer its `transform` {x, y, w, h, rotation}, `opacity`, `blend`, `visible`,
`flipH` and `flipV`, the `order` from below up, a `background`, and `inputs`: what the layers were that it was
made for.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.blend import MODES
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.montage import FARTHEST, Ground, Layer

VERSION = 1
WHITE = 0xFFFFFF


@dataclass(frozen=True)
class Arrangement:
    """The size of the canvas, its colour, and the layers from below up."""

    canvas: tuple[int, int]
    ground: Ground | None
    layers: tuple[Layer, ...]


def marks(layers: Sequence[Layer]) -> list[str]:
    """What each layer is, in short: an arrangement is kept for the layers that have these."""
    return [_mark(one) for one in layers]


def _mark(layer: Layer) -> str:
    digest = hashlib.sha256(repr((1, *layer.image.shape[:2], layer.channels)).encode())
    digest.update(_levels(layer.image))
    if layer.alpha is not None:
        digest.update(_levels(layer.alpha))
    place = (layer.x, layer.y, layer.width, layer.height, layer.rotation)
    look = (layer.opacity, layer.mode, layer.visible, layer.flip_h, layer.flip_v)
    digest.update(repr((*place, *look)).encode())
    return digest.hexdigest()[:16]


def _levels(pixels: Tensor) -> bytes:
    levels = (pixels.nan_to_num(0.0) * 255).round().clamp(0, 255).to(torch.uint8)
    return levels.contiguous().numpy().tobytes()


def arranged(layers: Sequence[Layer], saved: Any) -> Arrangement | None:
    """The layers as an arrangement has them; None if there is none.

    `UnsupportedError` says why one is not to be used: it cannot be read, or was made for other layers.
    """
    tree = _read(saved)
    if not tree:
        return None
    width, height = (_number(_tree(tree.get("canvas")), side, 0) for side in ("w", "h"))
    entries = tree.get("layers")
    if tree.get("version", VERSION) != VERSION or round(width) < 1 or round(height) < 1:
        raise UnsupportedError("it is of a kind that is not known here")
    if not isinstance(entries, list) or tree.get("inputs") != marks(layers):
        raise UnsupportedError("it was made for other layers")
    laid = [
        _laid(one, _tree(entry)) for one, entry in zip(layers, _padded(entries, len(layers)), strict=True)
    ]
    order = tree.get("order")
    if isinstance(order, list) and sorted(map(str, order)) == sorted(map(str, range(len(laid)))):
        laid = [laid[int(place)] for place in order]
    return Arrangement((round(width), round(height)), _ground(tree.get("background")), tuple(laid))


def _read(told: Any) -> dict[str, Any]:
    if isinstance(told, str):
        try:
            told = json.loads(told) if told.strip() else {}
        except ValueError as error:
            raise UnsupportedError(f"it is no JSON ({error})") from error
    if told is not None and not isinstance(told, dict):
        raise UnsupportedError("it is of a kind that is not known here")
    return told or {}


def _padded(entries: list[Any], count: int) -> list[Any]:
    return [*entries[:count], *[{}] * (count - len(entries))]


def _tree(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(tree: Mapping[str, Any], key: str, usual: float) -> float:
    value = tree.get(key, usual)
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return min(max(float(value), -FARTHEST), FARTHEST) if good else usual


def _laid(layer: Layer, entry: dict[str, Any]) -> Layer:
    place, mode = _tree(entry.get("transform")), entry.get("blend")
    height, width = layer.image.shape[:2]
    return replace(
        layer,
        x=_number(place, "x", 0.0),
        y=_number(place, "y", 0.0),
        width=_number(place, "w", width),
        height=_number(place, "h", height),
        rotation=_number(place, "rotation", 0.0),
        opacity=min(max(_number(entry, "opacity", 1.0), 0.0), 1.0),
        mode=mode if isinstance(mode, str) and mode in MODES else "normal",
        visible=bool(entry.get("visible", True)),
        flip_h=bool(entry.get("flipH", False)),
        flip_v=bool(entry.get("flipV", False)),
    )


def _ground(told: Any) -> Ground | None:
    entry = _tree(told)
    opacity = min(max(_number(entry, "opacity", 1.0), 0.0), 1.0)
    if not entry or not entry.get("visible", True) or opacity == 0:
        return None
    return Ground(_colour(entry.get("color")), opacity)


def _colour(told: Any) -> int:
    """`#rrggbb` or `#rgb` as 0xRRGGBB; white if it is neither."""
    digits = told.strip().lstrip("#") if isinstance(told, str) else ""
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    try:
        return int(digits, 16) if len(digits) == 6 else WHITE
    except ValueError:
        return WHITE


def told(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """The layers as they come, for clients that let a person lay them."""
    return [
        {
            "x": one.x,
            "y": one.y,
            "width": one.width,
            "height": one.height,
            "rotation": one.rotation,
            "name": one.name,
            "visible": one.visible,
            "opacity": one.opacity,
            "blend": one.mode,
            "flipH": one.flip_h,
            "flipV": one.flip_v,
        }
        for one in layers
    ]
