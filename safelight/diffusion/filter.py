"""Filters of pictures [B, H, W, C] in 0..1: blur, sharpening, edges, morphology, fewer colours, noise."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d, pad

from safelight.diffusion.channel import coloured
from safelight.diffusion.picture import from_pillow, to_pillow

SHARPENING = 10.0
"""How many times the difference to the blurred picture is added at a strength of 1, as in ComfyUI."""


def blurred(pixels: Tensor, radius: int, sigma: float) -> Tensor:
    """[B, C, H, W] blurred by a Gaussian of 2 * radius + 1 pixels; sigma is in radiuses, not in pixels."""
    line = gaussian(radius, sigma * radius)
    for axis in (-2, -1):
        pixels = convolved(pixels, line, axis)
    return pixels


def gaussian(radius: int, sigma: float) -> Tensor:
    """A Gaussian over 2 * radius + 1 pixels whose sum is 1; sigma in pixels."""
    places = torch.arange(-radius, radius + 1, dtype=torch.float32)
    line = torch.exp(-(places**2) / (2 * sigma**2))
    return line / line.sum()


def convolved(pixels: Tensor, line: Tensor, axis: int, mode: str = "reflect") -> Tensor:
    """Along one axis, the picture mirrored (or its rim repeated) beyond its edges."""
    radius, channels = len(line) // 2, pixels.shape[1]
    rim = (radius, radius, 0, 0) if axis == -1 else (0, 0, radius, radius)
    if pixels.shape[axis] <= radius:  # too small to be mirrored
        mode = "replicate"
    shape = (1, 1, 1, -1) if axis == -1 else (1, 1, -1, 1)
    weight = line.to(pixels).reshape(shape).repeat(channels, 1, 1, 1)
    return conv2d(pad(pixels, rim, mode=mode), weight, groups=channels)


def blur(image: Tensor, radius: int, sigma: float) -> Tensor:
    """A picture blurred over `radius` pixels; a larger sigma (in radiuses) weighs them more evenly."""
    return blurred(image.movedim(-1, 1), radius, sigma).movedim(1, -1)


def sharpened(pixels: Tensor, radius: int, sigma: float, strength: float) -> Tensor:
    """[B, C, H, W] with its difference to a blurred copy added (unsharp masking)."""
    amount = strength * SHARPENING
    return pixels * (1 + amount) - blurred(pixels, radius, sigma) * amount


def sharpen(image: Tensor, radius: int, sigma: float, strength: float) -> Tensor:
    """A picture with harder edges."""
    return sharpened(image.movedim(-1, 1), radius, sigma, strength).movedim(1, -1).clamp(0, 1)


def add_noise(image: Tensor, seed: int, strength: float) -> Tensor:
    """A picture with Gaussian noise of standard deviation `strength`, the same for the same seed."""
    noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(seed))
    return (image + strength * noise).clamp(0, 1)


def grey(image: Tensor) -> Tensor:
    """The lightness [B, 1, H, W] of a picture, by the weights of ITU-R BT.601."""
    return (coloured(image) * torch.tensor([0.299, 0.587, 0.114])).sum(-1)[:, None]


def canny(image: Tensor, low: float, high: float) -> Tensor:
    """Edges as white lines on black: those steeper than `high`, and all steeper than `low` joined to them.

    Canny, A Computational Approach to Edge Detection (1986): blur (5 pixels, sigma 1), Sobel, thinning,
    hysteresis.
    """
    line = gaussian(2, 1.0)
    smooth = convolved(convolved(grey(image), line, -2), line, -1)
    across, down = _sobel(smooth)
    steepness = (across**2 + down**2 + 1e-6).sqrt()
    ridge = torch.where(_is_ridge(steepness, torch.atan2(down, across)), steepness, torch.zeros(()))
    edges = torch.stack([_joined(one[0], low, high) for one in ridge])
    return edges[..., None].repeat(1, 1, 1, 3)


def _sobel(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """The slopes to the right and downwards."""
    slope, even = torch.tensor([-1.0, 0.0, 1.0]), torch.tensor([1.0, 2.0, 1.0])
    return (
        convolved(convolved(pixels, slope, -1, "replicate"), even, -2, "replicate"),
        convolved(convolved(pixels, slope, -2, "replicate"), even, -1, "replicate"),
    )


NEIGHBOURS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""(down, right) at 0, 45, ... degrees."""


