"""Operations on latents."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion.operation import Sharpen, Tonemap

LATENT = torch.randn(2, 4, 16, 16, generator=torch.Generator().manual_seed(1))


def test_tone_mapping_holds_strong_places_back_and_keeps_directions() -> None:
    peak = LATENT.clone()
    peak[0, :, 3, 3] *= 10
    mapped = Tonemap(1.0)(latent=peak)
    before, after = peak.norm(dim=1), mapped.norm(dim=1)
    assert (after < before).all()
    assert after[0, 3, 3] / before[0, 3, 3] < (after / before).median()
    torch.testing.assert_close(mapped / after[:, None], peak / before[:, None])


def test_a_high_bound_changes_little() -> None:
    torch.testing.assert_close(Tonemap(1e5)(latent=LATENT), LATENT, rtol=1e-4, atol=1e-4)


def test_sharpening_nothing_changes_nothing() -> None:
    torch.testing.assert_close(Sharpen(9, 1.0, 0.0)(latent=LATENT), LATENT)
    assert (Sharpen(2, 1.0, 0.1)(latent=LATENT) - LATENT).std() > 0.1
    assert Sharpen() == Sharpen(9, 1.0, 0.1), "operations are values"
    with pytest.raises(AttributeError):
        Sharpen().radius = 1  # type: ignore[misc]
