"""Conditionings: what the model is told, where in the picture, when in the run, and how loudly.

A conditioning is ComfyUI's: a list of entries `[tensor (B, L, D), dict]`. The dict may hold `pooled_output`,
`area` (height, width, top, left, in latent cells of 8 pixels, or `("percentage", ...)` with the same four as
parts of the picture), `mask`, `mask_strength`, `set_area_to_bounds`, `strength`, `start_percent` and
`end_percent`, besides whatever a model family adds. The functions here make new lists and dicts and never
change what they are given.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.latent import FACTOR

Conditioning = list[Any]
"""A list of `[tensor, dict]`."""


def combine(first: Conditioning, second: Conditioning) -> Conditioning:
    """Let both speak: where they meet, what they predict is averaged by strength."""
    return [*first, *second]


def concat(to: Conditioning, source: Conditioning) -> Conditioning:
    """Append the tokens of `source`'s first entry to each entry of `to`, as if it were one longer prompt."""
    other, _ = _first(source)
    return [[torch.cat((tensor, other), dim=1), dict(options)] for tensor, options in to]


def average(to: Conditioning, source: Conditioning, strength: float) -> Conditioning:
    """Mix each entry of `to` (by `strength`, 0..1) with `source`'s first (the rest), token by token.

    Where `source` is shorter it counts as zeros; where it is longer the excess is left out. An entry without
    a pooled vector takes `source`'s.
    """
    other, other_options = _first(source)
    other_pooled = other_options.get("pooled_output")
    mixed = []
    for tensor, options in to:
        options = dict(options)
        if other_pooled is not None:
            pooled = options.get("pooled_output")
            options["pooled_output"] = (
                other_pooled if pooled is None else _mix(pooled, other_pooled, strength)
            )
        mixed.append([_mix(tensor, _of_length(other, tensor.shape[1]), strength), options])
    return mixed


def zero_out(conditioning: Conditioning) -> Conditioning:
    """Tell the model nothing: all numbers zero, the shape kept."""
    return [
        [
            torch.zeros_like(tensor),
            {
                key: torch.zeros_like(value) if key == "pooled_output" and value is not None else value
                for key, value in options.items()
            },
        ]
        for tensor, options in conditioning
    ]


def multiplied(conditioning: Conditioning, factor: float) -> Conditioning:
    """The tensors and the pooled ones so many times."""
    scaled = []
    for tensor, options in conditioning:
        pooled = options.get("pooled_output")
        more = {} if pooled is None else {"pooled_output": pooled * factor}
        scaled.append([tensor * factor, {**options, **more}])
    return scaled


def set_area(
    conditioning: Conditioning, *, width: int, height: int, x: int, y: int, strength: float
) -> Conditioning:
    """Let it speak in a rectangle only, given in pixels."""
    area = (height // FACTOR, width // FACTOR, y // FACTOR, x // FACTOR)
    return _with(conditioning, area=area, strength=strength, set_area_to_bounds=False)


def set_area_percent(
    conditioning: Conditioning, *, width: float, height: float, x: float, y: float, strength: float
) -> Conditioning:
    """Let it speak in a rectangle only, given as parts (0..1) of the picture."""
    area = ("percentage", height, width, y, x)
    return _with(conditioning, area=area, strength=strength, set_area_to_bounds=False)


def set_strength(conditioning: Conditioning, strength: float) -> Conditioning:
    """Set the weight with which it counts where several meet."""
    return _with(conditioning, strength=strength)


def set_mask(
    conditioning: Conditioning,
    mask: Tensor,
    strength: float,
    bounds: Literal["default", "mask bounds"] = "default",
) -> Conditioning:
    """Let it count by a mask ([B,] H, W) of 0..1, over the whole picture or within the mask's bounds."""
    if mask.ndim < 3:
        mask = mask.unsqueeze(0)
    return _with(conditioning, mask=mask, mask_strength=strength, set_area_to_bounds=bounds != "default")


def set_timestep_range(conditioning: Conditioning, start: float, end: float) -> Conditioning:
    """Let it speak in a part of the run only: from `start` to `end`, of 0 (pure noise) to 1 (the end)."""
    return _with(conditioning, start_percent=start, end_percent=end)


def _first(conditioning: Conditioning) -> tuple[Tensor, dict[str, Any]]:
    if not conditioning:
        raise UnsupportedError("The conditioning to mix in has no entries", "Connect an encoded prompt")
    tensor, options = conditioning[0]
    return tensor, options


def _with(conditioning: Conditioning, **options: Any) -> Conditioning:
    return [[tensor, {**before, **options}] for tensor, before in conditioning]


def _mix(tensor: Tensor, other: Tensor, strength: float) -> Tensor:
    return tensor * strength + other * (1.0 - strength)


def _of_length(tensor: Tensor, length: int) -> Tensor:
    """Cut, or filled up with zeros, to so many tokens."""
    kept = tensor[:, :length]
    missing = length - kept.shape[1]
    return torch.nn.functional.pad(kept, (0, 0, 0, missing)) if missing else kept
