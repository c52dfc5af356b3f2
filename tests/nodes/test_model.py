"""The model nodes on the model that ships, called as the functions that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from nodes.experimental.extract_lora import extract_lora
from nodes.model.conditioning.last_layer import set_last_layer
from nodes.model.conditioning.text_encode import encode_text
from nodes.model.conditioning.transform.area import set_area
from nodes.model.conditioning.transform.area_percentage import set_area_percentage
from nodes.model.conditioning.transform.area_strength import set_area_strength
from nodes.model.conditioning.transform.average import average
from nodes.model.conditioning.transform.combine import combine
from nodes.model.conditioning.transform.concat import concat
from nodes.model.conditioning.transform.mask import set_mask
from nodes.model.conditioning.transform.timestep_range import set_timestep_range
from nodes.model.conditioning.transform.zero_out import zero_out
from nodes.model.latent.decode import decode
from nodes.model.latent.empty import empty_latent
from nodes.model.latent.encode import encode
from nodes.model.latent.encode_for_inpaint import encode_for_inpaint
from nodes.model.latent.noise_mask import set_noise_mask
from nodes.model.latent.upscale import upscale
from nodes.model.latent.upscale_by import upscale_by
from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.model.loaders.lora_model_only import load_lora_model_only
from nodes.model.merging.subtract import merge_subtract
from nodes.model.sampling.ksampler import ksampler
from nodes.model.sampling.ksampler_advanced import ksampler_advanced
from safelight import BadInput, Blocked, Context
from safelight.core.digest import ABSENT
from safelight.core.folder import Folders
from safelight.diffusion import builtin, plan, residency

APPLE = "a red apple on a blue background"
SETTINGS: dict[str, Any] = {"steps": 12, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    context = Context.plain(tmp_path, plan=plan.choose(threads=1))
    context.folders = folders
    return context


@pytest.fixture
def emoji(ctx: Context) -> Loaded:
    return load_checkpoint(ctx, ckpt_name="emoji")


@pytest.fixture
def apple(ctx: Context, emoji: Loaded) -> dict[str, Any]:
    """What a KSampler takes to draw an apple."""
    positive, negative = (encode_text(ctx, text=text, clip=emoji.clip) for text in (APPLE, ""))
    return {"model": emoji.model, "positive": positive, "negative": negative, **SETTINGS}


def test_a_prompt_becomes_its_picture(ctx: Context, emoji: Loaded, apple: dict[str, Any]) -> None:
    latent = ksampler(ctx, **apple, seed=1, latent_image=empty_latent(width=64, height=64))
    picture = decode(ctx, samples=latent, vae=emoji.vae)[0]
    assert picture.shape == (64, 64, 3)
    middle, corner = picture[24:40, 24:40].mean((0, 1)), picture[:6, :6].mean((0, 1))
    assert middle[0] > 0.7 > 0.4 > middle[2], "the middle is red"
    assert corner[2] > 0.6 > 0.4 > corner[0], "the corner is blue"


def test_two_samplers_share_one_run(ctx: Context, apple: dict[str, Any]) -> None:
    empty = empty_latent(width=64, height=64)
    whole = ksampler(ctx, **apple, seed=3, latent_image=empty)
    half = ksampler_advanced(
        ctx, **apple, noise_seed=3, latent_image=empty, end_at_step=5, return_with_leftover_noise="enable"
    )
    rest = ksampler_advanced(
        ctx, **apple, noise_seed=9, latent_image=half, start_at_step=5, add_noise="disable"
    )
    assert (half["samples"] - whole["samples"]).abs().max() > 0.1
    torch.testing.assert_close(rest["samples"], whole["samples"], atol=1e-4, rtol=0)


def test_denoise_decides_how_much_is_kept(ctx: Context, emoji: Loaded, apple: dict[str, Any]) -> None:
    start = encode(ctx, pixels=torch.full((1, 64, 64, 3), 0.9), vae=emoji.vae)
    moved = [
        (
            ksampler(ctx, **apple, seed=1, latent_image=start, denoise=part)["samples"] - start["samples"]
        ).norm()
        for part in (0.0, 0.1, 1.0)
    ]
    assert moved[0] == 0
    assert 0 < moved[1] < moved[2] / 2


def test_inpainting_keeps_what_the_mask_leaves_out(
    ctx: Context, emoji: Loaded, apple: dict[str, Any]
) -> None:
    pixels, mask = torch.full((1, 64, 64, 3), 0.9), torch.zeros(1, 64, 64)
    mask[:, :, 32:] = 1
    plainly = decode(ctx, samples=encode(ctx, pixels=pixels, vae=emoji.vae), vae=emoji.vae)
    start = encode_for_inpaint(ctx, pixels=pixels, vae=emoji.vae, mask=mask, grow_mask_by=0)
    made = decode(ctx, samples=ksampler(ctx, **apple, seed=1, latent_image=start), vae=emoji.vae)
    difference = (made - plainly).abs().mean((0, 1, 3))
    assert difference[:16].max() < 0.1 < 0.3 < difference[40:].mean()


def test_a_noise_mask_goes_with_the_latent() -> None:
    latent = empty_latent(width=64, height=32, batch_size=2)
    assert latent["samples"].shape == (2, 4, 4, 8)
    assert set_noise_mask(samples=latent, mask=torch.ones(1, 32, 64))["noise_mask"].sum() == 32 * 64
    assert "noise_mask" not in latent


def test_latents_change_their_size() -> None:
    latent = {"samples": torch.randn(1, 4, 8, 8)}
    assert upscale(samples=latent, upscale_method="bislerp", width=96, height=64)["samples"].shape[2:] == (
        8,
        12,
    )
    assert upscale(samples=latent, width=128, height=0)["samples"].shape[2:] == (16, 16)
    assert upscale_by(samples=latent, upscale_method="bicubic", scale_by=1.5)["samples"].shape[2:] == (12, 12)


def test_clip_skip_changes_the_encoding(ctx: Context, emoji: Loaded) -> None:
    skipped = set_last_layer(clip=emoji.clip, stop_at_clip_layer=-2)
    last, earlier = (encode_text(ctx, text=APPLE, clip=clip)[0][0] for clip in (emoji.clip, skipped))
    assert last.shape == earlier.shape
    assert not torch.equal(last, earlier)


def test_a_missing_embedding_is_no_failure(ctx: Context, emoji: Loaded) -> None:
    given = encode_text(ctx, text="an apple, embedding:nothing_of_that_name", clip=emoji.clip)
    assert torch.isfinite(given[0][0]).all()


def test_where_an_embedding_was_looked_for_in_vain_is_noted(ctx: Context, emoji: Loaded) -> None:
    encode_text(ctx, text="an apple, embedding:style", clip=emoji.clip)
    missing = {read.path.name for read in ctx.reads if read.digest == ABSENT}
    assert missing == {"style", "style.safetensors", "style.pt", "style.bin"}


def test_an_embedding_is_read_where_it_is_found(ctx: Context, emoji: Loaded, tmp_path: Path) -> None:
    path = tmp_path / "models" / "embeddings" / "style.safetensors"
    path.parent.mkdir(parents=True)
    width = encode_text(ctx, text="", clip=emoji.clip)[0][0].shape[-1]
    save_file({"emb_params": torch.ones(1, width)}, path)
    styled, plain = (
        encode_text(ctx, text=text, clip=emoji.clip)[0][0]
        for text in ("an apple, embedding:style", "an apple,")
    )
    assert not torch.equal(styled, plain)
    assert path in {read.path for read in ctx.reads if read.digest != ABSENT}


def test_a_checkpoint_that_is_not_there_is_named(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Did you mean 'emoji'"):
        load_checkpoint(ctx, ckpt_name="emojis")


def test_a_checkpoint_without_a_text_encoder_blocks_only_that(ctx: Context) -> None:
    whole = builtin.builtin()["emoji"]
    folder = ctx.folders.root("checkpoints") / "bare"
    folder.mkdir(parents=True)
    for name in ("unet", "model_index.json"):
        (folder / name).symlink_to(whole / name)
    model, clip, vae = load_checkpoint(ctx, ckpt_name="bare")
    assert model.source.part == "unet"
    assert [type(clip), type(vae)] == [Blocked, Blocked]
    assert "text encoder" in clip.message


def entry(**options: Any) -> list[Any]:
    return [[torch.ones(1, 2, 3), {"pooled_output": None, **options}]]


def test_conditionings_are_combined_joined_and_blended() -> None:
    one, other = entry(), [[torch.zeros(1, 4, 3), {"pooled_output": None}]]
    assert len(combine(conditioning_1=one, conditioning_2=other)) == 2
    assert concat(conditioning_to=one, conditioning_from=other)[0][0].shape == (1, 6, 3)
    blend = average(conditioning_to=one, conditioning_from=other, conditioning_to_strength=0.25)
    assert blend[0][0][0, :2].eq(0.25).all()
    assert zero_out(conditioning=one)[0][0].abs().sum() == 0


def test_conditionings_are_limited_in_place_and_time() -> None:
    given = entry()
    limits = [
        set_area(conditioning=given, width=128, height=64, x=8, y=16, strength=0.5),
        set_area_percentage(conditioning=given, width=0.5, height=0.25, x=0.1, y=0.2),
        set_area_strength(conditioning=given, strength=2.0),
        set_mask(conditioning=given, mask=torch.ones(8, 8), strength=0.5, set_cond_area="mask bounds"),
        set_timestep_range(conditioning=given, start=0.25, end=0.75),
    ]
    area, share, strength, mask, moment = (changed[0][1] for changed in limits)
    assert (area["area"], area["strength"]) == ((8, 16, 2, 1), 0.5)
    assert share["area"] == ("percentage", 0.25, 0.5, 0.2, 0.1)
    assert strength["strength"] == 2.0
    assert (mask["mask"].shape, mask["mask_strength"], mask["set_area_to_bounds"]) == ((1, 8, 8), 0.5, True)
    assert (moment["start_percent"], moment["end_percent"]) == (0.25, 0.75)
    assert list(given[0][1]) == ["pooled_output"], "what was given is as it was"


def test_a_difference_is_saved_as_a_lora_that_can_be_loaded(
    ctx: Context, emoji: Loaded, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="no difference"):
        extract_lora(ctx)
    (tmp_path / "models" / "loras").mkdir(parents=True)
    save_file({"unet.conv_out.diff_b": torch.ones(4)}, tmp_path / "models" / "loras" / "one.safetensors")
    brighter = load_lora_model_only(ctx, model=emoji.model, lora_name="one.safetensors")
    extract_lora(ctx, model_diff=merge_subtract(model1=brighter, model2=emoji.model))
    (saved,) = (tmp_path / "output" / "loras").iterdir()
    saved.rename(tmp_path / "models" / "loras" / "two.safetensors")
    loaded = load_lora_model_only(ctx, model=emoji.model, lora_name="two.safetensors")
    weights = []
    for model in (brighter, loaded):
        with residency.lend(model, ctx.plan) as network:
            weights.append(network.tensors()["conv_out.bias"].clone())
    torch.testing.assert_close(*weights)
