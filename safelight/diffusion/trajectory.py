"""Following a sampler from its first state, or from a kept one, to its last.

Two kinds of state are taken up. A checkpoint is this very run's, half done when its process ended; it holds
the digest of everything that the run depends on. A waypoint may be any run's; it fits if the run at hand has
the same trail up to there. If neither is of use the run starts from the beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.mark import Marks
from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, Sampler, State
from safelight.diffusion.snapshot import Snapshot, restored, taken
from safelight.diffusion.trail import Heard, Trail
from safelight.diffusion.watch import NO_CHECKPOINT, Checkpoint, Watch

log = logging.getLogger("safelight.trajectory")


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
    trail: Callable[[], Trail] | None = None,
) -> State:
    """Run a sampler to the end, from a kept state of the same way if there is one; its last state.

    `depends` is all that the result depends on besides the starting state: tensors, numbers and strings in
    any nesting. `trail` gives the same step by step, for waypoints; it may raise `TypeError` if that cannot
    be told. Every step is reported to `watch`, which may stop the run, and saved whenever the checkpoint is
    due.
    """
    total = len(sigmas) - 1
    digest, checkpoint = _known(checkpoint, [state.x, sigmas, depends])
    marks = Marks.of(checkpoint, trail)
    last, asked = _begin(checkpoint, digest, marks, state, total)
    heard, count = Heard(denoise, asked), len(asked)
    watch.check()
    for after in sampler(heard, last, sigmas, noise):
        watch.progress(after.step, total, preview=after.x0)
        marks.passed(last, after, heard.asked, count)
        if after.step < total and checkpoint.due():
            checkpoint.save(after.step, total, digest, taken(after, heard.asked))
        watch.check()
        last, count = after, len(heard.asked)
    return last


def _known(checkpoint: Checkpoint, depends: object) -> tuple[str, Checkpoint]:
    """The digest of a run, and where it is kept: nowhere if there is no telling it from another."""
    try:
        return ("" if checkpoint is NO_CHECKPOINT else fingerprint(depends)), checkpoint
    except TypeError:
        return "", NO_CHECKPOINT


def _begin(checkpoint: Checkpoint, digest: str, marks: Marks, start: State, total: int) -> Snapshot:
    """Where to take up the run; the checkpoint is told if that is not the start."""
    device = start.x.device
    found = _readable(checkpoint.load(digest), device)
    if found is not None:
        checkpoint.resumed(found.state.step, total)
        return found
    found = marks.nearest(device)
    if found is not None:
        checkpoint.reused(found.state.step, total)
        return found
    return Snapshot(start, [])


def _readable(tree: dict[str, Any] | None, device: torch.device) -> Snapshot | None:
    """The snapshot of a stored tree, unless there is none or it is damaged."""
    try:
        return None if tree is None else restored(tree, device)
    except ValueError as error:
        log.warning("a kept state of a sampler cannot be used: %s", error)
        return None
