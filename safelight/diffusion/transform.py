"""Pictures [B, H, W, C] cut, turned, set side by side and cut into tiles. Values are moved, not made."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from safelight.diffusion.batch import alike
from safelight.diffusion.composite import with_channels
from safelight.diffusion.resize import resize

COLOURS = {
    "white": (1.0, 1.0, 1.0),
    "black": (0.0, 0.0, 0.0),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
}

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the last two are just outside."""


def crop(image: Tensor, x: int, y: int, width: int, height: int) -> Tensor:
    """The part at (x, y), which is moved into the picture and cut where it would leave it."""
    rows, columns = image.shape[1:3]
    x, y = min(x, columns - 1), min(y, rows - 1)
    return image[:, y : y + height, x : x + width]


def centre(image: Tensor, width: int, height: int) -> Tensor:
    """The middle of a picture, at most so large."""
    rows, columns = image.shape[1:3]
    return crop(image, max(0, (columns - width) // 2), max(0, (rows - height) // 2), width, height)


def anywhere(image: Tensor, width: int, height: int, seed: int) -> Tensor:
    """A part of each picture, at most so large, at a place drawn from the seed."""
    import numpy

    draw = numpy.random.RandomState(seed % (2**32 - 1))  # ComfyUI draws from this generator
    rows, columns = image.shape[1:3]
    parts = []
    for one in image.split(1):
        x, y = (draw.randint(0, room + 1) if room > 0 else 0 for room in (columns - width, rows - height))
        parts.append(crop(one, x, y, width, height))
    return torch.cat(parts)


def flip(pixels: Tensor, method: str, axes: tuple[int, int]) -> Tensor:
    """Mirrored; a `method` that begins with x turns up and down round; `axes` are those of H and W."""
    return pixels.flip(axes[0] if method.startswith("x") else axes[1])


def rotate(pixels: Tensor, rotation: str, axes: tuple[int, int]) -> Tensor:
    """Turned clockwise: `none`, `90 degrees`, `180 degrees` or `270 degrees`; `axes` are those of H and W."""
    turns = 0 if rotation == "none" else int(rotation.split(maxsplit=1)[0]) // 90
    return torch.rot90(pixels, turns, (axes[1], axes[0]))


def within(image: Tensor, width: int, height: int, colour: str, method: str) -> Tensor:
    """A picture as large as fits into a size, its proportions kept, centred on a colour of `COLOURS`."""
    rows, columns = image.shape[1:3]
    scale = min(width / columns, height / rows)
    wide, high = max(1, int(columns * scale)), max(1, int(rows * scale))
    inner = resize(image.movedim(-1, 1), wide, high, method).movedim(1, -1)
    return _centred(inner, width, height, colour)


def _centred(image: Tensor, width: int, height: int, colour: str) -> Tensor:
    rows, columns = image.shape[1:3]
    top, left = (height - rows) // 2, (width - columns) // 2
    ground = with_channels(torch.tensor(COLOURS[colour]).to(image)[None, None, None], image.shape[-1])
    whole = ground.repeat(len(image), height, width, 1)
    whole[:, top : top + rows, left : left + columns] = image
    return whole


def stitch(
    first: Tensor, second: Tensor, direction: str, *, match: bool, spacing: int, colour: str
) -> Tensor:
    """The second picture to the `right`, `left`, `up` or `down` of the first, on a colour of `COLOURS`.

    `match` scales the second so that the sides that meet are as long; otherwise both are centred. Odd
    spacings are widened by a pixel, so that a video encoder takes the result.
    """
    axis, beside = (2, 1) if direction in ("right", "left") else (1, 2)
    channels = max(first.shape[-1], second.shape[-1])
    first, second = alike(with_channels(first, channels), with_channels(second, channels))
    if match:
        second = _matched(second, first, beside)
    longest = max(first.shape[beside], second.shape[beside])
    pair = [_lengthened(one, beside, longest, colour) for one in (first, second)]
    if spacing:
        gap = pair[0].narrow(axis, 0, 1)
        pair.insert(1, _painted(gap, colour).repeat_interleave(spacing + spacing % 2, axis))
    return torch.cat(pair if direction in ("right", "down") else pair[::-1], axis)


def _matched(image: Tensor, other: Tensor, axis: int) -> Tensor:
    """Scaled, its proportions kept, to the other's length along an axis."""
    scale = other.shape[axis] / image.shape[axis]
    rows, columns = (
        other.shape[place] if place == axis else max(1, int(image.shape[place] * scale)) for place in (1, 2)
    )
    return resize(image.movedim(-1, 1), columns, rows, "lanczos").movedim(1, -1)


def _lengthened(image: Tensor, axis: int, length: int, colour: str) -> Tensor:
    rows, columns = (length if place == axis else image.shape[place] for place in (1, 2))
    return image if image.shape[axis] == length else _centred(image, columns, rows, colour)


def _painted(image: Tensor, colour: str) -> Tensor:
    return with_channels(torch.tensor(COLOURS[colour]).to(image), image.shape[-1]).expand_as(image)


def boxes(width: int, height: int, tile_width: int, tile_height: int, overlap: int) -> list[Box]:
    """Tiles that cover a picture, row by row; the last of a row and a column are moved back into it."""
    return [
        (left, top, left + min(tile_width, width), top + min(tile_height, height))
        for top in _starts(height, tile_height, overlap)
        for left in _starts(width, tile_width, overlap)
    ]


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    last = max(0, length - tile)
    return [*range(0, last, max(1, tile - overlap)), last]


def merged(tiles: Sequence[Tensor], width: int, height: int, overlap: int) -> Tensor:
    """The tiles of `boxes` as one picture again; where they overlap one fades into the other."""
    rows, columns = tiles[0].shape[1:3]
    places = boxes(width, height, columns, rows, overlap)
    whole = tiles[0].new_zeros(len(tiles[0]), height, width, tiles[0].shape[-1])
    weight = whole.new_zeros(1, height, width, 1)
    for tile, (left, top, right, bottom) in zip(tiles, places, strict=False):
        shown = tile[:, : bottom - top, : right - left]
        mask = _ramp(shown.shape[1], overlap)[:, None, None] * _ramp(shown.shape[2], overlap)[:, None]
        place = (slice(None), slice(top, top + shown.shape[1]), slice(left, left + shown.shape[2]))
        whole[place] += shown * mask
        weight[place] += mask
    return whole / weight.clamp(min=1e-9)


def _ramp(length: int, width: int) -> Tensor:
    """Weights that rise from both ends over `width` places to 1."""
    places = torch.arange(length, dtype=torch.float32)
    inside = torch.minimum(places, length - 1 - places) + 1
    return (inside / (width + 1)).clamp(max=1.0)


def table(images: Sequence[Tensor], columns: int, width: int, height: int, gap: int) -> Tensor:
    """Pictures [1, H, W, C] in cells of one size, row by row, centred on black with `gap` pixels between."""
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    whole = torch.zeros(1, rows * (height + gap) - gap, columns * (width + gap) - gap, 3)
    for number, image in enumerate(images):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        cell = within(with_channels(image, 3), width, height, "black", "lanczos")
        whole[:, top : top + height, left : left + width] = cell
    return whole
