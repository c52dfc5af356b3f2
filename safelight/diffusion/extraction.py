"""A difference between models as a LoRA: of each matrix the part of a low rank that is nearest to it.

That part is given by the matrix's first singular vectors (Eckart and Young 1936); they are found as the
eigenvectors of its smaller square, in double precision. Names are kohya's, which all programs read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import codec, residency
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ClipHandle, Handle, ModelHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.watch import QUIET, Watch

Tensors = dict[str, Tensor]


def lora(
    path: Path,
    model: ModelHandle | None,
    clip: ClipHandle | None,
    rank: int,
    *,
    whole: bool = False,
    biases: bool = True,
    plan: Plan,
    watch: Watch = QUIET,
    **told: Any,
) -> None:
    """Write what the weights of a model and of a text encoder are, taken for differences, as one LoRA file.

    With `whole` differences are kept as they are, else in at most this rank; `biases` keeps those of vectors,
    too. Numbers are rounded to fp16. What is zero is left out; `UnsupportedError` if that is all.
    """
    exact, tensors = replace(plan, dtype="fp32", layout="contiguous"), Tensors()
    for handle in (model, clip):
        if handle is not None:
            tensors |= _extracted(handle, rank, whole, biases, exact, watch)
    if not tensors:
        raise UnsupportedError(
            "There is no difference to save", "Connect what Subtract Models makes of two that differ."
        )
    texts = {name: json.dumps(value) for name, value in told.items() if value is not None}
    codec.save_whole(tensors, texts, path)


def _extracted(handle: Handle, rank: int, whole: bool, biases: bool, plan: Plan, watch: Watch) -> Tensors:
    """The tensors of the file for one model."""
    found = Tensors()
    with residency.lend(handle, plan, watch) as thing, torch.no_grad():
        names, tensors = _names(thing.aliases()), thing.tensors()
        for done, (name, tensor) in enumerate(tensors.items()):
            watch.check()
            watch.progress(done, len(tensors))
            layer, _, role = name.rpartition(".")
            if layer in names and (biases or (role == "weight" and tensor.ndim > 1)) and tensor.any():
                parts = {"diff_b": tensor} if role == "bias" else _parts(tensor, rank, whole)
                found |= {f"{names[layer]}.{end}": codec.packed(part.half()) for end, part in parts.items()}
    return found


def _names(aliases: Mapping[str, str]) -> dict[str, str]:
    """Layers to kohya's names for them; text encoders that are alone have no number there."""
    known = {name: layer for name, layer in aliases.items() if name.startswith(("lora_unet_", "lora_te"))}
    several = (
        len({layer.partition(".")[0] for name, layer in known.items() if name.startswith("lora_te")}) > 1
    )
    chosen: dict[str, str] = {}
    for name, layer in known.items():
        if name.startswith("lora_unet_") or name.startswith("lora_te_") is not several:
            chosen.setdefault(layer, name)
    return chosen


def _parts(difference: Tensor, rank: int, whole: bool) -> Tensors:
    """The tensors for one layer's weight, by the ends of their names."""
    if whole or difference.ndim < 2:
        return {"diff": difference}
    up, down = nearest(difference.flatten(1), rank)
    if difference.ndim == 4:
        up, down = up[..., None, None], down.reshape(len(down), *difference.shape[1:])
    return {"lora_up.weight": up, "lora_down.weight": down}


def nearest(matrix: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Two factors [m, r] and [r, n] of the matrix of at most this rank that is nearest to [m, n]."""
    exact, turned = matrix.double(), matrix.shape[0] > matrix.shape[1]
    if turned:
        exact = exact.T
    squares, vectors = torch.linalg.eigh(exact @ exact.T)
    first = vectors[:, -rank:].flip(1)
    share = float(squares[-1].clamp(min=0.0)) ** 0.25 or 1.0  # both factors are then of about the same size
    up, down = first * share, first.T @ exact / share
    return (down.T, up.T) if turned else (up, down)
