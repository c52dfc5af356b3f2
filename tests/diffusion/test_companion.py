"""What models for inpainting and editing see beside the latent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from safelight.diffusion import checkpoint, companion, residency, single, vae
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.companion import EDITING, GREY, INPAINTING, beside
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import Area, Entry
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.plan import Plan

FORM = LatentFormat(scale=0.5)
LATENT = torch.randn(2, 4, 8, 12, generator=torch.Generator().manual_seed(1))
PICTURE = torch.randn(1, 4, 8, 12, generator=torch.Generator().manual_seed(2))
MASK = torch.zeros(1, 1, 64, 96)
MASK[..., 48:] = 1.0
CELLS = torch.zeros(2, 1, 8, 12)
CELLS[..., 6:] = 1.0


def test_an_inpainting_model_sees_the_mask_and_the_scaled_picture() -> None:
    seen = beside({"concat_mask": MASK, "concat_latent_image": PICTURE}, LATENT, FORM, INPAINTING)
    assert torch.equal(seen, torch.cat([CELLS, (PICTURE * 0.5).expand(2, -1, -1, -1)], dim=1))


def test_a_mask_is_seen_without_greys() -> None:
    seen = beside({"concat_mask": MASK * 0.6, "concat_latent_image": PICTURE}, LATENT, FORM, INPAINTING)
    assert torch.equal(seen[:, :1], CELLS)


def test_without_a_picture_of_its_own_it_sees_the_latent_and_the_runs_mask() -> None:
    seen = beside({"denoise_mask": CELLS}, LATENT, FORM, INPAINTING)
    assert torch.equal(seen, torch.cat([CELLS, LATENT], dim=1))


def test_without_any_mask_it_sees_grey_that_is_to_be_made_anew() -> None:
    seen = beside({"denoise_mask": None}, LATENT, FORM, INPAINTING)
    assert seen.shape == (2, 5, 8, 12)
    assert bool((seen[:, 0] == 1).all())
    assert seen[1, 1:, 3, 3].tolist() == pytest.approx(GREY)


def test_an_editing_model_sees_the_picture_as_the_vae_gives_it() -> None:
    seen = beside({"concat_latent_image": PICTURE}, LATENT, FORM, EDITING)
    assert torch.equal(seen, PICTURE.expand(2, -1, -1, -1))
    assert not beside({}, LATENT, FORM, EDITING).any()


def test_a_picture_of_another_size_is_brought_to_the_latents() -> None:
    assert (
        beside({"concat_latent_image": torch.ones(1, 4, 5, 20)}, LATENT, FORM, EDITING).shape == LATENT.shape
    )


def test_in_an_area_the_model_sees_that_part_of_it() -> None:
    class Listening:
        class sampling:  # noqa: N801
            @staticmethod
            def scaling(_sigma: float) -> object:
                return type("Scaling", (), {"in_": 1.0, "skip": 0.0, "out": 1.0})

            @staticmethod
            def timestep(sigma: float) -> float:
                return sigma

        def __call__(self, x: torch.Tensor, *_: object, beside: torch.Tensor) -> torch.Tensor:
            self.seen = beside
            return x

    network, picture = Listening(), torch.arange(96.0).reshape(1, 1, 8, 12)
    told = Entry(torch.zeros(1, 7, 8), {"beside": picture}, (8, 12), Area(2, 3, 4, 5))
    Denoiser(network)(LATENT, 1.0, [[told]])  # type: ignore[arg-type]
    assert torch.equal(network.seen, picture[..., 4:6, 5:8].expand(2, -1, -1, -1))


def test_a_picture_is_greyed_under_its_mask_and_kept_beside_it(emoji: Checkpoint, plan: Plan) -> None:
    assert emoji.vae is not None
    pixels = torch.rand(1, 67, 64, 3, generator=torch.Generator().manual_seed(3))
    mask = torch.zeros(1, 67, 64)
    mask[:, :, 32:] = 0.7
    told = companion.inpainting([["p", {"a": 1}]], [["n", {}]], emoji.vae, pixels, mask, plan=plan)
    grey = pixels[:, 1:65].clone()
    grey[:, :, 32:] = 0.5
    [[_, options]] = told.positive
    assert options["a"] == 1
    torch.testing.assert_close(options["concat_latent_image"], vae.encode(emoji.vae, grey, plan=plan))
    assert torch.equal(options["concat_mask"], mask[:, None, 1:65])
    assert told.negative[0][1].keys() == {"concat_latent_image", "concat_mask"}
    assert torch.equal(told.latent["samples"], vae.encode(emoji.vae, pixels, plan=plan))
    assert torch.equal(told.latent["noise_mask"], options["concat_mask"])
    bare = companion.inpainting([["p", {}]], [["n", {}]], emoji.vae, pixels, mask, False, plan=plan)
    assert bare.latent.keys() == {"samples"}


def test_an_edited_picture_is_seen_and_the_latent_is_empty(emoji: Checkpoint, plan: Plan) -> None:
    assert emoji.vae is not None
    pixels = torch.rand(1, 64, 64, 3, generator=torch.Generator().manual_seed(3))
    told = companion.editing([["p", {}]], [["n", {}]], emoji.vae, pixels, plan=plan)
    seen = vae.encode(emoji.vae, pixels, plan=plan)
    assert torch.equal(told.positive[0][1]["concat_latent_image"], seen)
    assert torch.equal(told.negative[0][1]["concat_latent_image"], seen)
    assert told.latent["samples"].shape == seen.shape
    assert not told.latent["samples"].any()


@pytest.mark.parametrize(("family", "channels"), [("sd15", 9), ("sd15", 8), ("sdxl", 9)])
def test_a_file_with_more_input_channels_gives_a_network_that_takes_them(
    original: Callable[[str], Path], plan: Plan, tmp_path: Path, family: str, channels: int
) -> None:
    tensors, first = load_file(original(family)), "model.diffusion_model.input_blocks.0.0.weight"
    wide = torch.randn(len(tensors[first]), channels, 3, 3).half()
    wide[:, :4] = tensors[first]
    save_file({**tensors, first: wide}, tmp_path / "wide.safetensors")
    handles = [
        checkpoint.load(path, f"{path} {family}").model
        for path in (tmp_path / "wide.safetensors", original(family))
    ]
    width = single.definition(family)["unet"]["cross_attention_dim"]
    context, entry = torch.ones(1, 7, width), {"pooled_output": torch.ones(1, 1280)}
    x, timestep = torch.randn(1, 4, 8, 8), torch.tensor([500.0])
    with residency.lend(handles[0], plan) as network, residency.lend(handles[1], plan) as plain:
        assert network.latent.channels == 4
        told = network.extras(entry, x)
        assert told["beside"].shape == (1, channels - 4, 8, 8)
        unseen = network(x, timestep, context, **{**told, "beside": torch.zeros_like(told["beside"])})
        torch.testing.assert_close(unseen, plain(x, timestep, context, **plain.extras(entry, x)))
        seen = network(x, timestep, context, **{**told, "beside": torch.ones_like(told["beside"])})
        assert (seen - unseen).abs().max() > 1e-4
