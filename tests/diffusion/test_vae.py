"""The VAE against diffusers, tiles, and masks for inpainting."""

import pytest
import torch
from diffusers import AutoencoderKL

from safelight.diffusion import builtin, residency, vae
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import DeviceMemoryError
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def theirs() -> AutoencoderKL:
    return AutoencoderKL.from_pretrained(builtin.builtin()["emoji"] / "vae", torch_dtype=torch.float32)


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return torch.rand(2, 64, 64, 3, generator=torch.Generator().manual_seed(0))


def test_decoding_equals_diffusers(emoji: Checkpoint, plan: Plan, theirs: AutoencoderKL) -> None:
    latents = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = torch.cat([theirs.decode(latent[None]).sample for latent in latents])
    pictures = vae.decode(emoji.vae, latents, plan=plan)
    assert pictures.shape == (2, 64, 64, 3)
    assert torch.equal(pictures, ((expected + 1) / 2).clamp(0, 1).movedim(1, -1))


def test_encoding_is_the_mean_that_diffusers_gives(
    emoji: Checkpoint, plan: Plan, theirs: AutoencoderKL, pixels: torch.Tensor
) -> None:
    with torch.no_grad():
        upright = pixels.movedim(-1, 1).contiguous() * 2 - 1
        means = [theirs.encode(one[None]).latent_dist.mean for one in upright]
    assert torch.equal(vae.encode(emoji.vae, pixels, plan=plan), torch.cat(means))


def test_a_batch_is_the_same_as_single_pictures(emoji: Checkpoint, plan: Plan) -> None:
    latents = torch.randn(3, 4, 8, 8)
    whole = vae.decode(emoji.vae, latents, plan=plan)
    assert torch.equal(whole, torch.cat([vae.decode(emoji.vae, one[None], plan=plan) for one in latents]))


def test_alpha_is_left_out_and_odd_rims_are_cut_about_the_middle(
    emoji: Checkpoint, plan: Plan, pixels: torch.Tensor
) -> None:
    framed = torch.rand(2, 67, 65, 4)
    framed[:, 1:65, 0:64, :3] = pixels
    assert torch.equal(vae.encode(emoji.vae, framed, plan=plan), vae.encode(emoji.vae, pixels, plan=plan))


@pytest.fixture(scope="module")
def smooth() -> torch.Tensor:
    rough = torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(3)) * 0.3
    return torch.nn.functional.interpolate(rough, size=(24, 40), mode="bicubic")


def test_a_picture_in_tiles_is_close_to_the_whole(
    emoji: Checkpoint, plan: Plan, smooth: torch.Tensor
) -> None:
    whole = vae.decode(emoji.vae, smooth, plan=plan)
    tiled = vae.decode(emoji.vae, smooth, plan=Plan(tile=128, threads=1))
    assert tiled.shape == whole.shape == (1, 192, 320, 3)
    assert 0 < (tiled - whole).abs().mean() < 0.1


def test_pictures_no_larger_than_a_tile_are_whole(
    emoji: Checkpoint, plan: Plan, pixels: torch.Tensor
) -> None:
    latents = vae.encode(emoji.vae, pixels, plan=plan)
    assert torch.equal(latents, vae.encode(emoji.vae, pixels, plan=Plan(tile=64, threads=1)))


def test_encoding_in_tiles_is_close_to_the_whole(emoji: Checkpoint, plan: Plan) -> None:
    pixels = torch.nn.functional.interpolate(torch.rand(1, 3, 6, 6), size=(136, 200), mode="bicubic")
    pixels = pixels.clamp(0, 1).movedim(1, -1)
    whole = vae.encode(emoji.vae, pixels, plan=plan)
    tiled = vae.encode(emoji.vae, pixels, plan=Plan(tile=96, threads=1))
    assert tiled.shape == whole.shape == (1, 4, 17, 25)
    assert 0 < (tiled - whole).abs().mean() < 0.1 * whole.std()


def test_inpainting_greys_what_is_masked_and_grows_the_mask(
    emoji: Checkpoint, plan: Plan, pixels: torch.Tensor
) -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, 20:30, 20:30] = 1
    latent = vae.encode_for_inpaint(emoji.vae, pixels[:1], mask, 6, plan=plan)
    grey = pixels[:1].clone()
    grey[:, 20:30, 20:30] = 0.5
    assert torch.equal(latent["samples"], vae.encode(emoji.vae, grey, plan=plan))
    assert latent["noise_mask"].shape == (1, 1, 64, 64)
    rows = latent["noise_mask"][0, 0].any(dim=1).nonzero().flatten()
    assert (int(rows[0]), int(rows[-1])) == (18, 32)


def test_a_mask_of_another_size_is_fitted_to_the_picture(
    emoji: Checkpoint, plan: Plan, pixels: torch.Tensor
) -> None:
    latent = vae.encode_for_inpaint(emoji.vae, pixels[:1], torch.ones(1, 16, 16), 0, plan=plan)
    assert latent["noise_mask"].shape == (1, 1, 64, 64)
    assert latent["noise_mask"].all()


def test_decoding_stops_when_the_watch_says_so(emoji: Checkpoint, plan: Plan) -> None:
    class Stop:
        def __init__(self, after: int) -> None:
            self.left = after

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt

        def progress(self, done: int, total: int, preview: torch.Tensor | None = None) -> None: ...

    vae.decode(emoji.vae, torch.zeros(1, 4, 8, 8), plan=plan)
    with pytest.raises(KeyboardInterrupt):
        vae.decode(emoji.vae, torch.zeros(1, 4, 8, 8), plan=plan, watch=Stop(after=4))


def test_running_out_of_memory_while_decoding_says_so(
    emoji: Checkpoint, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(_: torch.Tensor) -> torch.Tensor:
        return torch.empty(1 << 60)

    with residency.lend(emoji.vae, plan) as model:
        monkeypatch.setattr(model, "decode", too_large)
        with pytest.raises(DeviceMemoryError, match="while decoding a picture"):
            vae.decode(emoji.vae, torch.zeros(1, 4, 8, 8), plan=plan)
