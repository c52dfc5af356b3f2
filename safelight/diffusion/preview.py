"""Small pictures of latents while they are sampled, as cheap as a product with a small matrix.

A latent's channels nearly add up to colours, so that one linear map for each kind of latent shows what a
picture is becoming; it costs microseconds where the VAE takes a second. The maps of SD 1 and SDXL are the
published ones that ComfyUI uses; a model's folder may bring its own; any other kind shows its three strongest
directions: the right shapes in the wrong colours. Where the file of a tiny decoder is there, that is used
instead, and shows a whole picture.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from safelight.diffusion import taesd
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.latent import FACTOR, Colours, LatentFormat
from safelight.diffusion.watch import Watch

logger = logging.getLogger("safelight.diffusion")
METHODS = ("auto", "latent2rgb", "taesd", "none")
EDGE = 512
"""The longer edge of a preview in pixels, at most."""
SLOW_EDGE = 256
"""The same for what a tiny decoder makes on a processor, so that the sampling itself gets most of it."""


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


class Viewer:
    """Shows previews in the way that a job asks for: `auto`, `latent2rgb`, `taesd` or `none`.

    `find` gives the file of this name in a kind of models' folder, or None: `Folders.first`. With `auto` a
    tiny decoder is used where its file is there. One that cannot be used is told of once, and done without.
    """

    def __init__(self, method: str, find: Callable[[str, str], Path | None]) -> None:
        self.method = method if method in METHODS else "auto"
        self._find = find
        self._decoders: dict[str, taesd.Decoder | None] = {}

    def show(self, preview: Preview, edge: int = EDGE) -> Tensor | None:
        """The preview as uint8 levels [h, w, 3], no edge above `edge`; None if none is wanted."""
        if self.method == "none":
            return None
        name = taesd.name(preview.format) if self.method in ("auto", "taesd") else None
        decoder = None if name is None else self._decoder(name)
        return preview.picture(edge) if decoder is None else decoded(decoder, preview.samples, edge)

    def _decoder(self, name: str) -> taesd.Decoder | None:
        if name not in self._decoders:
            self._decoders[name] = self._loaded(name)
        return self._decoders[name]

    def _loaded(self, name: str) -> taesd.Decoder | None:
        path = self._find("vae_approx", f"{name}.safetensors")
        if path is None:
            if self.method == "taesd":
                logger.warning(
                    "there is no models/vae_approx/%s.safetensors: previews show colours alone", name
                )
            return None
        try:
            return taesd.load(path)
        except ModelFileError as error:
            logger.warning("previews show colours alone: %s", error)
            return None


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
    cells = _first(samples, edge)[0].movedim(0, -1).float().cpu()
    known = format.colours or KNOWN.get((format.channels, round(format.scale, 5)))
    colours = (
        strongest(cells) if known is None else cells @ torch.tensor(known.rows) + torch.tensor(known.bias)
    )
    return _levels(colours)


def decoded(decoder: taesd.Decoder, samples: Tensor, edge: int = EDGE) -> Tensor:
    """The same, as a tiny decoder shows it: eight pixels a cell, but no edge above `edge`."""
    if samples.device.type == "cpu":
        edge = min(edge, SLOW_EDGE)
    return _levels(decoder(_first(samples, -(-edge // FACTOR)))[0].movedim(0, -1))


def _first(samples: Tensor, edge: int) -> Tensor:
    """The first picture [1, C, h, w], no edge of it above so many cells."""
    first = samples.detach()[:1]
    if first.ndim == 5:
        first = first[:, :, 0]
    if max(first.shape[-2:]) > edge:
        first = interpolate(first, scale_factor=edge / max(first.shape[-2:]), mode="area")
    return first


def _levels(colours: Tensor) -> Tensor:
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
