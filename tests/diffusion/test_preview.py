"""Pictures of latents while they are sampled."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from safelight.diffusion import preview
from safelight.diffusion.latent import LatentFormat

SD1, SDXL, OTHER = LatentFormat(), LatentFormat(scale=0.13025), LatentFormat(channels=16, scale=0.3611)


def test_colours_add_up_from_the_channels() -> None:
    latent = torch.zeros(2, 4, 2, 3)
    latent[0, 1] = 1.0
    picture = preview.picture(latent, SD1)
    assert (picture.dtype, picture.shape) == (torch.uint8, (2, 3, 3))
    assert picture[1, 2].tolist() == [int((1 + value) * 127.5) for value in (0.3250, 0.4974, 0.2350)]
    assert preview.picture(torch.zeros(1, 4, 1, 1), SDXL)[0, 0].tolist() == [141, 125, 127]


@pytest.mark.parametrize("shape", [(1, 16, 8, 9), (1, 16, 5, 8, 9)])
def test_other_latents_show_their_shapes(shape: tuple[int, ...]) -> None:
    latent = torch.randn(shape, generator=torch.Generator().manual_seed(1)) * 0.01
    latent[..., :4] += 1.0
    picture = preview.picture(latent, OTHER).float()
    assert picture.shape == (8, 9, 3)
    assert (picture[:, :4].mean((0, 1)) - picture[:, 4:].mean((0, 1))).abs().max() > 60


def test_colours_of_other_latents_do_not_jump_between_steps() -> None:
    latent = torch.randn(1, 16, 8, 8, generator=torch.Generator().manual_seed(1))
    latent *= torch.arange(16, 0, -1)[None, :, None, None]
    later = preview.picture(latent * 1.01, OTHER).float()
    assert (later - preview.picture(latent, OTHER).float()).abs().max() <= 1


def test_a_large_latent_is_made_small_and_a_broken_one_black_or_grey() -> None:
    assert preview.picture(torch.randn(1, 4, 100, 200), SD1, edge=50).shape == (25, 50, 3)
    assert preview.picture(torch.full((1, 4, 2, 2), torch.nan), SD1).float().mean() <= 128
    assert preview.picture(torch.zeros(1, 16, 4, 4), OTHER).unique().tolist() == [127]
    assert preview.picture(torch.randn(1, 2, 4, 4), LatentFormat(channels=2)).shape == (4, 4, 3)


def test_a_watch_hears_of_previews() -> None:
    heard: list[Any] = []

    class Listening:
        def check(self) -> None:
            heard.append("check")

        def progress(self, done: int, total: int, preview: Any = None) -> None:
            heard.append((done, total, preview))

    watch = preview.Previewing(Listening(), SD1)
    watch.check()
    watch.progress(1, 2, preview=torch.zeros(1, 4, 2, 2))
    watch.progress(2, 2)
    assert heard[0] == "check"
    assert heard[1][2].picture().shape == (2, 2, 3)
    assert heard[2] == (2, 2, None)


def test_every_step_of_a_run_can_be_looked_at() -> None:
    from safelight.diffusion import builtin, checkpoint, latent, plan, sampling, text

    seen: list[Any] = []

    class Looking:
        def check(self) -> None:
            pass

        def progress(self, done: int, total: int, preview: Any = None) -> None:
            seen.append(preview.picture())

    loaded = checkpoint.load(builtin.builtin()["emoji"], "e" * 64)
    chosen = plan.choose(threads=1)
    prompt = text.encode(loaded.clip, "a red apple", plan=chosen, embeddings=lambda name: None)
    settings: dict[str, Any] = {"seed": 1, "steps": 3, "cfg": 1.0, "sampler_name": "euler"}
    sampling.sample(
        loaded.model,
        latent.empty(64, 64),
        prompt,
        prompt,
        scheduler="normal",
        plan=chosen,
        watch=Looking(),
        **settings,
    )
    assert [(one.dtype, tuple(one.shape)) for one in seen] == [(torch.uint8, (8, 8, 3))] * 3
    assert not seen[0].equal(seen[-1])
