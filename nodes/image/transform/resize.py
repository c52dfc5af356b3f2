"""Resize Image/Mask."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from nodes.types import Crop, ImageMethod, NewHeight, NewWidth, ScaleBy
from safelight import Image, In, Mask, Number, Out, Variants, node

Side = Annotated[int, Number(min=0, max=16384, step=1, tip="Pixels; the other side keeps the proportions.")]


class Dimensions(NamedTuple):
    """Both sides are given."""

    width: NewWidth = 512
    height: NewHeight = 512
    crop: Crop = "center"


class Multiplier(NamedTuple):
    """Both sides are multiplied."""

    multiplier: ScaleBy = 1.0


class Longer(NamedTuple):
    """The longer side is given."""

    longer_size: Side = 512


class Shorter(NamedTuple):
    """The shorter side is given."""

    shorter_size: Side = 512


class Width(NamedTuple):
    """The width is given."""

    width: Side = 512


class Height(NamedTuple):
    """The height is given."""

    height: Side = 512


class Pixels(NamedTuple):
    """The number of pixels is given."""

    megapixels: Annotated[
        float, Number(min=0.01, max=16.0, step=0.01, tip="Millions of pixels (of 1024 x 1024).")
    ] = 1.0


class Other(NamedTuple):
    """The size is that of another picture or mask."""

    match: Annotated[Image | Mask, In("The picture or mask whose size is wanted.")]
    crop: Crop = "center"


class Multiple(NamedTuple):
    """Both sides are cut to a multiple."""

    multiple: Annotated[int, Number(min=1, max=16384, step=1, tip="Both sides become multiples of this.")] = 8


WAYS = Variants(
    {
        "scale dimensions": Dimensions,
        "scale by multiplier": Multiplier,
        "scale longer dimension": Longer,
        "scale shorter dimension": Shorter,
        "scale width": Width,
        "scale height": Height,
        "scale total pixels": Pixels,
        "match size": Other,
        "scale to multiple": Multiple,
    },
    tip="How the new size is given.",
)


@node(
    "ResizeImageMaskNode",
    category="image/transform",
    title="Resize Image/Mask",
    aliases=("resize", "scale", "longer edge", "shorter edge", "megapixels", "multiple"),
)
def resize(
    *,
    input: Annotated[Image | Mask, In("Pictures or masks.")],
    resize_type: Annotated[dict[str, Any], WAYS],
    scale_method: ImageMethod = "area",
) -> Annotated[Image | Mask, Out(name="resized")]:
    """Bring pictures or masks to another size, given in one of several ways."""
    from safelight import diffusion

    is_mask = input.ndim == 3
    pictures = input.unsqueeze(1) if is_mask else input.movedim(-1, 1)
    height, width = pictures.shape[-2:]
    if resize_type["resize_type"] == "scale to multiple":
        cut = _cut(pictures, resize_type["multiple"])
        return cut.squeeze(1) if is_mask else cut.movedim(1, -1)
    wide, high = _size(resize_type, width, height)
    crop = resize_type.get("crop", "disabled")
    resized = diffusion.resize.resize(pictures, wide, high, scale_method, crop)
    return resized.squeeze(1) if is_mask else resized.movedim(1, -1)


def _size(way: dict[str, Any], width: int, height: int) -> tuple[int, int]:
    """The width and the height that are asked for; where one is 0 or not given, the proportions stay."""
    match way["resize_type"]:
        case "scale dimensions":
            wide, high = way["width"], way["height"]
        case "scale by multiplier":
            wide, high = (max(1, round(side * way["multiplier"])) for side in (width, height))
        case "scale longer dimension":
            wide, high = (way["longer_size"], 0) if width >= height else (0, way["longer_size"])
        case "scale shorter dimension":
            wide, high = (way["shorter_size"], 0) if width <= height else (0, way["shorter_size"])
        case "scale width" | "scale height":
            wide, high = way.get("width", 0), way.get("height", 0)
        case "scale total pixels":
            scale = (way["megapixels"] * 1024 * 1024 / (width * height)) ** 0.5
            wide, high = (max(1, round(side * scale)) for side in (width, height))
        case _:
            high, wide = way["match"].shape[1:3]
    if wide == 0 and high == 0:
        return width, height
    return wide or max(1, round(width * high / height)), high or max(1, round(height * wide / width))


def _cut(pictures: Any, multiple: int) -> Any:
    """The middle of pictures, whose sides are multiples; a side that is shorter than one stays."""
    height, width = (side // multiple * multiple or side for side in pictures.shape[-2:])
    top, left = (pictures.shape[-2] - height) // 2, (pictures.shape[-1] - width) // 2
    return pictures[..., top : top + height, left : left + width]
