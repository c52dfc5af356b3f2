"""Latents calculated with, on numbers worked out by hand."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import arithmetic
from safelight.diffusion.failure import UnsupportedError


def latent(*vector: float, edge: int = 2, count: int = 1) -> dict[str, torch.Tensor]:
    """Every cell the same vector."""
    samples = torch.tensor(vector)[None, :, None, None].repeat(count, 1, edge, edge)
    return {"samples": samples, "noise_mask": torch.ones(1, 1, 4, 4)}


def test_sums_and_differences_keep_what_belongs_to_the_first() -> None:
    first, second = latent(1.0, 2.0, count=3), latent(3.0, -1.0, edge=4)
    total = arithmetic.added(first, second)
    assert total["samples"].shape == (3, 2, 2, 2)
    assert total["samples"][2, :, 0, 0].tolist() == [4.0, 1.0]
    assert total["noise_mask"] is first["noise_mask"]
    assert arithmetic.added(first, second, -1.0)["samples"][0, :, 0, 0].tolist() == [-2.0, 3.0]
    assert arithmetic.scaled(first, -2.0)["samples"][0, :, 0, 0].tolist() == [-2.0, -4.0]


def test_a_blend_is_linear() -> None:
    blend = arithmetic.blended(latent(4.0), latent(0.0), 0.25)
    assert blend["samples"].unique().tolist() == [1.0]


def test_interpolation_keeps_strength() -> None:
    between = arithmetic.interpolated(latent(4.0, 0.0), latent(0.0, 2.0), 0.5)["samples"]
    torch.testing.assert_close(between[0, :, 0, 0], torch.tensor([3.0, 3.0]) / 2**0.5)
    assert arithmetic.interpolated(latent(4.0, 0.0), latent(0.0, 0.0), 0.5)["samples"][0, 0, 0, 0] == 2.0
    assert arithmetic.interpolated(latent(0.0, 0.0), latent(0.0, 0.0), 0.5)["samples"].max() == 0.0


def test_latents_of_different_models_are_not_added() -> None:
    latents = [{"samples": torch.zeros(1, *kind, 4, 4)} for kind in ((4,), (16,), (4, 3))]
    with pytest.raises(UnsupportedError, match="one of 4 channels, the other of 16 channels"):
        arithmetic.added(*latents[:2])
    with pytest.raises(UnsupportedError, match="one of 4 channels in 3 frames, the other of 4 channels"):
        arithmetic.added(latents[2], latents[0])
