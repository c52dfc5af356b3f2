"""Lightness and colour, and colours as numbers."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import colour


def test_a_picture_comes_back_from_lightness_and_colour() -> None:
    image = torch.rand(2, 4, 5, 3, generator=torch.Generator().manual_seed(2))
    parts = colour.to_yuv(image)
    assert [part.shape for part in parts] == [image.shape] * 3
    torch.testing.assert_close(colour.from_yuv(*parts), image, atol=2e-3, rtol=0)


def test_grey_has_no_colour() -> None:
    light, blueness, redness = colour.to_yuv(torch.full((1, 1, 1, 3), 0.3))
    for part, value in ((light, 0.3), (blueness, 0.5), (redness, 0.5)):
        assert part.mean() == pytest.approx(value, abs=1e-6)


def test_brightness_and_contrast_stay_in_range() -> None:
    image = torch.tensor([0.0, 0.25, 0.5, 1.0])
    assert colour.brightened(image, 2.0).tolist() == [0, 0.5, 1, 1]
    assert colour.contrasted(image, 2.0).tolist() == [0, 0, 0.5, 1]
    assert colour.contrasted(image, 0.0).tolist() == [0.5] * 4
    assert colour.normalized(image, 0.5, 0.5).tolist() == [-1, -0.5, 0, 1]


def test_a_plain_picture_of_a_number() -> None:
    assert (colour.plain(3, 2, 4, 0xFF8001) * 255).round()[3, 1, 2].tolist() == [255, 128, 1]
    assert colour.plain(3, 2, 4, 0).shape == (4, 2, 3, 3)


@pytest.mark.parametrize(
    ("text", "number", "alpha"),
    [("#ffffff", 0xFFFFFF, 1.0), ("#10203000", 0x102030, 0.0), ("0000ff", 255, 1)],
)
def test_a_colour_is_read(text: str, number: int, alpha: float) -> None:
    assert colour.parsed(text) == (number, alpha)
