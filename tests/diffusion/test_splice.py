"""Latents cut and joined along their edges."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import splice
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.latent import Latent


def latent(height: int, width: int, value: float | None = None, count: int = 1) -> Latent:
    """One value everywhere, or each column its number."""
    columns = torch.arange(width).float() if value is None else torch.full((width,), value)
    return {"samples": columns.repeat(count, 4, height, 1)}


def row(latent: Latent, number: int = 0) -> list[float]:
    line: list[float] = latent["samples"][0, 0, number].tolist()
    return line


def test_a_crop_is_moved_back_into_the_latent() -> None:
    assert row(splice.cropped(latent(16, 16), 16, 0, 64, 64)) == list(range(2, 10))
    assert row(splice.cropped(latent(16, 16), 999, 0, 64, 64)) == list(range(8, 16))
    assert row(splice.cropped(latent(4, 4), 999, 999, 64, 64)) == [0, 1, 2, 3]


def test_a_latent_is_laid_on_another() -> None:
    both = splice.laid(latent(4, 6, 0.0), latent(9, 9, 1.0), 16, 8)
    assert row(both) == [0] * 6
    assert row(both, 1) == [0, 0, 1, 1, 1, 1]


def test_edges_inside_are_faded_and_others_are_not() -> None:
    both = splice.laid(latent(4, 10, 0.0), latent(4, 6, 1.0), 16, 0, feather=16)
    assert row(both) == [0, 0, 0.5, 1, 1, 1, 1, 0.5, 0, 0]
    assert row(splice.laid(latent(4, 6, 0.0), latent(4, 6, 1.0), 0, 0, feather=16)) == [1] * 6


def test_a_mask_says_how_much_shows() -> None:
    mask = torch.tensor([[[0.0, 0.0, 1.0, 1.0]]])
    below, above = latent(1, 4, 0.0, count=2), latent(1, 4, 1.0)
    assert row(splice.pasted_by(below, above, 0, 0, mask)) == [0, 0, 1, 1]
    assert splice.pasted_by(below, latent(2, 2, 1.0), 8, 0, stretch=True)["samples"].sum() == 2 * 4 * 3


@pytest.mark.parametrize(("side", "expected"), [("x", [0, 1, 9, 9]), ("-x", [9, 9, 0, 1])])
def test_latents_are_set_side_by_side(side: str, expected: list[int]) -> None:
    assert row(splice.concatenated(latent(1, 2, count=3), latent(1, 2, 9.0), side)) == expected


def test_other_sizes_and_frames_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="cannot be joined along x"):
        splice.concatenated(latent(1, 2), latent(2, 2), "x")
    with pytest.raises(UnsupportedError, match="no frames"):
        splice.cut(latent(1, 2), "t", 0, 1)
    video = {"samples": torch.zeros(1, 4, 3, 2, 2)}
    assert splice.concatenated(video, video, "t")["samples"].shape == (1, 4, 6, 2, 2)


@pytest.mark.parametrize(
    ("start", "count", "expected"), [(1, 2, [1, 2]), (4, 9, [4]), (99, 1, [4]), (-2, 9, [3, 4]), (-9, 1, [0])]
)
def test_a_strip_is_cut_out(start: int, count: int, expected: list[int]) -> None:
    assert row(splice.cut(latent(1, 5), "x", start, count)) == expected


def test_slices_become_a_batch() -> None:
    slices = splice.sliced(latent(3, 5, count=2), "x", 2)["samples"]
    assert slices.shape == (4, 4, 3, 2)
    assert slices[:, 0, 0].tolist() == [[0, 1], [2, 3], [0, 1], [2, 3]]
    assert splice.sliced(latent(3, 5), "y", 99)["samples"].shape == (1, 4, 3, 5)


def test_a_latent_laid_outside_of_another_leaves_it_as_it_is() -> None:
    below, above = ({"samples": torch.full((1, 4, 4, 4), value)} for value in (1.0, 2.0))
    for x, y in ((32, 0), (0, 96), (96, 96)):
        assert torch.equal(splice.laid(below, above, x, y, 16)["samples"], below["samples"])


def test_latents_of_different_models_are_not_laid_over_one_another() -> None:
    below, above = ({"samples": torch.zeros(1, channels, 4, 4)} for channels in (4, 16))
    for lay in (splice.laid, splice.pasted_by):
        with pytest.raises(UnsupportedError, match="Make both with the same VAE"):
            lay(below, above, 0, 0)
