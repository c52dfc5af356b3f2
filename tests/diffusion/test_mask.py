"""Masks on small tensors, worked out by hand."""

from __future__ import annotations

import pytest
import torch
from scipy import ndimage

from safelight.diffusion import mask


def point(edge: int = 5) -> torch.Tensor:
    """A mask with one white pixel in the middle."""
    one = torch.zeros(1, edge, edge)
    one[0, edge // 2, edge // 2] = 1
    return one


@pytest.mark.parametrize("shape", [(2, 3), (1, 2, 3), (4, 2, 3), (4, 1, 2, 3)])
def test_masks_of_any_rank_are_stacked(shape: tuple[int, ...]) -> None:
    assert mask.stacked(torch.zeros(shape)).shape == (4 if shape[0] == 4 else 1, 2, 3)


def test_a_mask_is_fitted_to_a_size() -> None:
    half = torch.tensor([[[0.0, 1.0]]])
    assert mask.fitted(half, 1, 4).tolist() == [[[0.0, 0.25, 0.75, 1.0]]]


def test_a_colour_is_found_where_it_is_exact() -> None:
    image = torch.tensor([[[[1.0, 128 / 255, 0.0], [1.0, 127 / 255, 0.0], [1.2, 128.4 / 255, -1.0]]]])
    assert mask.of_colour(image, 0xFF8000).tolist() == [[[1.0, 0.0, 1.0]]]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("multiply", [0.0, 0.24, 0.0, 0.6]),
        ("add", [0.4, 1.0, 0.0, 1.0]),
        ("subtract", [0.0, 0.2, 0.0, 0.0]),
        ("and", [0.0, 0.0, 0.0, 1.0]),
        ("or", [0.0, 1.0, 0.0, 1.0]),
        ("xor", [0.0, 1.0, 0.0, 0.0]),
    ],
)
def test_masks_are_combined_where_they_meet(operation: str, expected: list[float]) -> None:
    below = torch.tensor([[[0.0, 0.6, 0.0, 0.6]]])
    above = torch.tensor([[[0.4, 0.4, 0.0, 1.0]]])
    torch.testing.assert_close(mask.composite(below, above, 0, 0, operation), torch.tensor([[expected]]))


def test_what_lies_outside_is_left_out_and_the_rest_stays() -> None:
    below = torch.full((1, 2, 3), 0.5)
    assert mask.composite(below, torch.ones(1, 5, 5), 2, 1, "add").tolist() == [[[0.5] * 3, [0.5, 0.5, 1.0]]]
    assert mask.composite(below, torch.ones(1, 5, 5), 3, 0, "multiply").equal(below)


def test_one_mask_meets_a_batch() -> None:
    below = torch.stack([torch.zeros(2, 2), torch.ones(2, 2)])
    both = mask.composite(below, torch.full((1, 2, 2), 0.25), 0, 0, "add")
    assert both.amax((1, 2)).tolist() == [0.25, 1.0]
    assert mask.composite(below[:1], below, 0, 0, "add").amax((1, 2)).tolist() == [0.0, 1.0]


def test_edges_fade_out() -> None:
    faded = mask.feathered(torch.ones(1, 1, 6), 2, 0, 4, 0)
    torch.testing.assert_close(faded[0, 0], torch.tensor([0.5, 1.0, 1.0, 0.75, 0.5, 0.25]))
    assert mask.feathered(torch.ones(1, 4, 1), 0, 4, 0, 0)[0, :, 0].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert mask.feathered(torch.ones(1, 2, 2), 0, 9, 0, 0)[0, :, 0].tolist() == [0.5, 1.0]


def test_a_point_grows_to_a_diamond_or_to_a_square() -> None:
    diamond = mask.grown(point(), 2)[0]
    assert diamond.int().tolist() == [
        [0, 0, 1, 0, 0],
        [0, 1, 1, 1, 0],
        [1, 1, 1, 1, 1],
        [0, 1, 1, 1, 0],
        [0, 0, 1, 0, 0],
    ]
    assert mask.grown(point(), 1, tapered=False)[0, 1:4, 1:4].min() == 1
    assert mask.grown(point(), 1, tapered=False).sum() == 9


@pytest.mark.parametrize("pixels", [-3, -1, 0, 1, 4, 16384])
@pytest.mark.parametrize("tapered", [True, False])
def test_growing_agrees_with_scipy(pixels: int, tapered: bool) -> None:
    one = torch.rand(1, 9, 12, generator=torch.Generator().manual_seed(3))
    corner = 0 if tapered else 1
    shape = [[corner, 1, corner], [1, 1, 1], [corner, 1, corner]]
    expected = one[0].numpy()
    step = ndimage.grey_erosion if pixels < 0 else ndimage.grey_dilation
    for _ in range(min(abs(pixels), 40)):
        expected = step(expected, footprint=shape)
    torch.testing.assert_close(mask.grown(one, pixels, tapered)[0].numpy(), expected)


def test_a_margin_is_masked_and_feathered_into_the_picture() -> None:
    wide, painted = mask.outpainted(torch.ones(2, 6, 8, 3), 2, 0, 0, 0, 2)
    assert wide.shape == (2, 6, 10, 3)
    assert wide[0, 0, :, 0].tolist() == [0.5, 0.5] + [1.0] * 8
    assert painted.shape == (1, 6, 10)
    assert painted[0, 3].tolist() == [1.0, 1.0, 1.0, 0.25] + [0.0] * 6


def test_only_sides_that_grew_are_feathered() -> None:
    _, right = mask.outpainted(torch.ones(1, 6, 8, 3), 0, 0, 2, 0, 2)
    assert right[0, 3].tolist() == [0, 0, 0, 0, 0, 0, 0, 0.25, 1, 1]
    _, both = mask.outpainted(torch.ones(1, 6, 8, 3), 0, 2, 0, 2, 2)
    assert both[0, :, 0].tolist() == [1, 1, 1, 0.25, 0, 0, 0, 0.25, 1, 1]


def test_too_much_feathering_is_none() -> None:
    assert mask.outpainted(torch.ones(1, 6, 8, 3), 0, 2, 0, 0, 3)[1][0, 2:].max() == 0
