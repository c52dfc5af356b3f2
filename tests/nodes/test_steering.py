"""The nodes that steer, repaint and edit, called as the functions that they are, on the model that ships."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel
from torch import Tensor

from nodes.experimental.differential_diffusion import differential_diffusion
from nodes.model.conditioning.controlnet.apply import apply
from nodes.model.conditioning.controlnet.apply_advanced import apply_advanced
from nodes.model.conditioning.controlnet.union import PictureType, set_type
from nodes.model.conditioning.inpaint import inpaint
from nodes.model.conditioning.instructpix2pix.conditioning import condition_editing
from nodes.model.conditioning.text_encode import encode_text
from nodes.model.conditioning.text_encode_controlnet import encode_text_for_controlnet
from nodes.model.latent.empty import empty_latent
from nodes.model.latent.encode import encode
from nodes.model.latent.noise_mask import set_noise_mask
from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.model.loaders.controlnet import load_controlnet
from nodes.model.sampling.ksampler import ksampler
from safelight import Context
from safelight.core.folder import Folders
from safelight.diffusion import builtin, control, plan, sampling, steering, union
from tests.checkpoint import Kept

EMOJI = builtin.builtin()["emoji"]
SETTINGS: dict[str, Any] = {"steps": 6, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
PICTURE = torch.rand(1, 64, 64, 3, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ControlNet for the model that ships, with random weights, as a folder."""
    unet = UNet2DConditionModel.from_pretrained(EMOJI / "unet", torch_dtype=torch.float32)
    module = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8, 8, 16))
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if name.startswith("controlnet_"):
                weight.copy_(torch.randn(weight.shape, generator=generator) * 0.1)
    folder = tmp_path_factory.mktemp("net")
    module.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for several kinds of pictures."""
    sizes = {"num_trans_channel": 128, "num_proj_channel": 128, "addition_time_embed_dim": 8}
    hint = {"conditioning_embedding_out_channels": (4, 8, 8, 16), "num_control_type": 8}
    levels = {"block_out_channels": (128, 224), "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D")}
    heads = {"attention_head_dim": 4, "cross_attention_dim": 128, "layers_per_block": 1}
    module = ControlNetUnionModel(**sizes, **hint, **levels, **heads)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.05)
    folder = tmp_path_factory.mktemp("several")
    module.save_pretrained(folder)
    return folder


@pytest.fixture
def ctx(tmp_path: Path, net: Path, several: Path) -> Context:
    shutil.copytree(net, tmp_path / "models" / "controlnet" / "edges")
    shutil.copytree(several, tmp_path / "models" / "controlnet" / "several")
    context = Context.plain(tmp_path, plan=plan.choose(threads=1))
    context.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    return context


@pytest.fixture
def emoji(ctx: Context) -> Loaded:
    return load_checkpoint(ctx, ckpt_name="emoji")


@pytest.fixture
def prompts(ctx: Context, emoji: Loaded) -> dict[str, Any]:
    texts = {"positive": "a red apple", "negative": ""}
    return {side: encode_text(ctx, text=text, clip=emoji.clip) for side, text in texts.items()}


def sampled(ctx: Context, emoji: Loaded, prompts: dict[str, Any], **more: Any) -> Tensor:
    given = {"model": emoji.model, "latent_image": empty_latent(width=64, height=64), "seed": 1, **prompts}
    return ksampler(ctx, **SETTINGS | given | more)["samples"]


def steered(ctx: Context, prompts: dict[str, Any], **settings: float) -> dict[str, Any]:
    net = load_controlnet(ctx, control_net_name="edges")
    return apply_advanced(**prompts, control_net=net, image=PICTURE, **settings)._asdict()


def steered_by_depth(ctx: Context, prompts: dict[str, Any]) -> dict[str, Any]:
    net = set_type(ctx, control_net=load_controlnet(ctx, control_net_name="several"), type="depth")
    return apply_advanced(**prompts, control_net=net, image=PICTURE, strength=0.5)._asdict()


def test_a_type_for_a_controlnet_of_one_kind_is_told_and_changes_nothing(ctx: Context) -> None:
    net = load_controlnet(ctx, control_net_name="edges")
    assert set_type(ctx, control_net=net, type="depth") == net
    assert ctx.warned == [
        "This ControlNet knows one kind of pictures alone, so that there is no type to choose."
    ]


def test_a_picture_steers(ctx: Context, emoji: Loaded, prompts: dict[str, Any]) -> None:
    plain = sampled(ctx, emoji, prompts)
    assert (sampled(ctx, emoji, steered(ctx, prompts)) - plain).abs().max() > 0.01
    assert torch.equal(sampled(ctx, emoji, prompts), plain)


def test_a_strength_of_zero_is_no_steering_bit_for_bit(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any]
) -> None:
    none = steered(ctx, prompts, strength=0.0)
    assert torch.equal(sampled(ctx, emoji, none), sampled(ctx, emoji, prompts))


def test_a_range_that_no_step_lies_in_is_no_steering_bit_for_bit(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any]
) -> None:
    between = steered(ctx, prompts, start_percent=0.01, end_percent=0.05)
    assert torch.equal(sampled(ctx, emoji, between), sampled(ctx, emoji, prompts))


def test_the_older_node_steers_the_negative_prompt_alike(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any]
) -> None:
    net = load_controlnet(ctx, control_net_name="edges")
    positive = apply(conditioning=prompts["positive"], control_net=net, image=PICTURE, strength=0.5)
    older = sampled(ctx, emoji, prompts | {"positive": positive})
    assert torch.equal(older, sampled(ctx, emoji, steered(ctx, prompts, strength=0.5)))


def test_a_controlnet_hears_another_text_than_the_model(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Tensor] = []
    ask = steering.ControlNetwork.__call__

    def listen(
        self: Any, hint: Tensor, strength: float, x: Tensor, step: Tensor, context: Tensor, *more: Any
    ) -> Any:
        heard.append(context)
        return ask(self, hint, strength, x, step, context, *more)

    def told(text: str) -> dict[str, Any]:
        sides = steered(ctx, prompts)
        positive = encode_text_for_controlnet(ctx, clip=emoji.clip, conditioning=sides["positive"], text=text)
        return sides | {"positive": positive}

    monkeypatch.setattr(steering.ControlNetwork, "__call__", listen)
    plain = sampled(ctx, emoji, steered(ctx, prompts))
    torch.testing.assert_close(sampled(ctx, emoji, told("a red apple")), plain, atol=1e-4, rtol=0)
    heard.clear()
    assert (sampled(ctx, emoji, told("a cat")) - plain).abs().max() > 1e-3
    cat = encode_text(ctx, text="a cat", clip=emoji.clip)[0][0]
    assert sum(torch.equal(one, cat) for one in heard) == SETTINGS["steps"]
    silent = encode_text_for_controlnet(ctx, clip=emoji.clip, conditioning=prompts["positive"], text="a cat")
    assert control.apart(silent[0][1]) == {}, "a prompt that no picture steers stays as it is"


def test_every_kind_of_picture_that_the_networks_count_can_be_chosen() -> None:
    assert get_args(PictureType) == (union.AUTO, *union.TYPES)


def test_a_steered_run_is_taken_up_where_it_was_stopped(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any]
) -> None:
    sides = steered(ctx, steered_by_depth(ctx, prompts), end_percent=0.8)
    given = SETTINGS | sides | {"seed": 1}
    latent, checkpoint = empty_latent(width=64, height=64), Kept(3)

    def run() -> Tensor:
        made = sampling.sample(emoji.model, latent, **given, plan=ctx.plan, checkpoint=checkpoint)
        return made["samples"]

    with pytest.raises(KeyboardInterrupt):
        run()
    made = run()
    assert torch.equal(made, sampled(ctx, emoji, sides))
    assert checkpoint.at == 3
    assert not torch.equal(made, sampled(ctx, emoji, steered(ctx, prompts, end_percent=0.8))), "both count"


def test_the_greys_of_a_mask_are_moments(ctx: Context, emoji: Loaded, prompts: dict[str, Any]) -> None:
    latent = encode(ctx, pixels=PICTURE, vae=emoji.vae)
    mask = torch.linspace(0, 1, 8).repeat_interleave(8).expand(1, 64, 64)
    masked = set_noise_mask(samples=latent, mask=mask)
    soft = differential_diffusion(model=emoji.model)
    made = sampled(ctx, emoji, prompts, latent_image=masked, model=soft)
    change = (made - latent["samples"]).abs().mean(dim=(0, 1, 2))
    assert change[0] < change[2] < change[4] < change[7], "the lighter the more it changes"
    assert change[7] > 3 * change[0]


def test_any_model_takes_what_is_meant_for_an_inpainting_model(
    ctx: Context, emoji: Loaded, prompts: dict[str, Any]
) -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, :, 32:] = 1.0
    *sides, latent = inpaint(ctx, **prompts, vae=emoji.vae, pixels=PICTURE, mask=mask)
    told = dict(zip(("positive", "negative"), sides, strict=True))
    made = sampled(ctx, emoji, told, latent_image=latent)
    torch.testing.assert_close(made[..., :4], latent["samples"][..., :4], atol=1e-5, rtol=0)
    assert (made[..., 4:] - latent["samples"][..., 4:]).abs().max() > 0.5


def test_editing_starts_from_an_empty_latent(ctx: Context, emoji: Loaded, prompts: dict[str, Any]) -> None:
    told = condition_editing(ctx, **prompts, vae=emoji.vae, pixels=PICTURE)
    assert not told.latent["samples"].any()
    assert "concat_latent_image" in told.negative[0][1]
