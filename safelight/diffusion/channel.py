"""Channels of pictures [B, H, W, C]: grey, colours, and how opaque each place is."""

from __future__ import annotations

from torch import Tensor

from safelight.diffusion.failure import UnsupportedError


def coloured(image: Tensor) -> Tensor:
    """The three colours of a picture: grey ones are repeated, an alpha channel is left out."""
    channels = image.shape[-1]
    if channels == 1:
        return image.repeat_interleave(3, dim=-1)
    if channels < 3:
        raise UnsupportedError(
            f"A picture of {channels} channels has no colours", "Give it one of 1, 3 or 4 channels."
        )
    return image[..., :3]
