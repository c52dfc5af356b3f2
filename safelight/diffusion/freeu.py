"""FreeU: backbone features of a UNet strengthened, skip connections relieved of their low frequencies.

Si et al. 2023, arXiv:2309.11497. What goes up the UNet is changed just before it meets a skip connection,
where it is four or two times as wide as the first level. Factors of 1 change no bit.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.handle import ModelHandle, Patch

KIND = "freeu"
THRESHOLD = 1
"""Half the edge of the square of low frequencies that is scaled."""


def with_freeu(model: ModelHandle, b1: float, b2: float, s1: float, s2: float, version: int) -> ModelHandle:
    """The model with FreeU: `b` scale the backbone, `s` the skips; 1 where it is widest, 2 on the next level.

    In version 2 the backbone is scaled most where its mean over channels is highest.
    """
    if b1 == b2 == s1 == s2 == 1.0:
        return model
    settings = (("b1", b1), ("b2", b2), ("s1", s1), ("s2", s2), ("version", version))
    return model.patched(Patch(KIND, settings=settings))


def apply(network: Any, patch: Patch) -> None:
    """Put FreeU into a UNet of which this is the only user."""
    unet, chosen = network.module, dict(patch.settings)
    first = unet.config.block_out_channels[0]
    scales = {4 * first: (chosen["b1"], chosen["s1"]), 2 * first: (chosen["b2"], chosen["s2"])}
    width = unet.mid_block.resnets[-1].out_channels
    for block in unet.up_blocks:
        for resnet in block.resnets:
            if width in scales:
                resnet.register_forward_pre_hook(_Meeting(width, *scales[width], chosen["version"]))
            width = resnet.out_channels


class _Meeting:
    """What is done where backbone and skip meet, at the entrance of a block that takes both side by side."""

    def __init__(self, width: int, backbone: float, skip: float, version: int) -> None:
        self.width, self.backbone, self.skip, self.version = width, backbone, skip, version

    def __call__(self, _module: Any, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        both, *rest = inputs
        half = self.width // 2
        strong, plain, skip = both.split([half, self.width - half, both.shape[1] - self.width], dim=1)
        if self.backbone != 1.0:
            mean = both[:, : self.width].mean(1, keepdim=True)
            strong = strong * (self.backbone if self.version == 1 else self._factor(mean))
        if self.skip != 1.0:
            skip = filtered(skip, self.skip)
        return (torch.cat([strong, plain, skip], dim=1), *rest)

    def _factor(self, mean: Tensor) -> Tensor:
        """From 1 where the mean [B, 1, H, W] is lowest to the whole factor where it is highest."""
        low, high = mean.amin((2, 3), keepdim=True), mean.amax((2, 3), keepdim=True)
        spread = (high - low).clamp_min(torch.finfo(mean.dtype).tiny)
        return (self.backbone - 1.0) * ((mean - low) / spread) + 1.0


def filtered(features: Tensor, scale: float) -> Tensor:
    """Features [B, C, H, W] with their lowest spatial frequencies scaled."""
    frequencies = torch.fft.fftshift(torch.fft.fftn(features.float(), dim=(-2, -1)), dim=(-2, -1))
    row, column = features.shape[-2] // 2, features.shape[-1] // 2
    rows = slice(max(0, row - THRESHOLD), row + THRESHOLD)
    columns = slice(max(0, column - THRESHOLD), column + THRESHOLD)
    frequencies[..., rows, columns] *= scale
    return torch.fft.ifftn(torch.fft.ifftshift(frequencies, dim=(-2, -1)), dim=(-2, -1)).real.to(
        features.dtype
    )
