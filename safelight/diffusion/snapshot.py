"""A sampler's whole state as a tree for the store, and back, to the last bit.

The levels at which the model was asked so far go with it: by them another run can tell whether the state is
one of its own (`trail`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.sampler.state import State


class Snapshot(NamedTuple):
    """A state, and the levels at which the model was asked on the way to it."""

    state: State
    asked: list[float]


def taken(state: State, asked: Sequence[float]) -> dict[str, Any]:
    """The tree of a state, its tensors on the CPU, with a digest of itself."""
    tree = {
        "step": state.step,
        "noise": state.noise,
        "x": state.x.cpu(),
        "history": [tensor.cpu() for tensor in state.history],
        "x0": None if state.x0 is None else state.x0.cpu(),
        "asked": list(asked),
        "interleaved": [_interleaved(tensor) for tensor in (state.x, *state.history)],
    }
    return {**tree, "digest": fingerprint(tree)}


def restored(tree: Mapping[str, Any], device: torch.device) -> Snapshot:
    """The state of a tree; `ValueError` if it is not one that `taken` made."""
    try:
        content = {name: value for name, value in tree.items() if name != "digest"}
        if fingerprint(content) != tree["digest"]:
            raise ValueError("its content has changed")
        x, *history = (
            _laid_out(tensor, last).to(device)
            for tensor, last in zip((tree["x"], *tree["history"]), tree["interleaved"], strict=True)
        )
        x0 = None if tree["x0"] is None else tree["x0"].to(device)
        return Snapshot(State(tree["step"], x, tuple(history), tree["noise"], x0), tree["asked"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not the state of a sampler ({error!r})") from error


def _interleaved(tensor: Tensor) -> bool:
    """Whether its channels lie side by side in memory, which decides the order of sums over it."""
    return (
        tensor.ndim == 4
        and not tensor.is_contiguous()
        and tensor.is_contiguous(memory_format=torch.channels_last)
    )


def _laid_out(tensor: Tensor, interleaved: bool) -> Tensor:
    return tensor.contiguous(memory_format=torch.channels_last) if interleaved else tensor
