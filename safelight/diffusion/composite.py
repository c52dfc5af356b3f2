"""Pictures and latents laid over one another: pasting by a mask, blend modes, Porter and Duff's algebra."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion import mask as masks
from safelight.diffusion.batch import alike, repeated
from safelight.diffusion.channel import coloured
from safelight.diffusion.resize import resize


def pasted(
    destination: Tensor, source: Tensor, x: int, y: int, mask: Tensor | None = None, *, stretch: bool = False
) -> Tensor:
    """[B, C, H, W] with another laid at (x, y), cut at the edges; `mask` [B, h, w] says how much of it shows.

    `stretch` first brings the source to the destination's size. The source is repeated to the destination's
    batch.
    """
    if stretch:
        source = interpolate(source, size=destination.shape[-2:], mode="bilinear")
    source = repeated(source, len(destination))
    shown = torch.ones(1, 1, 1, 1) if mask is None else masks.fitted(mask, *source.shape[-2:])[:, None]
    shown = repeated(shown, len(source)).to(source).expand(-1, 1, *source.shape[-2:])
    result = destination.clone()
    place = (..., slice(y, y + source.shape[-2]), slice(x, x + source.shape[-1]))
    rows, columns = result[place].shape[-2:]
    shown = shown[..., :rows, :columns]
    result[place] = source[..., :rows, :columns] * shown + result[place] * (1 - shown)
    return result


def with_channels(image: Tensor, channels: int) -> Tensor:
    """A picture [B, H, W, C] with so many channels: what is too much is left out, missing alpha is opaque."""
    if image.shape[-1] < 3 <= channels:
        image = coloured(image)
    missing = channels - image.shape[-1]
    if missing <= 0:
        return image[..., :channels]
    return torch.cat([image, image.new_ones(*image.shape[:-1], missing)], dim=-1)


def batched(first: Tensor, second: Tensor) -> Tensor:
    """Two batches of pictures as one; the second is brought to the first's size, cut about its middle."""
    height, width = first.shape[1:3]
    if second.shape[1:3] != first.shape[1:3]:
        second = resize(second.movedim(-1, 1), width, height, "bilinear", "center").movedim(1, -1)
    channels = max(first.shape[-1], second.shape[-1])
    return torch.cat([with_channels(one, channels) for one in (first, second)])


def transparent(image: Tensor, mask: Tensor) -> Tensor:
    """Pictures [B, H, W, 4] of the colours of one, transparent where the mask (of any size) is 1."""
    colour, clear = alike(image[..., :3], masks.fitted(mask, *image.shape[1:3]))
    return torch.cat([colour, 1 - clear[..., None]], dim=-1)


def _soft_light(below: Tensor, above: Tensor) -> Tensor:
    """W3C Compositing and Blending Level 1, soft-light."""
    curve = torch.where(below <= 0.25, ((16 * below - 12) * below + 4) * below, below.clamp(min=0).sqrt())
    darker = below - (1 - 2 * above) * below * (1 - below)
    return torch.where(above <= 0.5, darker, below + (2 * above - 1) * (curve - below))


BLENDS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "normal": lambda _below, above: above,
    "multiply": lambda below, above: below * above,
    "screen": lambda below, above: 1 - (1 - below) * (1 - above),
    "overlay": lambda below, above: torch.where(
        below <= 0.5, 2 * below * above, 1 - 2 * (1 - below) * (1 - above)
    ),
    "soft_light": _soft_light,
    "difference": lambda below, above: below - above,
}
"""What two colours make; `difference` is signed, as ComfyUI has it, and dark where the second is lighter."""


def blended(first: Tensor, second: Tensor, factor: float, mode: str) -> Tensor:
    """Pictures [B, H, W, C]: the first with `factor` (0..1) of what both make in a blend mode.

    The second is brought to the first's size, cut about its middle, and to its channels.
    """
    height, width = first.shape[1:3]
    second = with_channels(second, first.shape[-1])
    if second.shape[1:3] != first.shape[1:3]:
        second = resize(second.movedim(-1, 1), width, height, "bicubic", "center").movedim(1, -1)
    first, second = alike(first, second)
    return (first * (1 - factor) + BLENDS[mode](first, second) * factor).clamp(0, 1)


SHARES = {
    "CLEAR": ("none", "none"),
    "DST": ("none", "all"),
    "DST_ATOP": ("outside", "covered"),
    "DST_IN": ("none", "covered"),
    "DST_OUT": ("none", "uncovered"),
    "DST_OVER": ("outside", "all"),
    "SRC": ("all", "none"),
    "SRC_ATOP": ("inside", "uncovered"),
    "SRC_IN": ("inside", "none"),
    "SRC_OUT": ("outside", "none"),
    "SRC_OVER": ("all", "uncovered"),
    "XOR": ("outside", "uncovered"),
}
"""How much of the source and of the destination is kept: Porter and Duff, Compositing Digital Images (1984).

The source may be kept inside or outside the destination, the destination where it is covered or not.
"""

Mix = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""(source, its alpha, destination, its alpha), colours premultiplied, to colour and alpha."""

MIXES: dict[str, Mix] = {
    "ADD": lambda s, a, d, b: ((s + d).clamp(0, 1), (a + b).clamp(0, 1)),
    "DARKEN": lambda s, a, d, b: ((1 - b) * s + (1 - a) * d + torch.minimum(s, d), a + b - a * b),
    "LIGHTEN": lambda s, a, d, b: ((1 - b) * s + (1 - a) * d + torch.maximum(s, d), a + b - a * b),
    "MULTIPLY": lambda s, a, d, b: (s * d, a * b),
    "OVERLAY": lambda s, a, d, b: (
        torch.where(2 * d < b, 2 * s * d, a * b - 2 * (b - s) * (a - d)),
        a + b - a * b,
    ),
    "SCREEN": lambda s, a, d, b: (s + d - s * d, a + b - a * b),
}
"""The modes that Android's graphics add, which mix the colours."""


def porter_duff(
    source: Tensor, source_mask: Tensor, destination: Tensor, destination_mask: Tensor, mode: str
) -> tuple[Tensor, Tensor]:
    """Pictures [B, H, W, C] and masks [B, H, W] (1 where transparent), composed; all at the second's size.

    Where the pictures differ in their channels, only their colours count: the masks say what is transparent.
    """
    height, width = destination.shape[1:3]
    if source.shape[-1] != destination.shape[-1]:
        source, destination = coloured(source), coloured(destination)
    images = [_at(image.movedim(-1, 1), width, height) for image in (source, destination)]
    alphas = [1 - _at(masks.stacked(one)[:, None], width, height) for one in (source_mask, destination_mask)]
    s, d, a, b = alike(*images, *alphas)
    colour, alpha = MIXES[mode](s * a, a, d * b, b) if mode in MIXES else _shared(s * a, a, d * b, b, mode)
    colour = torch.where(alpha > 1e-5, colour / alpha, torch.zeros(())).clamp(0, 1)
    return colour.movedim(1, -1), (1 - alpha)[:, 0]


def _shared(s: Tensor, a: Tensor, d: Tensor, b: Tensor, mode: str) -> tuple[Tensor, Tensor]:
    parts = {"none": 0 * a, "all": 1 + 0 * a, "inside": b, "outside": 1 - b, "covered": a, "uncovered": 1 - a}
    of_source, of_destination = (parts[name] for name in SHARES[mode])
    return s * of_source + d * of_destination, a * of_source + b * of_destination


def _at(pixels: Tensor, width: int, height: int) -> Tensor:
    if pixels.shape[-2:] == (height, width):
        return pixels
    return resize(pixels, width, height, "bicubic", "center")
