"""Pasting, blending and Porter-Duff on values worked out by hand."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import composite


def test_a_source_is_pasted_and_cut_at_the_edge() -> None:
    below, above = torch.zeros(1, 1, 2, 4), torch.ones(1, 1, 5, 5)
    assert composite.pasted(below, above, 3, 1)[0, 0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 1]]
    assert composite.pasted(below, above, 4, 0).equal(below)
    assert below.max() == 0, "the destination is left as it was"


def test_a_mask_of_another_size_and_batch_says_how_much_shows() -> None:
    below, above = torch.zeros(2, 3, 4, 4), torch.ones(1, 3, 2, 4)
    mask = torch.stack([torch.zeros(3, 3), torch.full((3, 3), 0.25)])
    pasted = composite.pasted(below, above, 0, 2, mask)
    assert pasted[0].max() == 0
    assert pasted[1, 0, :, 0].tolist() == [0, 0, 0.25, 0.25]


def test_a_source_is_stretched_to_the_destination() -> None:
    pasted = composite.pasted(torch.zeros(1, 1, 4, 6), torch.ones(1, 1, 2, 2), 0, 0, stretch=True)
    assert pasted.min() == 1


def test_missing_alpha_is_opaque() -> None:
    assert composite.with_channels(torch.zeros(1, 1, 1, 3), 4)[0, 0, 0].tolist() == [0, 0, 0, 1]
    assert composite.with_channels(torch.zeros(1, 1, 1, 4), 3).shape[-1] == 3


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("normal", 0.8),
        ("multiply", 0.16),
        ("screen", 0.84),
        ("overlay", 0.32),
        ("soft_light", 0.2 + 0.6 * (((16 * 0.2 - 12) * 0.2 + 4) * 0.2 - 0.2)),
        ("difference", 0.0),
    ],
)
def test_two_colours_blend(mode: str, expected: float) -> None:
    first, second = torch.full((1, 1, 1, 3), 0.2), torch.full((1, 1, 1, 3), 0.8)
    assert composite.blended(first, second, 1.0, mode).mean() == pytest.approx(expected, abs=1e-6)
    half = composite.blended(first, second, 0.5, mode).mean()
    signed = -0.6 if mode == "difference" else expected
    assert half == pytest.approx(max(0.0, (0.2 + signed) / 2), abs=1e-6)


def test_a_blend_fits_size_batch_and_channels() -> None:
    first, second = torch.zeros(3, 4, 6, 4), torch.ones(1, 8, 8, 3)
    blended = composite.blended(first, second, 0.5, "normal")
    assert blended.shape == (3, 4, 6, 4)
    torch.testing.assert_close(blended, torch.full_like(blended, 0.5))


MODES: dict[str, tuple[float, float]] = {
    "ADD": (0.7, 1.0),
    "CLEAR": (0.0, 0.0),
    "DARKEN": ((0.25 + 0.1 + 0.2) / 0.75, 0.75),
    "DST": (0.4, 0.5),
    "DST_ATOP": (0.7, 0.5),
    "DST_IN": (0.4, 0.25),
    "DST_OUT": (0.4, 0.25),
    "DST_OVER": ((0.2 + 0.25) / 0.75, 0.75),
    "LIGHTEN": ((0.25 + 0.1 + 0.5) / 0.75, 0.75),
    "MULTIPLY": (0.1 / 0.25, 0.25),
    "OVERLAY": (0.2 / 0.75, 0.75),
    "SCREEN": (0.6 / 0.75, 0.75),
    "SRC": (1.0, 0.5),
    "SRC_ATOP": (0.7, 0.5),
    "SRC_IN": (1.0, 0.25),
    "SRC_OUT": (1.0, 0.25),
    "SRC_OVER": (0.6 / 0.75, 0.75),
    "XOR": (0.7, 0.5),
}
"""Colour and opacity of white (half there) with 0.4 (half there); premultiplied 0.5 and 0.2."""


@pytest.mark.parametrize("mode", MODES)
def test_porter_and_duff(mode: str) -> None:
    source, destination = torch.ones(1, 2, 2, 3), torch.full((1, 2, 2, 3), 0.4)
    mask = torch.full((1, 2, 2), 0.5)
    colour, clear = composite.porter_duff(source, mask, destination, mask, mode)
    expected, alpha = MODES[mode]
    assert colour.mean() == pytest.approx(min(1.0, expected), abs=1e-6)
    assert 1 - clear.mean() == pytest.approx(alpha, abs=1e-6)


def test_every_mode_is_there() -> None:
    assert set(MODES) == {*composite.SHARES, *composite.MIXES}


def test_all_is_brought_to_the_size_of_the_destination() -> None:
    colour, clear = composite.porter_duff(
        torch.ones(1, 8, 8, 3), torch.zeros(2, 2, 2), torch.zeros(3, 4, 6, 3), torch.zeros(1, 4, 6), "SRC"
    )
    assert (colour.shape, clear.shape) == ((3, 4, 6, 3), (3, 4, 6))
    assert colour.min() > 0.999
    assert clear.max() == 0
