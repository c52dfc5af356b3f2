"""The nodes of hooks, called as the functions that they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from nodes.advanced.hooks.clip.assign import set_clip_hooks
from nodes.advanced.hooks.combine.eight import combine_eight
from nodes.advanced.hooks.combine.four import combine_four
from nodes.advanced.hooks.combine.two import combine_two
from nodes.advanced.hooks.cond_pair.combine import combine_pairs
from nodes.advanced.hooks.cond_pair.default import set_pair_default_and_combine
from nodes.advanced.hooks.cond_pair.properties import set_pair_properties
from nodes.advanced.hooks.cond_pair.properties_combine import set_pair_properties_and_combine
from nodes.advanced.hooks.cond_single.default import set_default_and_combine
from nodes.advanced.hooks.cond_single.properties import set_properties
from nodes.advanced.hooks.cond_single.properties_combine import set_properties_and_combine
from nodes.advanced.hooks.create.lora import hook_lora
from nodes.advanced.hooks.create.lora_model_only import hook_lora_model_only
from nodes.advanced.hooks.create.model import hook_model
from nodes.advanced.hooks.create.model_model_only import hook_model_only
from nodes.advanced.hooks.scheduling.assign import set_keyframes
from nodes.advanced.hooks.scheduling.floats import keyframes_from_floats
from nodes.advanced.hooks.scheduling.interpolated import interpolated_keyframes
from nodes.advanced.hooks.scheduling.keyframe import hook_keyframe
from nodes.advanced.hooks.timesteps import timesteps_range
from nodes.model.conditioning.text_encode import encode_text
from nodes.model.latent.empty import empty_latent
from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.model.loaders.lora import load_lora
from nodes.model.sampling.ksampler import ksampler
from safelight import BadInput, Context
from safelight.core.folder import Folders
from safelight.diffusion import builtin, plan

PLAIN: list[Any] = [[torch.ones(1, 5, 8), {"strength": 1.0}]]
OTHER: list[Any] = [[torch.zeros(1, 5, 8), {}]]
MASK = torch.ones(1, 8, 8)
TEXT_LAYER = "text_encoder.text_model.encoder.layers.0.mlp.fc1"
SETTINGS: dict[str, Any] = {"steps": 2, "cfg": 3.0, "sampler_name": "euler", "scheduler": "normal"}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    context = Context.plain(tmp_path, plan=plan.choose(threads=1))
    context.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    folder = tmp_path / "models" / "loras"
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in (("one", 0.3), ("two", 0.6)):
        tensors = {"unet.conv_in.diff_b": torch.ones(128), f"{TEXT_LAYER}.diff_b": torch.full((512,), words)}
        save_file(tensors, folder / f"{name}.safetensors")
    return context


def lora(ctx: Context, name: str = "one.safetensors", **more: Any) -> Any:
    return hook_lora(ctx, lora_name=name, **more)


def test_a_hooked_clip_and_its_prompts_give_the_picture_of_the_lora(ctx: Context) -> None:
    emoji: Loaded = load_checkpoint(ctx, ckpt_name="emoji")
    latent = empty_latent(width=64, height=64)

    def drawn(model: Any, clip: Any) -> torch.Tensor:
        sides = {
            side: encode_text(ctx, text=text, clip=clip)
            for side, text in (("positive", "a red apple"), ("negative", ""))
        }
        return ksampler(ctx, model=model, **sides, **SETTINGS, seed=1, latent_image=latent)["samples"]

    hooks = lora(ctx, strength_model=0.7, strength_clip=0.4)
    loaded = load_lora(
        ctx,
        model=emoji.model,
        clip=emoji.clip,
        lora_name="one.safetensors",
        strength_model=0.7,
        strength_clip=0.4,
    )
    hooked = drawn(emoji.model, set_clip_hooks(clip=emoji.clip, hooks=hooks))
    assert torch.equal(hooked, drawn(*loaded))
    assert not torch.equal(hooked, drawn(emoji.model, emoji.clip))
    silent = set_clip_hooks(clip=emoji.clip, hooks=lora(ctx, strength_model=0.0, strength_clip=0.0))
    assert torch.equal(drawn(emoji.model, silent), drawn(emoji.model, emoji.clip))


def test_a_scheduled_clip_encodes_a_prompt_for_each_strength(ctx: Context) -> None:
    clip = load_checkpoint(ctx, ckpt_name="emoji").clip
    frames = hook_keyframe(strength_mult=0.0, start_percent=0.5, prev_hook_kf=hook_keyframe())
    hooks = set_keyframes(hooks=lora(ctx), hook_kf=frames)
    scheduled = set_clip_hooks(clip=clip, hooks=hooks, schedule_clip=True, apply_to_conds=False)
    early, late = encode_text(ctx, text="a red apple", clip=scheduled)
    assert (early[1]["clip_end_percent"], late[1]["clip_start_percent"]) == (0.5, 0.5)
    assert "hooks" not in early[1]
    assert torch.equal(late[0], encode_text(ctx, text="a red apple", clip=clip)[0][0])
    assert not torch.equal(early[0], late[0])
    assert set_clip_hooks(clip=clip) is clip


def test_hooks_are_chained_and_combined(ctx: Context) -> None:
    one, two = lora(ctx), lora(ctx, "two.safetensors")
    chain = lora(ctx, "two.safetensors", prev_hooks=one)
    assert chain.hooks == (*one.hooks, *two.hooks)
    assert combine_two(hooks_A=one, hooks_B=two) == chain
    assert combine_four(hooks_B=one, hooks_D=one) == one
    assert combine_eight(hooks_A=one, hooks_H=two) == chain
    assert not combine_two().hooks
    assert lora(ctx, strength_model=0.0, strength_clip=0.0, prev_hooks=one) is one
    alone = hook_lora_model_only(ctx, lora_name="one.safetensors", strength_model=0.5).hooks[0]
    assert (alone.model["strength"], alone.clip) == (0.5, None)


def test_another_model_is_a_hook_too(ctx: Context) -> None:
    made = hook_model(ctx, ckpt_name="emoji", strength_model=0.5, strength_clip=0.25).hooks[0]
    assert (made.model["strength"], made.clip["strength"]) == (0.5, 0.25)
    assert made.model.other == load_checkpoint(ctx, ckpt_name="emoji").model
    only = hook_model_only(ctx, ckpt_name="emoji", prev_hooks=lora(ctx)).hooks
    assert (len(only), only[1].clip) == (2, None)


def test_keyframes_are_added_spread_and_told(ctx: Context) -> None:
    first = hook_keyframe(strength_mult=0.5)
    faded = interpolated_keyframes(
        ctx,
        strength_start=1.0,
        strength_end=0.0,
        interpolation="ease_in",
        start_percent=0.2,
        end_percent=0.6,
        keyframes_count=3,
        print_keyframes=True,
        prev_hook_kf=first,
    )
    found = [(one.strength, round(one.start, 6), one.owed) for one in faded.frames]
    assert found == [(0.5, 0.0, 1), (1.0, 0.2, 1), (0.75, 0.4, 0), (0.0, 0.6, 0)]
    assert ctx.shown["text"] == ["from 0.200 on: 1.000\nfrom 0.400 on: 0.750\nfrom 0.600 on: 0.000"]
    listed = keyframes_from_floats(ctx, floats_strength=[0.1, 0.9], prev_hook_kf=first)
    assert [(one.strength, one.start) for one in listed.frames] == [(0.5, 0.0), (0.1, 0.0), (0.9, 1.0)]
    assert keyframes_from_floats(ctx, floats_strength=2).frames[0].strength == 2.0
    hooks = lora(ctx)
    assert set_keyframes(hooks=hooks) is hooks
    assert set_keyframes(hooks=hooks, hook_kf=faded).hooks[0].frames == faded


@pytest.mark.parametrize("value", ["1, 2", [0.5, "much"], [float("nan")], {"a": 1}, [True]])
def test_strengths_that_are_no_numbers_are_refused(ctx: Context, value: Any) -> None:
    with pytest.raises(BadInput, match="in place of a number"):
        keyframes_from_floats(ctx, floats_strength=value)


def test_a_range_comes_with_what_is_left_of_the_run() -> None:
    assert timesteps_range(start_percent=0.25, end_percent=0.5) == ((0.25, 0.5), (0.0, 0.25), (0.5, 1.0))


def test_properties_are_bound_to_one_prompt_or_to_a_pair(ctx: Context) -> None:
    how = {"strength": 0.5, "mask": MASK, "hooks": lora(ctx), "timesteps": (0.1, 0.9)}
    made = set_properties(cond_NEW=PLAIN, set_cond_area="mask bounds", **how)
    told = made[0][1]
    assert (told["strength"], told["mask_strength"], told["set_area_to_bounds"]) == (1.0, 0.5, True)
    assert (told["start_percent"], told["end_percent"]) == (0.1, 0.9)
    assert told["hooks"] == how["hooks"]
    assert PLAIN[0][1] == {"strength": 1.0}
    both = set_properties_and_combine(cond=OTHER, cond_NEW=PLAIN, set_cond_area="mask bounds", **how)
    assert same(both, [*OTHER, *made])
    pair = set_pair_properties(positive_NEW=PLAIN, negative_NEW=OTHER, **how)
    assert same(pair.negative, set_properties(cond_NEW=OTHER, **how))
    more = set_pair_properties_and_combine(
        positive=OTHER, negative=PLAIN, positive_NEW=PLAIN, negative_NEW=OTHER, **how
    )
    assert same(more.positive, [*OTHER, *pair.positive])
    assert same(more.negative, [*PLAIN, *pair.negative])
    joined = combine_pairs(positive_A=PLAIN, negative_A=OTHER, positive_B=OTHER, negative_B=PLAIN)
    assert same(joined.positive, [*PLAIN, *OTHER])
    assert same(joined.negative, [*OTHER, *PLAIN])


def test_a_default_is_marked_and_alone_has_the_hooks(ctx: Context) -> None:
    hooks = lora(ctx)
    rest = set_default_and_combine(cond=PLAIN, cond_DEFAULT=OTHER, hooks=hooks)
    assert [one[1] for one in rest] == [{"strength": 1.0}, {"default": True, "hooks": hooks}]
    pair = set_pair_default_and_combine(
        positive=PLAIN, negative=PLAIN, positive_DEFAULT=OTHER, negative_DEFAULT=OTHER, hooks=hooks
    )
    assert same(pair.positive, rest)
    assert same(pair.negative, rest)


def same(one: list[Any], other: list[Any]) -> bool:
    """Whether two conditionings say the same."""
    from safelight.diffusion.fingerprint import fingerprint

    return fingerprint(one) == fingerprint(other)
