"""Pictures and latents at another size, with the methods and the cropping that ComfyUI's users know."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion.failure import UnsupportedError

METHODS = ("nearest-exact", "bilinear", "area", "bicubic", "lanczos", "bislerp")
MOST_PIXELS = 16384 * 16384
"""How many pixels a result may have: what is larger is a slip, and would end in want of memory."""
CROPS = ("disabled", "center")


def resize(pixels: Tensor, width: int, height: int, method: str, crop: str = "disabled") -> Tensor:
    """Pixels [B, C, H, W] (or [B, C, T, H, W], frame by frame) at `width` x `height`.

    `crop="center"` first cuts the sides that the new aspect leaves out; `disabled` stretches.
    """
    if method not in METHODS:
        raise UnsupportedError(
            f"There is no resizing method {method!r}", f"Choose one of {', '.join(METHODS)}."
        )
    if width * height > MOST_PIXELS:
        raise UnsupportedError(
            f"The result would have {width} x {height} pixels",
            f"Ask for {MOST_PIXELS} at most; a very narrow picture grows long before it is wide.",
        )
    if pixels.ndim == 5:
        batch, channels, frames = pixels.shape[:3]
        flat = resize(pixels.transpose(1, 2).flatten(0, 1), width, height, method, crop)
        return flat.reshape(batch, frames, channels, height, width).transpose(1, 2)
    if crop == "center":
        pixels = cropped(pixels, width, height)
    if method == "lanczos":
        return _lanczos(pixels, width, height)
    if method == "bislerp":
        return _bislerp(pixels, width, height)
    return interpolate(pixels, size=(height, width), mode=method)


def cropped(pixels: Tensor, width: int, height: int) -> Tensor:
    """The largest middle part of [B, C, H, W] that has the aspect of `width` x `height`, never nothing."""
    rows, columns = pixels.shape[-2:]
    now, then = columns / rows, width / height
    x = round((columns - columns * (then / now)) / 2) if now > then else 0
    y = round((rows - rows * (now / then)) / 2) if now < then else 0
    x, y = min(x, (columns - 1) // 2), min(y, (rows - 1) // 2)
    return pixels[..., y : rows - y, x : columns - x]


def _lanczos(pixels: Tensor, width: int, height: int) -> Tensor:
    """Pillow's Lanczos on 8-bit values, as the reference does; each channel alone, which is the same."""
    import numpy
    from PIL import Image

    levels = (pixels * 255).clamp(0, 255).cpu().numpy().astype(numpy.uint8)
    out = numpy.empty((*pixels.shape[:2], height, width), dtype=numpy.float32)
    for index in numpy.ndindex(*pixels.shape[:2]):
        out[index] = Image.fromarray(levels[index]).resize((width, height), Image.Resampling.LANCZOS)
    return torch.from_numpy(out / 255).to(pixels)


def _bislerp(pixels: Tensor, width: int, height: int) -> Tensor:
    """Interpolation along the sphere, in each direction by itself: keeps the length of latent vectors."""
    vectors = pixels.float().movedim(1, -1)  # [B, H, W, C]
    for axis, size in ((2, width), (1, height)):
        first, second, part = _neighbours(vectors.shape[axis], size, pixels.device)
        part = part.reshape([-1 if place == axis else 1 for place in range(4)])
        vectors = slerp(vectors.index_select(axis, first), vectors.index_select(axis, second), part)
    return vectors.movedim(-1, 1).to(pixels.dtype).contiguous()


def _neighbours(old: int, new: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """For each new place the old ones before and after it, and how far between them it lies."""
    places = torch.arange(old, dtype=torch.float32, device=device)
    after = places + 1
    after[-1] -= 1
    at, next_to = (
        interpolate(line.reshape(1, 1, -1, 1), size=(new, 1), mode="bilinear").flatten()
        for line in (places, after)
    )
    return at.long(), next_to.long(), at - at.floor()


def slerp(a: Tensor, b: Tensor, part: Tensor) -> Tensor:
    """Between vectors along the last axis: directions along the great circle, lengths linearly."""
    length_a, length_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    unit_a, unit_b = (torch.where(n == 0, 0.0, v / n) for v, n in ((a, length_a), (b, length_b)))
    cosine = (unit_a * unit_b).sum(-1, keepdim=True)
    angle = torch.acos(cosine)
    turned = (torch.sin((1 - part) * angle) * unit_a + torch.sin(part * angle) * unit_b) / torch.sin(angle)
    between = turned * (length_a * (1 - part) + length_b * part)
    between = torch.where(cosine > 1 - 1e-5, a, between)
    return torch.where(cosine < 1e-5 - 1, a * (1 - part) + b * part, between)
