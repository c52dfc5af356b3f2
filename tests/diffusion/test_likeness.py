"""Pictures that look alike."""

from __future__ import annotations

import torch

from safelight.diffusion import likeness


def test_lighter_and_noisier_copies_are_alike_and_others_are_not() -> None:
    draw = torch.Generator().manual_seed(4)
    coarse = [torch.rand(1, 8, 9, 3, generator=draw) for _ in range(2)]
    first, other = (one.repeat_interleave(4, 1).repeat_interleave(4, 2) for one in coarse)
    again = first * 0.8 + torch.rand(first.shape, generator=draw) * 0.01
    kept = likeness.distinct([first, again, other], 0.95)
    assert [float(one.mean()) for one in kept] == [float(first.mean()), float(other.mean())]
    assert len(likeness.distinct([first, other], 0.0)) == 1
