"""Filters on pictures whose result is known."""

from __future__ import annotations

import math

import pytest
import torch

from safelight.diffusion import filter as filters


def spot(edge: int = 7) -> torch.Tensor:
    """Black with one white pixel in the middle."""
    image = torch.zeros(1, edge, edge, 3)
    image[0, edge // 2, edge // 2] = 1
    return image


def test_a_blur_is_a_gaussian_over_its_radius() -> None:
    side = math.exp(-1 / 2)
    weights = torch.tensor([side, 1.0, side]) / (1 + 2 * side)
    blurred = filters.blur(spot(), 1, 1.0)
    torch.testing.assert_close(blurred[0, 2:5, 2:5, 0], weights[:, None] * weights)
    assert blurred.sum() == pytest.approx(3.0, abs=1e-5), "no light is lost"


def test_a_wide_blur_of_a_small_picture_is_still_one() -> None:
    blurred = filters.blur(spot(3), 31, 10.0)
    assert blurred.shape == (1, 3, 3, 3)
    assert blurred.isfinite().all()


def test_sharpening_overshoots_at_edges_and_spares_plain_colour() -> None:
    flat = torch.full((2, 5, 5, 3), 0.4)
    torch.testing.assert_close(filters.sharpen(flat, 2, 1.0, 1.0), flat)
    step = torch.cat([flat[:, :, :3], flat[:, :, :2] + 0.2], dim=2)
    sharp = filters.sharpen(step, 1, 1.0, 0.1)
    assert sharp[0, 2, 2, 0] < 0.4 < 0.6 < sharp[0, 2, 3, 0]
    assert filters.sharpen(step, 1, 1.0, 0.0).equal(step)


def test_noise_has_its_strength_and_comes_from_its_seed() -> None:
    grey = torch.full((1, 64, 64, 3), 0.5)
    noisy = filters.add_noise(grey, 7, 0.1)
    assert noisy.std() == pytest.approx(0.1, rel=0.03)
    assert noisy.equal(filters.add_noise(grey, 7, 0.1))
    assert not noisy.equal(filters.add_noise(grey, 8, 0.1))


def test_an_edge_is_one_line() -> None:
    image = torch.zeros(1, 12, 12, 3)
    image[:, :, 6:] = 1
    edges = filters.canny(image, 0.4, 0.8)
    assert edges.shape == image.shape
    assert edges.unique().tolist() == [0.0, 1.0]
    inner = edges[0, 2:-2, :, 0].sum(1)
    assert inner.min() >= 1
    assert inner.max() <= 2
    assert edges[0, :, :4].max() == 0
    assert filters.canny(torch.full_like(image, 0.5), 0.1, 0.2).max() == 0


def test_a_faint_edge_counts_only_where_it_goes_on_from_a_clear_one() -> None:
    image = torch.zeros(2, 12, 24, 3)
    image[:, :6] = torch.linspace(0.15, 1.0, 24)[:, None]
    image[1, :6] = 0.15
    edges = filters.canny(image, 0.2, 2.0)
    assert edges[0, 4:8, 8].max() == 1
    assert edges[1].max() == 0


def test_light_is_widened_and_narrowed() -> None:
    assert filters.morph(spot(), "dilate", 3).sum() == 27
    assert filters.morph(spot(), "dilate", 4).sum() == 48
    assert filters.morph(spot(), "erode", 3).sum() == 0
    assert filters.morph(spot(), "open", 3).max() == 0
    assert filters.morph(1 - spot(), "close", 3).min() == 1
    assert filters.morph(spot(), "gradient", 3).sum() == 27
    assert filters.morph(spot(), "top_hat", 3).equal(spot())
    assert filters.morph(1 - spot(), "bottom_hat", 3).equal(spot())
    assert filters.morph(torch.ones(1, 4, 4, 3), "erode", 3).min() == 1, "nothing comes in from outside"


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16"])
def test_pictures_keep_so_many_colours(dither: str) -> None:
    ramp = torch.linspace(0, 1, 64)[None, None, :, None].repeat(2, 8, 1, 3)
    few = filters.quantize(ramp, 4, dither)
    assert few.shape == ramp.shape
    assert 2 <= len(few[0].reshape(-1, 3).unique(dim=0)) <= 4
    assert (few - ramp).abs().mean() < 0.2
    if dither != "none":
        assert len(few[0, :, 20:30].reshape(-1, 3).unique(dim=0)) > 1, "steps are hidden"


def test_bayers_matrix() -> None:
    assert (filters._bayer(2) * 4).tolist() == [[-1.5, 0.5], [1.5, -0.5]]
    assert sorted((filters._bayer(4) * 16 + 7.5).flatten().tolist()) == list(range(16))
