"""Upscaling on a small random ESRGAN, whole and in tiles."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

if find_spec("spandrel") is None:
    pytest.skip("spandrel is not installed", allow_module_level=True)

from safelight.diffusion import enlarger, residency, upscale
from safelight.diffusion.failure import DeviceMemoryError, ModelFileError, UnsupportedError
from safelight.diffusion.handle import HANDLES, UpscaleHandle
from safelight.diffusion.plan import choose

PLAN = choose(threads=1)
PICTURE = torch.rand(1, 48, 80, 3, generator=torch.Generator().manual_seed(5))


class Stopped(Exception):
    pass


class Listening:
    """A watch that keeps what it hears, and stops after so many checks."""

    def __init__(self, checks: int = 10**9) -> None:
        self.heard: list[tuple[int, int]] = []
        self.checks = checks

    def check(self) -> None:
        self.checks -= 1
        if self.checks < 0:
            raise Stopped

    def progress(self, done: int, total: int, preview: Any = None) -> None:
        self.heard.append((done, total))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> UpscaleHandle:
    enlarger.imported()
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    safetensors.torch.save_file(RRDBNet(num_filters=8, num_blocks=1, scale=4).state_dict(), path)
    return upscale.load(path, "0" * 64)


def test_a_picture_becomes_four_times_as_large(model: UpscaleHandle) -> None:
    larger = upscale.run(model, PICTURE, plan=PLAN)
    assert larger.shape == (1, 192, 320, 3)
    assert 0 <= larger.min() < larger.max() <= 1


def test_tiles_give_the_same_picture_without_a_seam(model: UpscaleHandle) -> None:
    whole = upscale.run(model, PICTURE, plan=PLAN)
    watch = Listening()
    parts = upscale.run(model, PICTURE, plan=PLAN, watch=watch, tile=32)
    assert watch.heard == [(done, 6) for done in range(1, 7)]
    assert (parts - whole).abs().mean() < 1e-3
    assert (parts - whole).abs().max() < 0.02


def test_a_batch_is_done_picture_by_picture(model: UpscaleHandle) -> None:
    watch = Listening()
    both = upscale.run(model, torch.cat([PICTURE, 1 - PICTURE]), plan=PLAN, watch=watch)
    assert watch.heard == [(1, 2), (2, 2)]
    assert both[:1].equal(upscale.run(model, PICTURE, plan=PLAN))


def test_alpha_is_scaled_plainly_and_grey_is_colour(model: UpscaleHandle) -> None:
    clear = torch.cat([PICTURE, torch.full((1, 48, 80, 1), 0.25)], dim=-1)
    larger = upscale.run(model, clear, plan=PLAN)
    assert larger.shape == (1, 192, 320, 4)
    assert larger[..., 3].unique().tolist() == [0.25]
    assert larger[..., :3].equal(upscale.run(model, PICTURE, plan=PLAN))
    assert upscale.run(model, PICTURE[..., :1], plan=PLAN).shape == (1, 192, 320, 1)


def test_it_stops_within_a_tile(model: UpscaleHandle) -> None:
    upscale.run(model, PICTURE, plan=PLAN)
    watch = Listening(checks=6)
    with pytest.raises(Stopped):
        upscale.run(model, PICTURE, plan=PLAN, watch=watch)
    assert watch.heard == []


def test_tiles_are_made_smaller_where_memory_runs_out(
    model: UpscaleHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    real = enlarger.Enlarger.__call__

    def scarce(self: enlarger.Enlarger, pixels: torch.Tensor) -> torch.Tensor:
        sizes.append(max(pixels.shape[-2:]))
        if max(pixels.shape[-2:]) > 64:
            raise DeviceMemoryError("full")
        return real(self, pixels)

    monkeypatch.setattr(enlarger.Enlarger, "__call__", scarce)
    assert upscale.run(model, PICTURE, plan=PLAN, tile=128).shape == (1, 192, 320, 3)
    assert sizes == [80, 64, 64]
    with pytest.raises(DeviceMemoryError):
        upscale.run(model, PICTURE, plan=PLAN, tile=65 + 62)


def test_a_handle_is_a_value(model: UpscaleHandle) -> None:
    assert HANDLES["upscale_model"].from_tree(model.to_tree()) == model
    assert enlarger.size(model, PLAN) == 4 * sum(
        tensor.numel() for tensor in safetensors.torch.load_file(model.source.path).values()
    )
    residency.release()


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        upscale.load(tmp_path / "none.safetensors", "0" * 64)
    path = tmp_path / "other.safetensors"
    safetensors.torch.save_file({"a": torch.zeros(2)}, path)
    with pytest.raises(ModelFileError, match="no upscaling network"):
        upscale.run(upscale.load(path, "1" * 64), PICTURE, plan=PLAN)
    torch.save({"a": torch.zeros(2)}, tmp_path / "pickle.pth")
    with pytest.raises(ModelFileError, match="pickle"):
        upscale.load(tmp_path / "pickle.pth", "2" * 64)


def test_a_pickle_that_is_allowed_is_read(model: UpscaleHandle, tmp_path: Path) -> None:
    path = tmp_path / "tiny.pth"
    torch.save({"params_ema": safetensors.torch.load_file(model.source.path)}, path)
    pickled = upscale.load(path, "3" * 64, allow_pickle=True)
    assert upscale.run(pickled, PICTURE, plan=PLAN).equal(upscale.run(model, PICTURE, plan=PLAN))


def test_nothing_stands_in_for_torchvision_afterwards() -> None:
    enlarger.imported()
    assert getattr(sys.modules.get("torchvision"), "__spec__", "real") is not None
    shifted = enlarger._normalize(torch.ones(1, 3, 2, 2), [0.5, 0.0, 1.0], [0.5, 1.0, 2.0])
    assert shifted[0, :, 0, 0].tolist() == [1.0, 1.0, 0.0]


def test_a_missing_spandrel_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enlarger, "find_spec", lambda name: None)
    with pytest.raises(UnsupportedError, match="pip install"):
        enlarger.imported()
