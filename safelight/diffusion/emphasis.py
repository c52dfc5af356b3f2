"""Attention layers with some of their parts made weaker or stronger, for experiments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

from safelight.diffusion.handle import Handle, Patch

H = TypeVar("H", bound=Handle)
KIND = "emphasis"
PARTS = {
    "attn1": {"q": "to_q", "k": "to_k", "v": "to_v", "out": "to_out.0"},
    "attn2": {"q": "to_q", "k": "to_k", "v": "to_v", "out": "to_out.0"},
    "self_attn": {"q": "q_proj", "k": "k_proj", "v": "v_proj", "out": "out_proj"},
}
"""What the parts are called: in a UNet's attention to itself and to the text, and in a text encoder's."""


def with_emphasis(handle: H, place: str, **factors: float) -> H:
    """The model with `q`, `k`, `v` and `out` of attention of a kind (see `PARTS`) so many times as strong."""
    if set(factors.values()) == {1.0}:
        return handle
    return handle.patched(Patch(KIND, settings=(("place", place), *factors.items())))


def tensors(base: Any, patch: Patch, _lend: Callable[[Handle], Any]) -> dict[str, Callable[[Tensor], Tensor]]:
    """What it does to each tensor of a model."""
    settings: dict[str, Any] = dict(patch.settings)
    place = settings.pop("place")
    ends = {
        f".{place}.{PARTS[place][part]}.{kind}": factor
        for part, factor in settings.items()
        for kind in ("weight", "bias")
        if factor != 1.0
    }
    return {
        name: partial(torch.mul, other=factor)
        for name in base.tensors()
        for end, factor in ends.items()
        if name.endswith(end)
    }
