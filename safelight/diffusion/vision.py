"""Encoders of pictures at work (CLIP vision): pictures to vectors that say what they show.

The arithmetic and the names of the weights are those of transformers' `CLIPVisionModelWithProjection`; the
layers are those of the text encoder. Radford et al. 2021, arXiv:2103.00020.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from safelight.diffusion import device as devices
from safelight.diffusion import residency, sight, weights
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import Handle, VisionHandle
from safelight.diffusion.network import DTYPES
from safelight.diffusion.plan import Plan
from safelight.diffusion.seen import Seen
from safelight.diffusion.transformer import Stack, Table
from safelight.diffusion.watch import QUIET, Watch

Check = Callable[[], None]

SIZE = 224
MEAN = (0.48145466, 0.4578275, 0.40821073)
SPREAD = (0.26862954, 0.26130258, 0.27577711)
"""The colours of the pictures that CLIP was trained on: their mean, and how far they spread."""

LONG = 16
"""From how many times its shorter edge on a picture is cut before it is scaled."""

PENULTIMATE = -2


class Looked(NamedTuple):
    """What comes out: the last layer, the one that was asked for, and a vector for the whole picture."""

    last: Tensor
    layer: Tensor
    embeds: Tensor


class Patches(nn.Module):
    """A picture to a vector for each of its square parts, behind one for the whole."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        width, patch = config["hidden_size"], config["patch_size"]
        self.class_embedding = nn.Parameter(torch.zeros(width))
        self.patch_embedding = nn.Conv2d(3, width, patch, patch, bias=False)
        self.position_embedding = Table((config["image_size"] // patch) ** 2 + 1, width)

    def forward(self, pixels: Tensor) -> Tensor:
        """[B, 3, H, W] to [B, L, D]."""
        parts = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        whole = self.class_embedding.expand(len(parts), 1, -1)
        return torch.cat([whole, parts], dim=1) + self.position_embedding.weight


class VisionTransformer(nn.Module):
    """A CLIP vision model with its projection."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.embeddings = Patches(config)
        self.pre_layrnorm = nn.LayerNorm(width)
        self.encoder = Stack(config)
        self.post_layernorm = nn.LayerNorm(width)
        self.visual_projection = nn.Linear(width, config["projection_dim"], bias=False)

    def forward(self, pixels: Tensor, layer: int, check: Check) -> Looked:
        """Look at prepared pictures; `layer` counts from the end, -1 being the last."""
        x = self.pre_layrnorm(self.embeddings(pixels))
        asked, wanted = x, len(self.encoder.layers) + layer
        for number, step in enumerate(self.encoder.layers):
            check()
            x = step(x)
            if number == wanted:
                asked = x
        return Looked(x, asked, self.visual_projection(self.post_layernorm(x[:, 0])))


class Eye:
    """A picture encoder with its weights, where they are."""

    def __init__(self, module: VisionTransformer, plan: Plan) -> None:
        self.module = module
        self.plan = plan
        self.size: int = module.config["image_size"]

    def __call__(self, pixels: Tensor, layer: int = PENULTIMATE, check: Check = lambda: None) -> Looked:
        """What it sees in prepared pictures [B, 3, size, size], in fp32."""
        if pixels.shape[1:] != (3, self.size, self.size):
            raise UnsupportedError(
                f"This CLIP vision model takes pictures of {self.size} x {self.size} pixels in three "
                f"channels, not {list(pixels.shape[1:])}",
                "Prepare them for this model.",
            )
        pixels = pixels.to(self.plan.device, DTYPES[self.plan.dtype])
        with torch.no_grad(), devices.memory_errors("looking at a picture", self.plan.device):
            return Looked(*(one.float() for one in self.module(pixels, layer, check)))


def encode(
    vision: VisionHandle, image: Tensor, *, crop: bool = True, plan: Plan, watch: Watch = QUIET
) -> Seen:
    """What an encoder sees in pictures [B, H, W, C] in 0..1, one after the other.

    Their shorter side is scaled to the encoder's, and with `crop` the middle is taken; otherwise they are
    squeezed into a square.
    """
    with residency.lend(vision, plan, watch) as eye:
        prepared = [preprocessed(one, eye.size, crop=crop) for one in image.split(1)]
        looks = [eye(one, check=watch.check) for one in prepared]
    last, layer, embeds = (torch.cat(one).cpu() for one in zip(*looks, strict=True))
    return Seen(last, layer, embeds)


def preprocessed(
    image: Tensor,
    size: int = SIZE,
    mean: tuple[float, ...] = MEAN,
    spread: tuple[float, ...] = SPREAD,
    crop: bool = True,
) -> Tensor:
    """Pictures [B, H, W, C] in 0..1 as an encoder takes them: [B, 3, size, size], normed."""
    if image.shape[-1] < 3:
        image = image[..., :1].expand(*image.shape[:-1], 3)
    pixels = image[..., :3].movedim(-1, 1).float()
    rows, columns = pixels.shape[-2:]
    if (rows, columns) != (size, size):
        scale = size / min(rows, columns)
        goal = (round(rows * scale), round(columns * scale)) if crop else (size, size)
        pixels = _middle(pixels, size, goal)
    pixels = (pixels * 255.0).clamp(0, 255).round() / 255.0
    middle, width = (torch.tensor(line).to(pixels).reshape(3, 1, 1) for line in (mean, spread))
    return (pixels - middle) / width


def _middle(pixels: Tensor, size: int, goal: tuple[int, int]) -> Tensor:
    """The middle size x size of pictures [B, C, H, W] that are scaled to `goal`.

    Of a picture that is very long, only that is made.
    """
    if max(goal) > LONG * size:
        (rows, high), (columns, wide) = (
            _bicubic(*edges, size) for edges in zip(pixels.shape[-2:], goal, strict=True)
        )
        return high.to(pixels) @ (pixels[..., rows, columns] @ wide.T.to(pixels))
    pixels = nn.functional.interpolate(pixels, goal, mode="bicubic", antialias=True)
    top, left = (goal[0] - size) // 2, (goal[1] - size) // 2
    return pixels[..., top : top + size, left : left + size]


def _bicubic(old: int, new: int, size: int) -> tuple[slice, Tensor]:
    """The old places along an edge that count for the middle ones of the new; how much, [size, places].

    Keys' cubic (1981, with -1/2), widened where places become fewer, as `interpolate` has it.
    """
    ratio, reach = old / new, 2.0 * max(1.0, old / new)
    middles = (torch.arange(size, dtype=torch.float64) + (new - size) // 2 + 0.5) * ratio
    used = slice(max(0, int(middles[0] - reach)), min(old, int(middles[-1] + reach) + 1))
    places = torch.arange(used.start, used.stop, dtype=torch.float64) + 0.5
    away = (places - middles[:, None]).abs() * (2.0 / reach)
    near, far = (1.5 * away - 2.5) * away**2 + 1.0, ((-0.5 * away + 2.5) * away - 4.0) * away + 2.0
    counts = torch.where(away < 1.0, near, torch.where(away < 2.0, far, 0.0))
    return used, counts / counts.sum(dim=1, keepdim=True)


def build(handle: Handle, plan: Plan, check: Check) -> Eye:
    """The encoder of a handle, with its weights."""
    component = sight.component(handle.source)
    check()
    with devices.memory_errors("loading the picture encoder", plan.device):
        with torch.device("meta"):
            module = VisionTransformer(component.config)
        weights.fill(module, component, DTYPES[plan.dtype], plan.device, check)
    return Eye(module, plan)


def size(handle: Handle, plan: Plan) -> int:
    """The bytes that its weights will take, from headers alone."""
    return sight.component(handle.source).size(2 if plan.dtype == "bf16" else 4)
