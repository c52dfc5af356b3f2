"""Sampling in tiles: exact for what is local, and told where in the picture each tile lies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from bench import standin
from safelight.diffusion import mosaic, tile
from safelight.diffusion.control import Control, Steering, Window
from safelight.diffusion.mosaic import Mosaic
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample

PLAN = Plan(threads=1)
X = torch.randn(2, 4, 20, 40, generator=torch.Generator().manual_seed(1))
NOW, TEXT = torch.zeros(2), torch.zeros(2, 77, 8)


class Asked:
    """A network that answers each place by itself, and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[int, ...], dict[str, Any]]] = []

    def __call__(self, x: Tensor, _timestep: Tensor, _context: Tensor, **extras: Any) -> Tensor:
        self.calls.append((tuple(x.shape), extras))
        beside = extras.get("beside")
        return x * 2 if beside is None else x * beside


def test_what_is_local_is_the_same_in_tiles() -> None:
    asked = Asked()
    assert torch.allclose(Mosaic(16, 4, 8)(asked, X, NOW, TEXT, {}), X * 2, atol=1e-6)
    assert {shape for shape, _ in asked.calls} == {(2, 4, 16, 16)}


def test_what_fits_into_a_tile_is_asked_at_once() -> None:
    asked = Asked()
    assert torch.equal(Mosaic(40, 8, 8)(asked, X, NOW, TEXT, {}), X * 2)
    assert len(asked.calls) == 1


def test_further_channels_are_cut_like_the_latent() -> None:
    beside = torch.rand(1, 4, 20, 40)
    assert torch.allclose(Mosaic(16, 4, 8)(Asked(), X, NOW, TEXT, {"beside": beside}), X * beside, atol=1e-6)


def test_sdxl_is_told_each_tile_as_a_crop() -> None:
    asked = Asked()
    sizes = torch.tensor([[160.0, 320, 0, 0, 160, 320]])
    Mosaic(24, 8, 8)(asked, X, NOW, TEXT, {"time_ids": sizes})
    told = [extras["time_ids"].tolist()[0] for _, extras in asked.calls]
    assert told == [[160, 320, 0, 0, 160, 192], [160, 320, 0, 128, 160, 192]]
    assert sizes.tolist() == [[160, 320, 0, 0, 160, 320]]


def test_a_picture_that_steers_lies_under_the_whole() -> None:
    image = torch.rand(1, 3, 160, 320)
    seen: list[Tensor] = []

    class Steered:
        cell = 8

        def __call__(self, hint: Tensor, *_told: Any) -> None:
            seen.append(hint)

    plain: Any = SimpleNamespace(source=SimpleNamespace(family="sd1"))
    control = Control(handle=plain, image=image, strength=1.0)
    asked = Asked()
    Mosaic(16, 4, 8)(asked, X, NOW, TEXT, {"steering": Steering((control,), 2)})
    for shape, extras in asked.calls:
        control.residuals(Steered(), 2, extras["steering"].window, torch.zeros(shape))
    spans = list(tile.tiles((20, 40), 16, 4, 1))
    assert len(seen) == len(spans) == 6
    for hint, (rows, columns) in zip(seen, spans, strict=True):
        assert torch.equal(
            hint, image[..., rows.start * 8 : rows.stop * 8, columns.start * 8 : columns.stop * 8]
        )


@pytest.mark.parametrize(
    ("edge", "overlap", "cells"), [(512, 128, (64, 16)), (100, 999, (8, 4)), (8, 0, (8, 0))]
)
def test_tiles_are_of_whole_cells_and_share_half_at_most(
    edge: int, overlap: int, cells: tuple[int, int]
) -> None:
    tiles = mosaic.of(mosaic.with_tiles(standin.HANDLE, edge, overlap), 8)
    assert tiles is not None
    assert (tiles.edge, tiles.overlap) == cells


def test_a_model_keeps_its_weights_and_changes_its_key() -> None:
    tiled = mosaic.with_tiles(standin.HANDLE, 64, 16)
    assert tiled.weights_key == standin.HANDLE.weights_key
    assert tiled.key != standin.HANDLE.key
    assert mosaic.of(standin.HANDLE, 8) is None


def test_a_run_with_one_tile_is_the_run_without_tiles() -> None:
    prompt = [[torch.ones(1, 77, 768), {}]]
    empty = {"samples": torch.zeros(1, 4, 8, 8)}
    given: dict[str, Any] = {
        "seed": 1,
        "steps": 3,
        "cfg": 3.0,
        "sampler_name": "euler",
        "scheduler": "simple",
    }
    plain, tiled = (
        sample(model, empty, prompt, prompt, plan=PLAN, **given)["samples"]
        for model in (standin.HANDLE, mosaic.with_tiles(standin.HANDLE, 64, 16))
    )
    assert torch.equal(plain, tiled)


def test_a_tile_of_an_adapters_picture_has_whole_cells() -> None:
    control = Control(handle=None, image=torch.rand(1, 3, 168, 328), strength=1.0)  # type: ignore[arg-type]
    whole = control._seen(16, Window(21, 41, slice(0, 21), slice(0, 41)))
    assert whole.shape[-2:] == (176, 336)
    part = control._seen(16, Window(21, 41, slice(0, 21), slice(25, 41)))
    assert part.shape[-2:] == (176, 128)
    assert torch.equal(part, whole[..., 200:328])
