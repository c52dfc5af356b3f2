"""Latents of videos: [B, C, T, h, w]."""

from __future__ import annotations

import torch
from torch import Tensor

from safelight.diffusion.arithmetic import fitted
from safelight.diffusion.batch import repeated
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.latent import Latent

MEAN_CHANGE = (0.05, 0.1)
"""How far a mean may be moved down and up, and likewise a standard deviation: as Kandinsky 5 does it."""
SPREAD_CHANGE = (0.1, 0.25)


def trimmed(latent: Latent, amount: int) -> Latent:
    """A video without its first frames."""
    samples, mask = _frames(latent), latent.get("noise_mask")
    count = samples.shape[2]
    if amount >= count:
        raise UnsupportedError(
            f"{amount} frames are to be left out of {count}", f"Leave out {count - 1} at most."
        )
    cut = {**latent, "samples": samples[:, :, amount:].clone()}
    if mask is not None and mask.ndim == 5 and mask.shape[2] == count:
        cut["noise_mask"] = mask[:, :, amount:].clone()
    return cut


def replaced(destination: Latent, source: Latent, index: int) -> Latent:
    """A video with the frames of another in place of its own, from `index` (negative counts from the end)."""
    below, above = _frames(destination), _frames(source)
    count, length = below.shape[2], above.shape[2]
    start = index + count if index < 0 else index
    if start < 0 or start + length > count:
        raise UnsupportedError(
            f"{length} frames from {index} do not fit into the {count} of the destination",
            f"Choose an index from 0 to {count - length}." if length <= count else "Give it fewer frames.",
        )
    whole = below.clone()
    whole[:, :, start : start + length] = repeated(
        fitted(above, whole[:, :, start : start + length]), len(below)
    )
    return {**destination, "samples": whole}


def evened(latent: Latent, start: int, reference: int) -> Latent:
    """The first frames with nearly the mean and spread of the `reference` ones after them.

    Each moves within `MEAN_CHANGE` and `SPREAD_CHANGE` only. A video without frames after them stays.
    """
    samples = _frames(latent)
    first, after = samples[:, :, :start], samples[:, :, start : start + reference]
    if not after.shape[2]:
        return latent
    whole = samples.clone()
    whole[:, :, :start] = _moved(first, after)
    return {**latent, "samples": whole}


def _moved(frames: Tensor, others: Tensor) -> Tensor:
    """Frames, each by itself nearly with the mean and spread of all the others of its video."""
    mean, spread = (measure(frames, (1, 3, 4), keepdim=True) for measure in (torch.mean, torch.std))
    wanted, wide = (measure(others, (1, 2, 3, 4), keepdim=True) for measure in (torch.mean, torch.std))
    wanted = wanted.clamp(mean - MEAN_CHANGE[0], mean + MEAN_CHANGE[1])
    wide = wide.clamp(spread - SPREAD_CHANGE[0], spread + SPREAD_CHANGE[1])
    return (frames - mean) / spread.clamp(min=1e-8) * wide + wanted


def _frames(latent: Latent) -> Tensor:
    """The samples of a video."""
    samples: Tensor = latent["samples"]
    if samples.ndim != 5:
        raise UnsupportedError(
            f"The latent has {samples.ndim} dimensions, so it is of pictures, not of a video",
            "Give it the latent of a video.",
        )
    return samples
