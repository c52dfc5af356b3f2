"""Boxes: rectangles in pictures, as detectors and editors give them: x, y, width and height in pixels.

A value of boxes is one box, a list of boxes for every picture, or a list of such lists, one for each picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from safelight.diffusion.channel import coloured
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.resize import resize

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; the last two are just outside."""

COLOURS = ((255, 64, 64), (64, 208, 64), (80, 128, 255), (255, 192, 0), (224, 64, 224), (0, 200, 200))
MOST = 4096
"""The most boxes, and the largest side of a picture that is made for boxes alone."""


def per_picture(value: Any, count: int) -> list[list[dict[str, Any]]]:
    """The boxes of each of `count` pictures; the last list serves for what it does not reach."""
    lists = [[value]] if isinstance(value, dict) else list(value)
    if lists and all(isinstance(one, dict) for one in lists):
        lists = [lists]
    if not lists:
        return [[] for _ in range(count)]
    return [list(lists[min(number, len(lists) - 1)]) for number in range(count)]


def edges(box: Any) -> Box:
    """The edges of a box, as whole pixels; `UnsupportedError` if it is none."""
    try:
        x, y, width, height = (float(box[side]) for side in ("x", "y", "width", "height"))
        left, top, right, bottom = round(x), round(y), round(x + width), round(y + height)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnsupportedError(
            f"{str(box)[:60]} is no box", "Give x, y, width and height, as numbers."
        ) from error
    return left, top, right, bottom


def cropped(image: Tensor, value: Any, width: int, height: int, padding: int, *, stretch: bool) -> Tensor:
    """What lies in the boxes of pictures [B, H, W, C], each at one size, all as one batch.

    Each box is first widened by `padding` pixels and cut at the picture's edges. Without `stretch` the
    proportions stay, and what is left of the size is black.
    """
    rows, columns = image.shape[1:3]
    parts = []
    for picture, found in zip(image.split(1), per_picture(value, len(image)), strict=True):
        for box in found:
            left, top, right, bottom = edges(box)
            left, top = max(0, left - padding), max(0, top - padding)
            part = picture[:, top : min(rows, bottom + padding), left : min(columns, right + padding)]
            if right <= left or bottom <= top or not part.numel():
                problem = f"The box {str(box)[:80]} holds nothing of a picture of {columns} x {rows}"
                raise UnsupportedError(problem, "Choose one inside the picture.")
            parts.append(_sized(part.movedim(-1, 1), width, height, stretch))
    if not parts:
        raise UnsupportedError("There is no box to cut out", "Connect boxes that hold at least one.")
    return torch.cat(parts).movedim(1, -1)


def _sized(part: Tensor, width: int, height: int, stretch: bool) -> Tensor:
    if stretch:
        return resize(part, width, height, "bilinear")
    rows, columns = part.shape[-2:]
    scale = min(width / columns, height / rows)
    wide, high = max(1, round(columns * scale)), max(1, round(rows * scale))
    left, top = (width - wide) // 2, (height - high) // 2
    rim = (left, width - wide - left, top, height - high - top)
    return pad(resize(part, wide, high, "bilinear"), rim)


def drawn(image: Tensor | None, value: Any) -> Tensor:
    """Pictures [B, H, W, 3] with the outlines of boxes, and what the boxes say of `label` and `score`.

    Without pictures they are drawn on black, as large as they need.
    """
    if image is None:
        image = _ground(value)
    whole = coloured(image).clone()
    for picture, found in zip(whole, per_picture(value, len(whole)), strict=True):
        for number, box in enumerate(found[:MOST]):
            colour = torch.tensor(COLOURS[number % len(COLOURS)], dtype=picture.dtype) / 255
            _outline(picture, edges(box), colour)
            _write(picture, box, colour)
    return whole


def _ground(value: Any) -> Tensor:
    lists = [[value]] if isinstance(value, dict) else list(value)
    count = 1 if not lists or isinstance(lists[0], dict) else len(lists)
    found = [edges(box) for boxes in per_picture(value, count) for box in boxes]
    width = max((right for _, _, right, _ in found), default=1)
    height = max((bottom for *_, bottom in found), default=1)
    return torch.zeros(count, min(MOST, max(1, height)), min(MOST, max(1, width)), 3)


def _outline(picture: Tensor, box: Box, colour: Tensor) -> None:
    """Draw a frame just inside a box, wider in larger pictures."""
    line = max(1, min(picture.shape[:2]) // 256)
    rows, columns = picture.shape[:2]
    left, top = (max(0, edge) for edge in box[:2])
    right, bottom = min(columns, box[2]), min(rows, box[3])
    for place in (
        (slice(top, top + line), slice(left, right)),
        (slice(max(top, bottom - line), bottom), slice(left, right)),
        (slice(top, bottom), slice(left, left + line)),
        (slice(top, bottom), slice(max(left, right - line), right)),
    ):
        if right > left and bottom > top:
            picture[place] = colour


def _write(picture: Tensor, box: dict[str, Any], colour: Tensor) -> None:
    """Write a box's label and score into its upper left corner."""
    words = [str(box["label"])] if box.get("label") else []
    if isinstance(score := box.get("score"), int | float):
        words.append(f"{score:.2f}")
    left, top = (max(0, edge) for edge in edges(box)[:2])
    if words and left < picture.shape[1] and top < picture.shape[0]:
        letters = _letters(" ".join(words)[:80])
        rows, columns = picture[top:, left:].shape[:2]
        letters = letters[:rows, :columns, None]
        place = picture[top : top + letters.shape[0], left : left + letters.shape[1]]
        place.copy_(place * (1 - letters) + colour * letters)


def _letters(text: str) -> Tensor:
    """A line of text as a mask [H, W]."""
    import numpy
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(14)
    _, _, width, height = font.getbbox(text)
    sheet = Image.new("L", (int(width) + 6, int(height) + 6))
    ImageDraw.Draw(sheet).text((3, 2), text, fill=255, font=font)
    return torch.from_numpy(numpy.asarray(sheet).astype(numpy.float32) / 255)


def of_mask(mask: Tensor) -> Box | None:
    """The smallest box around what a mask [H, W] covers; None if that is nothing."""
    rows, columns = ((mask > 0).any(axis).nonzero() for axis in (1, 0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def around(box: Box, aspect: float, margin: float) -> Box:
    """A box about the middle of another that has an aspect (width / height), `margin` times as large."""
    left, top, right, bottom = box
    height = max(bottom - top, (right - left) / aspect) * margin
    width = height * aspect
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    wide, high = max(1, round(width)), max(1, round(height))
    return round(x), round(y), round(x) + wide, round(y) + high


def cut_out(image: Tensor, mask: Tensor, box: Box, ground: Sequence[float]) -> Tensor:
    """What a mask [H, W] shows of a picture [H, W, 3] within a box, which may reach outside, on a colour."""
    left, top, right, bottom = box
    whole = torch.tensor(ground).to(image).expand(bottom - top, right - left, 3).clone()
    rows, columns = image.shape[:2]
    inner = (slice(max(0, top), min(rows, bottom)), slice(max(0, left), min(columns, right)))
    shown = mask[inner][..., None]
    place = whole[inner[0].start - top : inner[0].stop - top, inner[1].start - left : inner[1].stop - left]
    place.copy_(image[inner] * shown + place * (1 - shown))
    return whole
