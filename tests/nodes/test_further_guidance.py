"""The nodes that bend guidance and attention, on the model that ships, and those that load and tell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from nodes.advanced.guidance.bounded import bounded_guidance
from nodes.advanced.guidance.tangential import tangential_guidance
from nodes.experimental.attention_experiments.cross_attention import multiply_cross_attention
from nodes.experimental.attention_experiments.self_attention import multiply_self_attention
from nodes.experimental.attention_experiments.text_attention import multiply_text_attention
from nodes.experimental.biased_guidance import biased_guidance
from nodes.experimental.euler_cfg_pp import euler_cfg_pp
from nodes.experimental.fresca import frequency_guidance
from nodes.experimental.self_attention_guidance import self_attention_guidance
from nodes.model.conditioning.stable_diffusion.sdxl_refiner import encode_sdxl_refiner
from nodes.model.latent.advanced.operations.apply_to_guidance import apply_to_guidance
from nodes.model.latent.advanced.operations.tonemap import tonemap
from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.model.loaders.diffusers import load_diffusers
from nodes.model.loaders.lora import load_lora
from nodes.model.loaders.lora_bypass import load_lora_bypass
from nodes.model.loaders.lora_bypass_model_only import load_lora_bypass_model_only
from nodes.model.loaders.lora_model_only import load_lora_model_only
from nodes.model.patch.renormed import renormed_guidance
from nodes.model.patch.tiles import sample_in_tiles
from nodes.model.patch.unet.epsilon_scaling import epsilon_scaling
from nodes.model.patch.unet.score_rescaling import score_rescaling
from nodes.model.sampling.guiders.video_linear import guide_upwards
from nodes.model.sampling.guiders.video_triangle import guide_there_and_back
from nodes.model.sampling.ksampler import ksampler
from nodes.model.sampling.samplers.lcm import lcm
from safelight import BadInput, Context, Model
from safelight.core.folder import Folders
from safelight.diffusion import builtin, plan

PLAN = plan.choose(threads=1)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    context = Context.plain(tmp_path, plan=PLAN)
    context.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    return context


@pytest.fixture
def emoji(ctx: Context) -> Loaded:
    return load_checkpoint(ctx, ckpt_name="emoji")


WAYS: dict[str, Callable[[Model], Model]] = {
    "bounded": lambda model: bounded_guidance(model=model).patched_model,
    "tangential": lambda model: tangential_guidance(model=model).patched_model,
    "biased": lambda model: biased_guidance(model=model).patched_model,
    "fresca": lambda model: frequency_guidance(model=model, freq_cutoff=2),
    "sag": lambda model: self_attention_guidance(model=model),
    "renormed": lambda model: renormed_guidance(model=model),
    "epsilon": lambda model: epsilon_scaling(model=model),
    "upwards": lambda model: guide_upwards(model=model, min_cfg=2.0),
    "there and back": lambda model: guide_there_and_back(model=model),
    "rescored": lambda model: score_rescaling(model=model).patched_model,
    "operated": lambda model: apply_to_guidance(model=model, operation=tonemap()),
    "self attention": lambda model: multiply_self_attention(model=model, v=1.1),
    "cross attention": lambda model: multiply_cross_attention(model=model, k=1.2),
}


def picture(ctx: Context, emoji: Loaded, model: Model, width: int = 8) -> torch.Tensor:
    prompts = torch.randn(2, 1, 24, 128, generator=torch.Generator().manual_seed(1))
    positive, negative = ([[prompt, {}]] for prompt in prompts)
    latent = {"samples": torch.zeros(1, 4, 8, width)}
    return ksampler(
        ctx, model=model, seed=1, steps=2, cfg=6.0, positive=positive, negative=negative, latent_image=latent
    )["samples"]


def test_each_way_changes_the_picture_and_stays_with_numbers(ctx: Context, emoji: Loaded) -> None:
    plain = picture(ctx, emoji, emoji.model)
    found = {name: picture(ctx, emoji, way(emoji.model)) for name, way in WAYS.items()}
    assert {name for name, one in found.items() if torch.equal(one, plain)} == set()
    assert all(one.isfinite().all() for one in found.values())


def test_a_wide_picture_is_sampled_in_tiles(ctx: Context, emoji: Loaded) -> None:
    tiled = sample_in_tiles(model=emoji.model, tile_size=64, overlap=16)
    assert torch.equal(picture(ctx, emoji, tiled), picture(ctx, emoji, emoji.model))
    whole, parts = picture(ctx, emoji, emoji.model, 14), picture(ctx, emoji, tiled, 14)
    assert whole.shape == parts.shape
    assert not torch.equal(whole, parts)


def test_bounding_before_guidance_is_refused(emoji: Loaded) -> None:
    with pytest.raises(BadInput, match="pre_cfg"):
        bounded_guidance(model=emoji.model, pre_cfg=True)


def test_text_attention_is_another_text_encoder(emoji: Loaded) -> None:
    assert multiply_text_attention(clip=emoji.clip, q=2.0).key != emoji.clip.key
    assert multiply_text_attention(clip=emoji.clip) is emoji.clip


def test_samplers_come_with_their_settings() -> None:
    assert euler_cfg_pp(version="regular").name == "euler_cfg_pp"
    assert euler_cfg_pp(version="alternative").name == "euler_pp"
    assert dict(lcm(s_noise=0.5).settings) == {"s_noise": 0.5, "s_noise_end": 1.0, "noise_clip_std": 0.0}


def test_the_refiner_is_told_a_score_and_a_size(ctx: Context, emoji: Loaded) -> None:
    ((tensor, told),) = encode_sdxl_refiner(
        ctx, ascore=2.5, width=640, height=480, text="cat", clip=emoji.clip
    )
    assert tensor.shape == (1, 24, 128)
    assert {name: told[name] for name in ("aesthetic_score", "width", "height")} == {
        "aesthetic_score": 2.5,
        "width": 640,
        "height": 480,
    }


def test_bypassing_loras_are_the_plain_ones(ctx: Context, emoji: Loaded) -> None:
    path = ctx.folders.root("loras") / "moved.safetensors"
    path.parent.mkdir(parents=True)
    save_file({"lora_unet_conv_in.diff_b": torch.full((128,), 0.5)}, path)
    plain = load_lora(ctx, model=emoji.model, clip=emoji.clip, lora_name="moved.safetensors")
    assert load_lora_bypass(ctx, model=emoji.model, clip=emoji.clip, lora_name="moved.safetensors") == plain
    alone = load_lora_bypass_model_only(ctx, model=emoji.model, lora_name="moved.safetensors")
    assert alone.key == load_lora_model_only(ctx, model=emoji.model, lora_name="moved.safetensors").key


def test_a_diffusers_folder_is_loaded_from_its_own_place(ctx: Context, emoji: Loaded) -> None:
    shutil.copytree(builtin.builtin()["emoji"], ctx.folders.root("diffusers") / "mine")
    assert ctx.folders.names("diffusers") == ["mine"]
    assert load_diffusers(ctx, model_path="mine").model.key == emoji.model.key
