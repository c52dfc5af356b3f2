"""Attention with parts made weaker or stronger: the named tensors are multiplied, and no other."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import emphasis
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import lend

PLAN = Plan(threads=1)


UNET = {"to_q.weight": 0.5, "to_out.0.weight": 2.0, "to_out.0.bias": 2.0}
CLIP = {"q_proj.weight": 0.5, "q_proj.bias": 0.5, "out_proj.weight": 2.0, "out_proj.bias": 2.0}


@pytest.mark.parametrize(
    ("part", "place", "ends"),
    [("model", "attn1", UNET), ("model", "attn2", UNET), ("clip", "self_attn", CLIP)],
)
def test_the_named_tensors_are_multiplied(
    emoji: Checkpoint, part: str, place: str, ends: dict[str, float]
) -> None:
    handle = getattr(emoji, part)
    with lend(handle, PLAN) as plain:
        before = {name: tensor.clone() for name, tensor in plain.tensors().items()}
    changed = emphasis.with_emphasis(handle, place, q=0.5, k=1.0, v=1.0, out=2.0)
    with lend(changed, PLAN) as thing:
        found = thing.tensors()
        touched = 0
        for name, tensor in before.items():
            factor = next((factor for end, factor in ends.items() if name.endswith(f".{place}.{end}")), 1.0)
            touched += factor != 1.0
            torch.testing.assert_close(found[name], tensor * factor)
    assert touched >= len(ends)


def test_factors_of_one_are_no_patch(emoji: Checkpoint) -> None:
    assert emphasis.with_emphasis(emoji.model, "attn1", q=1.0, k=1.0, v=1.0, out=1.0) is emoji.model
