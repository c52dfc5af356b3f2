"""Masks: float tensors [B, H, W] in 0..1, where 1 is what is meant. Each function makes a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from safelight.diffusion.batch import alike
from safelight.diffusion.channel import coloured
from safelight.diffusion.resize import resize


def solid(value: float, width: int, height: int) -> Tensor:
    """A mask [1, H, W] that is the same everywhere."""
    return torch.full((1, height, width), value)


def stacked(mask: Tensor) -> Tensor:
    """A mask as [B, H, W], whatever came: [H, W], [B, H, W] or [B, 1, H, W]."""
    return mask.reshape(mask.shape[:-2].numel(), *mask.shape[-2:])


def fitted(mask: Tensor, height: int, width: int) -> Tensor:
    """A mask [B, H, W] at another size, by bilinear interpolation."""
    mask = stacked(mask)
    if mask.shape[-2:] == (height, width):
        return mask
    return interpolate(mask[:, None], size=(height, width), mode="bilinear")[:, 0]


def gathered(batches: Sequence[Tensor]) -> Tensor:
    """Masks and batches of them as one batch, at the size of the first, cut about their middle."""
    first, *others = map(stacked, batches)
    height, width = first.shape[-2:]
    fit = [
        one
        if one.shape[-2:] == first.shape[-2:]
        else resize(one[:, None], width, height, "bilinear", "center")[:, 0]
        for one in others
    ]
    return torch.cat([first, *fit])


def of_colour(image: Tensor, colour: int) -> Tensor:
    """1 where a picture [B, H, W, C] has exactly the colour 0xRRGGBB in 8 bits, else 0."""
    levels = (coloured(image).clamp(0, 1) * 255).round().long()
    red, green, blue = levels.unbind(-1)
    return ((red << 16) + (green << 8) + blue == colour).float()


def to_image(mask: Tensor) -> Tensor:
    """A mask as grey pictures [B, H, W, 3]."""
    return stacked(mask)[..., None].repeat(1, 1, 1, 3)


OPERATIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "multiply": torch.mul,
    "add": torch.add,
    "subtract": torch.sub,
    "and": lambda below, above: (below.round().bool() & above.round().bool()).float(),
    "or": lambda below, above: (below.round().bool() | above.round().bool()).float(),
    "xor": lambda below, above: (below.round().bool() ^ above.round().bool()).float(),
}
"""How two masks meet; the last three round to yes and no first."""


def composite(destination: Tensor, source: Tensor, x: int, y: int, operation: str) -> Tensor:
    """`destination` with `source` laid at (x, y); what lies outside is cut, the result stays in 0..1."""
    below, above = alike(stacked(destination), stacked(source))
    below = below.clone()
    place = (..., slice(y, y + above.shape[-2]), slice(x, x + above.shape[-1]))
    there = below[place]
    if there.numel():
        rows, columns = there.shape[-2:]
        below[place] = OPERATIONS[operation](there, above[..., :rows, :columns])
    return below.clamp(0, 1)


def feathered(mask: Tensor, left: int, top: int, right: int, bottom: int) -> Tensor:
    """A mask that fades out over so many pixels towards each edge, beginning at 1/n of its value there."""
    mask = stacked(mask)
    rows = _ramp(mask.shape[-2], top) * _ramp(mask.shape[-2], bottom).flip(0)
    columns = _ramp(mask.shape[-1], left) * _ramp(mask.shape[-1], right).flip(0)
    return mask * rows[:, None] * columns


def _ramp(length: int, width: int) -> Tensor:
    """1/width, 2/width, ... up to 1, and ones from there."""
    width = min(width, length)
    return ((torch.arange(length) + 1.0) / max(1, width)).clamp(max=1.0)


def grown(mask: Tensor, pixels: int, tapered: bool = True) -> Tensor:
    """A mask that reaches `pixels` further, or less far where that is negative; beyond the rim is nothing.

    `tapered` grows by the four sides (a point becomes a diamond), otherwise by all eight (a square).
    """
    sign, mask = (-1.0 if pixels < 0 else 1.0), stacked(mask)
    pixels = min(abs(pixels), sum(mask.shape[-2:]))  # by then every place has seen every other
    largest = mask[:, None] * sign
    for _ in range(pixels):
        rows = max_pool2d(largest, (3, 1), 1, (1, 0))
        largest = (
            torch.maximum(rows, max_pool2d(largest, (1, 3), 1, (0, 1)))
            if tapered
            else (max_pool2d(rows, (1, 3), 1, (0, 1)))
        )
    return largest[:, 0] * sign


def outpainted(
    image: Tensor, left: int, top: int, right: int, bottom: int, feathering: int
) -> tuple[Tensor, Tensor]:
    """A picture [B, H, W, C] with a grey margin, and the mask [1, H, W] of what is to be painted.

    The mask reaches `feathering` pixels into the picture from each side that grew, falling off as a square,
    unless the picture is too small for that.
    """
    count, rows, columns, channels = image.shape
    wide = image.new_full((count, rows + top + bottom, columns + left + right, channels), 0.5)
    wide[:, top : top + rows, left : left + columns] = image
    mask = torch.ones(1, *wide.shape[1:3])
    inner = torch.zeros(rows, columns)
    if 0 < feathering * 2 < min(rows, columns):
        down, across = torch.arange(rows)[:, None], torch.arange(columns)[None]
        far = torch.tensor(feathering)
        from_edges = (
            down if top else far,
            rows - down if bottom else far,
            across if left else far,
            columns - across if right else far,
        )
        depth = torch.stack(torch.broadcast_tensors(*from_edges)).amin(0).clamp(max=feathering)
        inner = (((feathering - depth) / feathering) ** 2).expand(rows, columns)
    mask[:, top : top + rows, left : left + columns] = inner
    return wide, mask
