"""Tiles cover everything, are no larger than they may be, and leave no seam in what is local."""

import pytest
import torch

from safelight.diffusion import tile


@pytest.mark.parametrize(("up", "down"), [(1, 1), (8, 1), (1, 8)])
@pytest.mark.parametrize("shape", [(64, 200), (65 * 8, 64), (24, 1000)])
def test_tiling_a_local_function_changes_nothing(shape: tuple[int, int], up: int, down: int) -> None:
    rows, columns = (edge // down * down for edge in shape)
    whole = torch.rand(1, 2, rows, columns)
    seen = []

    def run(part: torch.Tensor) -> torch.Tensor:
        seen.append(max(part.shape[-2:]))
        if down > 1:
            return torch.nn.functional.avg_pool2d(part, down)
        return torch.nn.functional.interpolate(part, scale_factor=up, mode="nearest")

    expected = run(whole)
    seen.clear()
    assert torch.allclose(tile.tiled(whole, run, 64, up, down), expected, atol=1e-5)
    assert max(seen) <= 64


def test_tiles_that_disagree_are_blended_step_by_step() -> None:
    number = iter(range(3))
    levels = tile.tiled(torch.zeros(1, 1, 16, 40), lambda part: part + next(number), 16, 1, 1)
    row = levels[0, 0, 8]
    assert (float(row[0]), float(row[20]), float(row[-1])) == (0, 1, 2)
    steps = row[1:] - row[:-1]
    assert steps.min() >= 0
    assert steps.max() <= 0.3  # four cells overlap, so that each takes about a fifth of the difference
