"""Following a sampler from its first state, or from a saved one, to its last.

A checkpoint holds a sampler's whole state and the digest of everything that the run depends on. If the digest
of the run at hand is another, the state is of no use and the run starts from the beginning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, Sampler, State
from safelight.diffusion.watch import NO_CHECKPOINT, Checkpoint, Watch


def follow(
    sampler: Sampler,
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    watch: Watch,
    checkpoint: Checkpoint,
    depends: object,
) -> State:
    """Run a sampler to the end, from a checkpoint of the same run if there is one; its last state.

    `depends` is all that the result depends on besides the starting state: tensors, numbers and strings in
    any nesting. Every step is reported to `watch`, which may stop the run, and saved whenever the checkpoint
    is due.
    """
    total = len(sigmas) - 1
    digest, checkpoint = _known(checkpoint, [state.x, sigmas, depends])
    begin = _resumed(checkpoint, digest, state, total)
    watch.check()
    for state in sampler(denoise, begin, sigmas, noise):
        watch.progress(state.step, total, preview=state.x0)
        if state.step < total and checkpoint.due():
            checkpoint.save(state.step, total, digest, _tree(state))
        watch.check()
    return state


def _known(checkpoint: Checkpoint, depends: object) -> tuple[str, Checkpoint]:
    """The digest of a run, and where it is kept: nowhere if there is no telling it from another."""
    try:
        return ("" if checkpoint is NO_CHECKPOINT else fingerprint(depends)), checkpoint
    except TypeError:
        return "", NO_CHECKPOINT


def _resumed(checkpoint: Checkpoint, digest: str, start: State, total: int) -> State:
    """The saved state, told to the checkpoint, or else the one to start from."""
    tree = checkpoint.load(digest)
    if tree is None:
        return start
    checkpoint.resumed(tree["step"], total)
    device = start.x.device
    history = tuple(tensor.to(device) for tensor in tree["history"])
    return State(tree["step"], tree["x"].to(device), history, tree["noise"])


def _tree(state: State) -> dict[str, Any]:
    """A state as plain values and tensors on the CPU."""
    return {
        "step": state.step,
        "noise": state.noise,
        "x": state.x.cpu(),
        "history": [tensor.cpu() for tensor in state.history],
    }


def fingerprint(value: object) -> str:
    """A hash of tensors, numbers, strings and None, in any nesting, and of what has a `key`.

    `TypeError` for anything else: a run that depends on it cannot be told from another.
    """
    sha = hashlib.sha256()
    _feed(sha, value)
    return sha.hexdigest()


def _feed(sha: Any, value: object) -> None:
    """Add a value to a hash, each with its kind and length before it."""
    match value:
        case Tensor():
            data = value.detach().cpu().contiguous()
            sha.update(f"tensor {data.dtype} {tuple(data.shape)} ".encode())
            sha.update(data.reshape(-1).view(torch.uint8).numpy())
        case Mapping():
            sha.update(f"mapping {len(value)} ".encode())
            for name in sorted(value, key=repr):
                _feed(sha, name)
                _feed(sha, value[name])
        case list() | tuple():
            sha.update(f"sequence {len(value)} ".encode())
            for item in value:
                _feed(sha, item)
        case None | bool() | int() | float() | str():
            text = repr(value)
            sha.update(f"{type(value).__name__} {len(text)} {text} ".encode())
        case _ if isinstance(key := getattr(value, "key", None), str):
            _feed(sha, key)
        case _:
            raise TypeError(f"cannot take a fingerprint of a {type(value).__name__}")
