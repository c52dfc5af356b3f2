"""HyperTile: tiles are taken apart and put together exactly, and attention stays within them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from safelight.diffusion import checkpoint, hypertile, residency
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def model(original: Callable[[str], Path]) -> ModelHandle:
    return checkpoint.load(original("sd15"), digest="15" * 32).model


def predicted(model: ModelHandle, plan: Plan) -> tuple[Tensor, list[tuple[int, ...]]]:
    """What the model says about 16 x 16 cells, and the shapes that self-attention worked on."""
    x = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    context = torch.randn(1, 5, 768, generator=torch.Generator().manual_seed(2))
    seen: list[tuple[int, ...]] = []

    def note(_module: Any, _inputs: Any, output: Tensor) -> None:
        seen.append(tuple(output.shape[:2]))

    with residency.lend(model, plan) as network:
        parts = [part for name, part in network.module.named_modules() if name.endswith("attn1.to_q")]
        hooks = [part.register_forward_hook(note) for part in parts]
        found = network(x, torch.tensor([500.0]), context)
        for hook in hooks:
            hook.remove()
    return found, seen


def test_a_tile_is_a_rectangle_of_places() -> None:
    states = torch.arange(6 * 8).reshape(1, 48, 1)
    tiles = hypertile.split(states, (2, 4, 3, 2))
    assert tiles.shape == (8, 6, 1)
    assert tiles[1].flatten().tolist() == [2, 3, 10, 11, 18, 19]
    assert torch.equal(hypertile.join(tiles, (2, 4, 3, 2)), states)


@pytest.mark.parametrize(
    ("edge", "least", "swap", "expected"),
    [(64, 32, 1, {2}), (64, 32, 2, {2}), (96, 16, 4, {6, 4, 3}), (7, 4, 2, {1}), (3, 8, 2, {1})],
)
def test_edges_are_cut_into_equal_pieces(edge: int, least: int, swap: int, expected: set[int]) -> None:
    assert {hypertile.pieces(edge, least, swap, step) for step in range(12)} == expected


def test_attention_is_tiled_where_the_depth_allows(model: ModelHandle, plan: Plan) -> None:
    plain, before = predicted(model, plan)
    found, tiled = predicted(hypertile.with_hypertile(model, 32, 1, 0, scale_depth=False), plan)
    assert {shape for shape in before if shape[1] == 256} == {(1, 256)}
    assert [shape if shape != (1, 256) else (16, 16) for shape in before] == tiled
    assert found.shape == plain.shape
    assert not torch.allclose(found, plain, atol=1e-4)
    _, deeper = predicted(hypertile.with_hypertile(model, 32, 1, 1, scale_depth=False), plan)
    assert (1, 64) in before
    assert (1, 64) not in deeper
    assert (4, 16) in deeper
    _, scaled = predicted(hypertile.with_hypertile(model, 32, 1, 1, scale_depth=True), plan)
    assert (1, 64) in scaled


def test_one_large_tile_changes_no_bit(model: ModelHandle, plan: Plan) -> None:
    patched = hypertile.with_hypertile(model, 2048, 1, 3, scale_depth=False)
    assert torch.equal(predicted(patched, plan)[0], predicted(model, plan)[0])


def test_the_same_run_is_the_same(model: ModelHandle, plan: Plan) -> None:
    patched = hypertile.with_hypertile(model, 32, 3, 1, scale_depth=False)
    assert torch.equal(predicted(patched, plan)[0], predicted(patched, plan)[0])