def _is_ridge(steepness: Tensor, angle: Tensor) -> Tensor:
    """Where it is steeper than on both sides, looked at along the slope."""
    rows, columns = steepness.shape[-2:]
    wide = pad(steepness, (1, 1, 1, 1))
    around = torch.cat([wide[..., 1 + y : 1 + y + rows, 1 + x : 1 + x + columns] for y, x in NEIGHBOURS], 1)
    ahead = (angle / (math.pi / 4)).round().long() % 8
    sides = [around.gather(1, (ahead + turn) % 8) for turn in (0, 4)]
    return (steepness > sides[0]) & (steepness > sides[1])


def _joined(steepness: Tensor, low: float, high: float) -> Tensor:
    """1 on every line steeper than `low` that is somewhere steeper than `high`."""
    import numpy
    from scipy import ndimage

    levels = steepness.cpu().numpy()
    lines, count = ndimage.label(levels > low, structure=numpy.ones((3, 3)))
    strong = numpy.zeros(count + 1, dtype=bool)
    strong[numpy.unique(lines[levels > high])] = True
    strong[0] = False
    return torch.from_numpy(strong[lines].astype(numpy.float32))


def _largest(pixels: Tensor, size: int) -> Tensor:
    """The largest value in a square of `size` pixels around each place, beyond the rim nothing."""
    before, after = size // 2, size - size // 2 - 1
    pixels = max_pool2d(pad(pixels, (0, 0, before, after), value=-torch.inf), (size, 1), 1)
    return max_pool2d(pad(pixels, (before, after, 0, 0), value=-torch.inf), (1, size), 1)


def _dilated(pixels: Tensor, size: int) -> Tensor:
    return _largest(pixels, size)


def _eroded(pixels: Tensor, size: int) -> Tensor:
    return -_largest(-pixels, size)


def _opened(pixels: Tensor, size: int) -> Tensor:
    return _dilated(_eroded(pixels, size), size)


def _closed(pixels: Tensor, size: int) -> Tensor:
    return _eroded(_dilated(pixels, size), size)


MORPHOLOGY: dict[str, Callable[[Tensor, int], Tensor]] = {
    "erode": _eroded,
    "dilate": _dilated,
    "open": _opened,
    "close": _closed,
    "gradient": lambda pixels, size: _dilated(pixels, size) - _eroded(pixels, size),
    "bottom_hat": lambda pixels, size: _closed(pixels, size) - pixels,
    "top_hat": lambda pixels, size: pixels - _opened(pixels, size),
}
"""What can be done with the largest and the smallest value around each pixel."""


def morph(image: Tensor, operation: str, size: int) -> Tensor:
    """One of `MORPHOLOGY` on each channel of a picture, over squares of `size` pixels."""
    return MORPHOLOGY[operation](image.movedim(-1, 1), size).movedim(1, -1)


def quantize(image: Tensor, colours: int, dither: str) -> Tensor:
    """A picture in at most `colours` (1..256) of its own, by median cut.

    `dither` hides the steps: `none`, `floyd-steinberg`, or `bayer-2` ... `bayer-16` with a pattern so wide.
    """
    return torch.stack([from_pillow(_quantized(one, colours, dither)) for one in coloured(image)])


def _quantized(image: Tensor, colours: int, dither: str) -> Image.Image:
    picture = to_pillow(image)
    palette = picture.quantize(colours)
    if dither.startswith("bayer"):
        count = len(palette.getpalette()) // 3
        pattern = _bayer(int(dither.split("-")[1])) * (2 * 256 / count) + 0.5
        rows, columns = image.shape[:2]
        times = (-(-rows // len(pattern)), -(-columns // len(pattern)))
        lifted = (image * 255).clamp(0, 255).byte() + pattern.repeat(times)[:rows, :columns, None]
        picture = Image.fromarray(lifted.clamp(0, 255).byte().numpy())
    way = Image.Dither.FLOYDSTEINBERG if dither == "floyd-steinberg" else Image.Dither.NONE
    return picture.quantize(colours, palette=palette, dither=way).convert("RGB")


def _bayer(edge: int) -> Tensor:
    """Bayer's threshold matrix, about 0 and in -1/2..1/2 (Bayer 1973); `edge` is a power of two."""
    if edge == 1:
        return torch.zeros(1, 1)
    inner = _bayer(edge // 2)
    share = 1.0 / (edge * edge)
    rows = [[inner - 1.5 * share, inner + 0.5 * share], [inner + 1.5 * share, inner - 0.5 * share]]
    return torch.cat([torch.cat(row, 1) for row in rows])
