"""Models made of two: every tensor is so much of the one and so much of the other.

A merge is a recipe: a patch of kind `merge` that holds the other model's handle. With a share of 1 and 0 the
result is the one model, or the other, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import Handle, Patch

H = TypeVar("H", bound=Handle)


def mixed(first: H, second: H, keep: float, take: float) -> H:
    """`keep` times the first model plus `take` times the second."""
    if (keep, take) == (1.0, 0.0):
        return first
    return first.patched(Patch("merge", settings=(("keep", keep), ("take", take)), other=second))


def blended(first: H, second: H, **shares: float) -> H:
    """So much of the first model in each group of blocks (`input`, `middle`, `out`), the rest the second's.

    What is in no group, such as the embedding of time, has the share of the group that is named first.
    """
    if set(shares.values()) == {1.0}:
        return first
    return first.patched(Patch("merge", settings=tuple(shares.items()), other=second))


def placed(first: H, second: H, shares: Mapping[str, float]) -> H:
    """So much of the first model at each place of the original layout (`input_blocks.0.`, say).

    A tensor has the share of the longest name that its own begins with, else the one that is named first.
    """
    if set(shares.values()) == {1.0}:
        return first
    return first.patched(Patch("merge places", settings=tuple(shares.items()), other=second))


def tensors(base: Any, patch: Patch, lend: Callable[[Handle], Any]) -> dict[str, Callable[[Tensor], Tensor]]:
    """What a merge does to each tensor of a model."""
    assert patch.other is not None
    theirs, ours = lend(patch.other).tensors(), base.tensors()
    _refuse_unlike(ours, theirs)
    made = {}
    for name in ours:
        keep, take = _shares(dict(patch.settings), base.group(name))
        if (keep, take) != (1.0, 0.0):
            made[name] = partial(_mixed, other=theirs[name], keep=keep, take=take)
    return made


def toward(base: Any, patch: Patch, lend: Callable[[Handle], Any]) -> dict[str, Callable[[Tensor], Tensor]]:
    """What it does to each tensor to be taken so much of the way from the pristine model to another.

    The difference of the two is added, whatever was done to the tensor before.
    """
    assert patch.other is not None
    theirs, ours = lend(patch.other).tensors(), base.tensors()
    _refuse_unlike(ours, theirs)
    return {
        name: partial(_moved, pristine=ours[name], other=theirs[name], part=patch["strength"])
        for name in ours
    }


def placed_tensors(
    base: Any, patch: Patch, lend: Callable[[Handle], Any]
) -> dict[str, Callable[[Tensor], Tensor]]:
    """What a merge by places does to each tensor of a UNet."""
    assert patch.other is not None
    if not hasattr(base, "places"):
        raise UnsupportedError(
            "This model has other blocks than those of Stable Diffusion 1, 2 and XL", "Use Merge Models."
        )
    theirs, ours = lend(patch.other).tensors(), base.tensors()
    _refuse_unlike(ours, theirs)
    place, made = base.places(), {}
    for name in ours:
        share = _share_at(dict(patch.settings), place(name))
        if share != 1.0:
            made[name] = partial(_mixed, other=theirs[name], keep=share, take=1.0 - share)
    return made


def _share_at(shares: dict[str, Any], place: str) -> float:
    names = [name for name in shares if place.startswith(name)]
    share: float = shares[max(names, key=len)] if names else next(iter(shares.values()))
    return share


def _shares(settings: dict[str, Any], group: str) -> tuple[float, float]:
    if "keep" in settings:
        return settings["keep"], settings["take"]
    share = settings.get(group, next(iter(settings.values())))
    return share, 1.0 - share


def _mixed(weight: Tensor, other: Tensor, keep: float, take: float) -> Tensor:
    other = other.to(weight)
    if keep == 0.0:
        return other * take
    return torch.add(weight * keep, other, alpha=take)


def _moved(weight: Tensor, pristine: Tensor, other: Tensor, part: float) -> Tensor:
    return torch.add(weight, other.to(weight) - pristine.to(weight), alpha=part)


def _refuse_unlike(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> None:
    odd = [name for name in ours if name not in theirs or theirs[name].shape != ours[name].shape]
    odd += [name for name in theirs if name not in ours]
    if odd:
        raise UnsupportedError(
            f"Two models of different kinds cannot be merged: {odd[0]} is not in both alike",
            "Choose two models of one family.",
        )
