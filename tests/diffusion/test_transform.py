"""Pictures cut, turned, stitched and tiled."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import transform


def numbered(height: int, width: int, count: int = 1, channels: int = 3) -> torch.Tensor:
    """Each pixel another number."""
    total = count * height * width
    return torch.arange(total).float().reshape(count, height, width, 1).repeat(1, 1, 1, channels) / total


def test_a_crop_stays_in_the_picture() -> None:
    image = numbered(4, 6)
    assert transform.crop(image, 1, 2, 3, 9).equal(image[:, 2:, 1:4])
    assert transform.crop(image, 99, 99, 3, 3).equal(image[:, 3:, 5:])
    assert transform.centre(image, 2, 2).equal(image[:, 1:3, 2:4])
    assert transform.centre(image, 99, 1).equal(image[:, 1:2])


def test_a_random_part_comes_from_its_seed() -> None:
    image = numbered(9, 9, count=8)
    parts = transform.anywhere(image, 3, 4, 5)
    assert parts.shape == (8, 4, 3, 3)
    assert parts.equal(transform.anywhere(image, 3, 4, 5))
    assert len({float(part[0, 0, 0]) * 648 % 81 for part in parts}) > 1, "each picture is cut elsewhere"


def test_turning_is_clockwise() -> None:
    image = numbered(2, 3)
    quarter = transform.rotate(image, "90 degrees", (1, 2))
    assert quarter.shape == (1, 3, 2, 3)
    assert quarter[0, 0, -1].equal(image[0, 0, 0]), "the upper left corner goes to the upper right"
    assert transform.rotate(image, "180 degrees", (1, 2)).equal(image.flip((1, 2)))
    back = transform.rotate(quarter, "270 degrees", (1, 2))
    assert back.equal(image)
    assert transform.rotate(image, "none", (1, 2)).equal(image)


def test_mirroring() -> None:
    image = numbered(2, 3)
    assert transform.flip(image, "x-axis: vertically", (1, 2))[0, 0].equal(image[0, 1])
    assert transform.flip(image, "y-axis: horizontally", (1, 2))[0, :, 0].equal(image[0, :, 2])


def test_a_picture_is_fitted_with_bars() -> None:
    fitted = transform.within(torch.full((2, 2, 4, 3), 0.25), 8, 8, "white", "nearest-exact")
    assert fitted.shape == (2, 8, 8, 3)
    assert fitted[0, :, 0, 0].tolist() == [1, 1, 0.25, 0.25, 0.25, 0.25, 1, 1]


@pytest.mark.parametrize(
    ("direction", "shape", "first", "gap", "second"),
    [
        ("right", (4, 13), (0, 5), (0, 7), (0, 8)),
        ("left", (4, 13), (0, 7), (0, 6), (0, 4)),
        ("down", (10, 6), (3, 0), (5, 0), (6, 0)),
        ("up", (10, 6), (6, 0), (5, 0), (3, 0)),
    ],
)
def test_pictures_are_set_side_by_side(
    direction: str,
    shape: tuple[int, int],
    first: tuple[int, int],
    gap: tuple[int, int],
    second: tuple[int, int],
) -> None:
    black, grey = torch.zeros(1, 4, 6, 3), torch.full((1, 8, 10, 3), 0.5)
    both = transform.stitch(black, grey, direction, match=True, spacing=1, colour="red")
    assert both.shape == (1, *shape, 3), "the grey one is scaled, and the gap is even"
    assert both[0][first].tolist() == [0, 0, 0]
    assert both[0][gap].tolist() == [1, 0, 0]
    assert both[0][second][0] > 0.4


def test_without_matching_the_smaller_one_is_centred() -> None:
    first, second = torch.zeros(2, 2, 2, 3), torch.full((1, 4, 2, 4), 0.5)
    both = transform.stitch(first, second, "right", match=False, spacing=0, colour="blue")
    assert both.shape == (2, 4, 4, 4)
    assert both[0, 0, 0].tolist() == [0, 0, 1, 1]
    assert both[1, 1, 0].tolist() == [0, 0, 0, 1]
    assert both[1, 0, 2].tolist() == [0.5] * 4


@pytest.mark.parametrize(
    ("size", "tile", "overlap"), [(100, 64, 16), (64, 64, 32), (50, 64, 0), (200, 64, 63)]
)
def test_tiles_cover_the_picture_and_make_it_again(size: int, tile: int, overlap: int) -> None:
    image = torch.rand(1, size, size + 7, 3, generator=torch.Generator().manual_seed(1))
    places = transform.boxes(size + 7, size, tile, tile, overlap)
    assert places[0][:2] == (0, 0)
    assert places[-1][2:] == (size + 7, size)
    tiles = [image[:, top:bottom, left:right] for left, top, right, bottom in places]
    assert {tuple(one.shape) for one in tiles} == {(1, min(tile, size), min(tile, size + 7), 3)}
    torch.testing.assert_close(transform.merged(tiles, size + 7, size, overlap), image, atol=1e-4, rtol=0)


def test_one_tile_fades_into_the_next() -> None:
    tiles = [torch.zeros(1, 8, 8, 1), torch.ones(1, 8, 8, 1)]
    row = transform.merged(tiles, 12, 8, 4)[0, 0, :, 0]
    assert row[:4].max() == 0
    assert row[8:].min() == 1
    assert row.diff().min() >= 0
    assert row.diff().max() < 0.3


def test_a_table_of_pictures() -> None:
    sheet = transform.table([torch.ones(1, 4, 8, 3)] * 3, 2, 8, 8, 2)
    assert sheet.shape == (1, 18, 18, 3)
    assert sheet[0, :8, 0, 0].tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    assert sheet[0, 10:, 10:].max() == 0, "the last cell is empty"
