"""The nodes for latents of videos and other kinds, and old loaders, called as the functions that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from nodes.model.conditioning.normalize_start import normalize_start
from nodes.model.latent.batch.replace_frames import replace_frames
from nodes.model.latent.stable_diffusion.empty import empty_deep
from nodes.model.latent.trim import trim
from nodes.model.loaders.checkpoint import load_checkpoint
from nodes.model.loaders.checkpoint_with_config import load_with_config
from safelight import Context
from safelight.core.folder import Folders
from safelight.diffusion import builtin
from safelight.diffusion.failure import UnsupportedError

FILM: dict[str, Any] = {"samples": torch.randn(2, 4, 6, 8, 8, generator=torch.Generator().manual_seed(2))}
STILL: dict[str, Any] = {"samples": torch.zeros(1, 4, 8, 8)}


def test_an_empty_latent_of_sixteen_channels() -> None:
    made = empty_deep(width=64, height=128, batch_size=2)
    assert made["samples"].shape == (2, 16, 16, 8)


def test_the_beginning_of_a_video_is_left_out() -> None:
    mask = torch.rand(1, 1, 6, 8, 8)
    cut = trim(samples={**FILM, "noise_mask": mask}, trim_amount=2)
    assert cut["samples"].equal(FILM["samples"][:, :, 2:])
    assert cut["noise_mask"].equal(mask[:, :, 2:])
    with pytest.raises(UnsupportedError, match="6 frames are to be left out of 6"):
        trim(samples=FILM, trim_amount=6)
    with pytest.raises(UnsupportedError, match="of pictures, not of a video"):
        trim(samples=STILL)


def test_frames_are_replaced() -> None:
    source = {"samples": torch.ones(1, 4, 2, 8, 8)}
    whole = replace_frames(destination=FILM, index=-2, source=source)["samples"]
    assert whole[:, :, 4:].unique().tolist() == [1.0]
    assert whole[:, :, :4].equal(FILM["samples"][:, :, :4])
    assert replace_frames(destination=FILM) is FILM
    for index in (5, -7):
        with pytest.raises(UnsupportedError, match="do not fit into the 6"):
            replace_frames(destination=FILM, index=index, source=source)


def test_the_beginning_of_a_video_is_brought_into_line() -> None:
    near = FILM["samples"][:, :, :1].repeat(1, 1, 6, 1, 1)
    near[:, :, :2] = near[:, :, :2] * 1.05 + 0.04
    made = normalize_start(latent={"samples": near}, start_frame_count=2, reference_frame_count=4)["samples"]
    assert made[:, :, 2:].equal(near[:, :, 2:])
    wanted = near[:, :, 2:].mean((1, 2, 3, 4))
    torch.testing.assert_close(
        made[:, :, :2].mean((1, 3, 4)), wanted[:, None].expand(2, 2), atol=1e-5, rtol=0
    )
    far = {"samples": near + torch.tensor([9.0, 0, 0, 0, 0, 0]).reshape(1, 1, 6, 1, 1)}
    moved = normalize_start(latent=far, start_frame_count=1, reference_frame_count=5)["samples"][:, :, 0]
    change = far["samples"][:, :, 0].mean((1, 2, 3)) - moved.mean((1, 2, 3))
    torch.testing.assert_close(change, torch.full((2,), 0.05), atol=1e-4, rtol=0)
    assert normalize_start(latent=FILM, start_frame_count=6) is FILM


def test_a_checkpoint_is_loaded_whatever_its_config_is_called(tmp_path: Path) -> None:
    ctx = Context.plain(tmp_path)
    ctx.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    name = ctx.folders.names("checkpoints")[0]
    assert load_with_config(ctx, config_name="v1-inference.yaml", ckpt_name=name) == load_checkpoint(
        ctx, ckpt_name=name
    )
    assert "'v1-inference.yaml' is ignored" in ctx.warned[0]
