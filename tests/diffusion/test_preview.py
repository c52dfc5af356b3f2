"""Pictures of latents while they are sampled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderTiny
from safetensors.torch import save_file

from safelight.diffusion import preview, residency, taesd
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.plan import Plan

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


def test_a_models_folder_says_what_its_channels_look_like(emoji: Checkpoint, plan: Plan) -> None:
    with residency.lend(emoji.model, plan) as network:
        own = network.latent
    assert own.colours is not None
    latent = torch.randn(1, 4, 3, 3, generator=torch.Generator().manual_seed(1))
    rows, bias = torch.tensor(own.colours.rows), torch.tensor(own.colours.bias)
    expected = ((latent[0].movedim(0, -1) @ rows + bias + 1) * 127.5).clamp(0, 255).byte()
    assert torch.equal(preview.picture(latent, own), expected)


class Nowhere:
    """Folders in which only what was put there is found."""

    def __init__(self, **files: Path) -> None:
        self.files = files
        self.asked: list[tuple[str, str]] = []

    def find(self, kind: str, name: str) -> Path | None:
        self.asked.append((kind, name))
        return self.files.get(name.removesuffix(".safetensors"))


LATENT = preview.Preview(torch.randn(1, 4, 6, 9, generator=torch.Generator().manual_seed(2)), SD1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A random AutoencoderTiny, and its decoder in a file with the original's numbers."""
    torch.manual_seed(3)
    model: Any = AutoencoderTiny(decoder_block_out_channels=(8,) * 4).eval()  # type: ignore[no-untyped-call]
    tensors = {
        f"{int(name.split('.')[0]) + 1}.{name.partition('.')[2]}": tensor
        for name, tensor in model.decoder.layers.state_dict().items()
    }
    path = tmp_path_factory.mktemp("vae_approx") / "taesd_decoder.safetensors"
    save_file(tensors, path)
    assert {"1.weight", "3.conv.0.weight", "18.conv.4.bias", "19.weight"} <= set(tensors)
    return model, path


def test_a_tiny_decoder_that_is_there_shows_the_picture(tiny: tuple[Any, Path]) -> None:
    model, path = tiny
    viewer = preview.Viewer("auto", Nowhere(taesd_decoder=path).find)
    with torch.no_grad():
        expected = model.decode(LATENT.samples).sample[0].movedim(0, -1)
    shown = viewer.show(LATENT)
    assert shown is not None
    assert shown.shape == (48, 72, 3)
    assert (shown.float() - (expected * 127.5 + 127.5).clamp(0, 255)).abs().max() <= 1
    small = viewer.show(LATENT, edge=32)
    assert small is not None
    assert max(small.shape) <= 32


def test_diffusers_names_are_read_too(tiny: tuple[Any, Path], tmp_path: Path) -> None:
    model, path = tiny
    save_file(dict(model.state_dict()), tmp_path / "whole.safetensors")
    assert torch.equal(
        taesd.load(tmp_path / "whole.safetensors")(LATENT.samples), taesd.load(path)(LATENT.samples)
    )


def test_a_job_says_how_it_is_shown(tiny: tuple[Any, Path]) -> None:
    there, nowhere = Nowhere(taesd_decoder=tiny[1]), Nowhere()
    plain = preview.picture(LATENT.samples, SD1)
    assert preview.Viewer("none", there.find).show(LATENT) is None
    assert torch.equal(preview.Viewer("latent2rgb", there.find).show(LATENT), plain)  # type: ignore[arg-type]
    assert there.asked == []
    for method in ("auto", "taesd", "a method of another program"):
        assert torch.equal(preview.Viewer(method, nowhere.find).show(LATENT), plain)  # type: ignore[arg-type]
    assert nowhere.asked == [("vae_approx", "taesd_decoder.safetensors")] * 3


def test_the_decoder_is_that_of_the_latents_kind() -> None:
    names = [taesd.name(format) for format in (SD1, SDXL, OTHER, LatentFormat(16, scale=1.5305))]
    assert names == ["taesd_decoder", "taesdxl_decoder", "taef1_decoder", "taesd3_decoder"]
    assert taesd.name(LatentFormat(channels=12)) is None


def test_a_file_that_is_no_decoder_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save_file({"weight": torch.zeros(2)}, tmp_path / "odd.safetensors")
    viewer = preview.Viewer("taesd", Nowhere(taesd_decoder=tmp_path / "odd.safetensors").find)
    for _ in range(2):
        assert torch.equal(viewer.show(LATENT), preview.picture(LATENT.samples, SD1))  # type: ignore[arg-type]
    told = "previews show colours alone: odd.safetensors is no TAESD decoder."
    assert [record.message for record in caplog.records] == [f"{told} Choose another file, or take it away."]
