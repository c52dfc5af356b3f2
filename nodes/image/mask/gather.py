"""Batch Masks."""

from __future__ import annotations

from typing import Annotated

from safelight import Growing, Mask, node

Masks = Annotated[
    dict[str, Mask], Growing("mask", min=1, max=50, tip="Masks or batches; a new input appears at the end.")
]


@node("BatchMasksNode", category="image/mask", title="Batch Masks", aliases=("combine", "stack", "batch"))
def gather(*, masks: Masks) -> Mask:
    """Put any number of masks and batches into one batch; all are brought to the size of the first."""
    from safelight import diffusion

    return diffusion.mask.gathered(list(masks.values()))
