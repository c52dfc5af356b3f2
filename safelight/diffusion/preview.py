"""Small pictures of latents while they are sampled, as cheap as a product with a small matrix.

A latent's channels nearly add up to colours, so that one linear map for each kind of latent shows what a
picture is becoming; it costs microseconds where the VAE takes a second. The maps of SD 1 and SDXL are the
published ones that ComfyUI uses; any other kind shows its three strongest directions: the right shapes
in the wrong colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.watch import Watch

EDGE = 512
"""The longer edge of a preview in pixels, at most."""


@dataclass(frozen=True)
class Colours:
    """A row of red, green and blue for each channel, and what is added; results lie about -1..1."""

    rows: tuple[tuple[float, float, float], ...]
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)


SD1 = Colours(
    (
        (0.3512, 0.2297, 0.3227),
        (0.3250, 0.4974, 0.2350),
        (-0.2829, 0.1762, 0.2721),
        (-0.2120, -0.2616, -0.7177),
    )
)
SDXL = Colours(
    (
        (0.3651, 0.4232, 0.4341),
        (-0.2533, -0.0042, 0.1068),
        (0.1076, 0.1111, -0.0362),
        (-0.3165, -0.2492, -0.2188),
    ),
    (0.1084, -0.0175, -0.0011),
)
KNOWN = {(4, 0.18215): SD1, (4, 0.13025): SDXL}
"""By channels and scale of the latent format."""


@dataclass(frozen=True, eq=False)
class Preview:
    """A clean latent as a step predicted it, scaled as the network sees it, and what kind of latent it is.

    It is made into a picture only when someone looks.
    """

    samples: Tensor
    format: LatentFormat

    def picture(self, edge: int = EDGE) -> Tensor:
        """The first latent as uint8 levels [h, w, 3] on the CPU: a pixel a cell, and no edge above `edge`."""
        return picture(self.samples, self.format, edge)


@dataclass(frozen=True, eq=False)
class Previewing:
    """A watch that hears of latents as previews, for a network with latents of one format."""

    watch: Watch
    format: LatentFormat

    def check(self) -> None:
        """Raise if the computation is to stop."""
        self.watch.check()

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        """Pass the progress on, the latent with its format."""
        shown = None if preview is None else Preview(preview, self.format)
        self.watch.progress(done, total, preview=shown)


def picture(samples: Tensor, format: LatentFormat, edge: int = EDGE) -> Tensor:
    """The first of some latents [B, C, h, w] (of a video [B, C, T, h, w] its first frame), so shown."""
    first = samples.detach()[:1]
    if first.ndim == 5:
        first = first[:, :, 0]
    if max(first.shape[-2:]) > edge:
        first = interpolate(first, scale_factor=edge / max(first.shape[-2:]), mode="area")
    cells = first[0].movedim(0, -1).float().cpu()
    known = KNOWN.get((format.channels, round(format.scale, 5)))
    colours = (
        strongest(cells) if known is None else cells @ torch.tensor(known.rows) + torch.tensor(known.bias)
    )
    levels: Tensor = ((colours + 1) * 127.5).nan_to_num(0.0).clamp(0, 255)
    return levels.byte()


def strongest(cells: Tensor) -> Tensor:
    """Cells [h, w, C] along their three strongest directions, about -1..1; fewer than three give grey."""
    flat = cells.flatten(0, 1).nan_to_num(0.0)
    flat = flat - flat.mean(0)
    if flat.shape[-1] < 3:
        shown = flat[:, :1].repeat(1, 3)
    else:
        ways = torch.linalg.eigh(flat.T @ flat).eigenvectors[:, -3:].flip(-1)
        ways = ways * ways.gather(0, ways.abs().argmax(0, keepdim=True)).sign()  # the same way at every step
        shown = flat @ ways
    spread = shown.std().clamp(min=1e-6) if len(shown) > 1 else torch.ones(())
    return (shown / (2 * spread)).reshape(*cells.shape[:2], 3)
