"""Packs sample, guide and encode through ComfyUI's functions, and get what our own nodes give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from safelight.core.graph import Graph, Link

PACK = (Path(__file__).parent / "packs" / "models.py").read_text()


@pytest.fixture
def toys(one: Callable[[str, str], Any]) -> Any:
    return one("models", PACK)


@pytest.fixture
def graph(toys: Any) -> Graph:
    made = Graph()
    name = toys.engine.folders.names("checkpoints")[0]
    made.add("load", "CheckpointLoaderSimple", ckpt_name=name)
    made.add("yes", "CLIPTextEncode", clip=Link("load", 1), text="a red apple")
    made.add("no", "CLIPTextEncode", clip=Link("load", 1), text="")
    made.add("empty", "EmptyLatentImage", width=32, height=32, batch_size=1)
    return made


def ours(graph: Graph, id: str, model: Link, sampler: str = "euler", cfg: float = 3.0) -> Link:
    """Our own KSampler on it."""
    return graph.add(
        id,
        "KSampler",
        model=model,
        seed=5,
        steps=3,
        cfg=cfg,
        sampler_name=sampler,
        scheduler="normal",
        positive=Link("yes"),
        negative=Link("no"),
        latent_image=Link("empty"),
    )


def samples(house: Any, graph: Graph, id: str, slot: int = 0) -> torch.Tensor:
    return house.value(graph, id, slot)["samples"]


@pytest.mark.parametrize(
    "sampler", ["euler", "dpmpp_2m", "euler_ancestral", "dpmpp_2m_sde", "uni_pc", "euler_cfg_pp"]
)
def test_common_ksampler_gives_what_our_ksampler_gives(toys: Any, graph: Graph, sampler: str) -> None:
    ours(graph, "ours", Link("load"), sampler)
    graph.add(
        "theirs",
        "ToySample",
        model=Link("load"),
        positive=Link("yes"),
        negative=Link("no"),
        latent=Link("empty"),
        sampler=sampler,
    )
    torch.testing.assert_close(
        samples(toys, graph, "theirs"), samples(toys, graph, "ours"), rtol=1e-4, atol=1e-4
    )


def test_a_samplers_function_of_a_packs_own_walks_as_ours_does(toys: Any, graph: Graph) -> None:
    ours(graph, "ours", Link("load"), cfg=1.0)
    graph.add("theirs", "ToyCustom", model=Link("load"), cond=Link("yes"), latent=Link("empty"))
    expected = samples(toys, graph, "ours")
    torch.testing.assert_close(samples(toys, graph, "theirs"), expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(samples(toys, graph, "theirs", 1), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("how", ["cfg", "unet"])
def test_functions_around_a_model_that_change_nothing_change_nothing(
    toys: Any, graph: Graph, how: str
) -> None:
    ours(graph, "ours", Link("load"))
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how=how)
    ours(graph, "theirs", hooked)
    torch.testing.assert_close(
        samples(toys, graph, "theirs"), samples(toys, graph, "ours"), rtol=1e-4, atol=1e-4
    )


def test_a_wrapper_of_the_denoiser_sees_both_sides_and_the_levels(toys: Any, graph: Graph) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how="unet")
    ours(graph, "theirs", hooked)
    toys.value(graph, "theirs")
    from custom_nodes import models

    which, levels = zip(*models.SEEN, strict=True)
    assert list(levels) == sorted(levels, reverse=True)
    assert [sorted(one) for one in which] == [[0, 1]] * 3


@pytest.mark.parametrize("how", ["post", "wrapper", "pre"])
def test_functions_around_guidance_decide_what_comes_out(toys: Any, graph: Graph, how: str) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how=how)
    ours(graph, "theirs", hooked)
    assert not samples(toys, graph, "theirs").any()


def test_a_packs_levels_are_those_that_are_walked(toys: Any, graph: Graph) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how="flow")
    ours(graph, "theirs", hooked)
    ours(graph, "ours", Link("load"))
    assert not torch.allclose(samples(toys, graph, "theirs"), samples(toys, graph, "ours"), atol=1e-2)


@pytest.mark.parametrize("how", ["attn", "blocks"])
def test_what_a_pack_puts_inside_of_the_model_changes_the_picture(toys: Any, graph: Graph, how: str) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how=how)
    ours(graph, "theirs", hooked)
    ours(graph, "ours", Link("load"))
    changed, plain = samples(toys, graph, "theirs"), samples(toys, graph, "ours")
    assert changed.isfinite().all()
    assert not torch.allclose(changed, plain, atol=1e-3)


def test_a_patch_inside_that_changes_nothing_is_told_where_and_when_it_is(toys: Any, graph: Graph) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how="inputs")
    ours(graph, "theirs", hooked)
    ours(graph, "ours", Link("load"))
    torch.testing.assert_close(
        samples(toys, graph, "theirs"), samples(toys, graph, "ours"), rtol=1e-4, atol=1e-4
    )
    from custom_nodes import models

    blocks, sides, levels = zip(*models.SEEN, strict=True)
    assert blocks == (("input", 3), ("middle", 0), ("output", 0), ("output", 1)) * 3
    assert {tuple(sorted(one)) for one in sides} == {(0, 1)}
    assert len(set(levels)) == 3
    again = graph.add("again", "KSampler", **graph.nodes["ours"].inputs)
    assert torch.equal(samples(toys, graph, again.node), samples(toys, graph, "ours")), "nothing of it stays"


def test_what_reaches_deeper_is_refused_by_name_when_it_runs(toys: Any, graph: Graph) -> None:
    hooked = graph.add("hook", "ToyHook", model=Link("load"), how="emb")
    toys.run(graph, "hook").raise_for_error()
    ours(graph, "theirs", hooked)
    error = str(toys.run(graph, "theirs").error)
    assert "needs ComfyUI's transformer_options['patches']['emb_patch']" in error


def test_our_custom_sampling_takes_a_packs_sampler(toys: Any, graph: Graph) -> None:
    graph.add("sampler", "ToySampler")
    graph.add("sigmas", "BasicScheduler", model=Link("load"), scheduler="normal", steps=3, denoise=1.0)
    for id, sampler in (
        ("theirs", Link("sampler")),
        ("ours", graph.add("euler", "KSamplerSelect", sampler_name="euler")),
    ):
        graph.add(
            id,
            "SamplerCustom",
            model=Link("load"),
            add_noise=True,
            noise_seed=5,
            cfg=3.0,
            positive=Link("yes"),
            negative=Link("no"),
            sampler=sampler,
            sigmas=Link("sigmas"),
            latent_image=Link("empty"),
        )
    torch.testing.assert_close(
        samples(toys, graph, "theirs"), samples(toys, graph, "ours"), rtol=1e-4, atol=1e-4
    )


def test_tokens_encode_to_what_our_own_node_gives(toys: Any, graph: Graph) -> None:
    text = "a (red:1.3) apple"
    graph.add("theirs", "ToyEncode", clip=Link("load", 1), text=text)
    graph.add("ours", "CLIPTextEncode", clip=Link("load", 1), text=text)
    expected = toys.value(graph, "ours")[0]
    for slot in range(3):
        tensor, options = toys.value(graph, "theirs", slot)[0]
        assert torch.equal(tensor, expected[0])
        assert torch.equal(options["pooled_output"], expected[1]["pooled_output"])


@pytest.fixture
def hooks(toys: Any, graph: Graph) -> Link:
    """A LoRA for the model and its text encoder, which fades."""
    layer = "text_encoder.text_model.encoder.layers.0.mlp.fc1"
    tensors = {"unet.conv_in.diff_b": torch.ones(128), f"{layer}.diff_b": torch.full((512,), 0.3)}
    folder = toys.engine.folders.data / "models" / "loras"
    folder.mkdir(parents=True)
    save_file(tensors, folder / "one.safetensors")
    graph.add("lora", "CreateHookLora", lora_name="one.safetensors", strength_model=0.7, strength_clip=0.4)
    graph.add("full", "CreateHookKeyframe", strength_mult=1.0, start_percent=0.0)
    graph.add("fade", "CreateHookKeyframe", strength_mult=0.25, start_percent=0.5, prev_hook_kf=Link("full"))
    return graph.add("hooks", "SetHookKeyframes", hooks=Link("lora"), hook_kf=Link("fade"))


@pytest.mark.parametrize("scheduled", [False, True])
def test_a_packs_prompts_are_read_as_the_hooks_of_their_clip_say(
    toys: Any, graph: Graph, hooks: Link, scheduled: bool
) -> None:
    clip = graph.add("clip", "SetClipHooks", clip=Link("load", 1), hooks=hooks, schedule_clip=scheduled)
    graph.add("theirs", "ToyEncode", clip=clip, text="a red apple")
    graph.add("ours", "CLIPTextEncode", clip=clip, text="a red apple")
    expected = toys.value(graph, "ours")
    assert len(expected) == 1 + scheduled
    for slot in (1, 2):
        found = toys.value(graph, "theirs", slot)
        for (tensor, options), (ours, told) in zip(found, expected, strict=True):
            assert torch.equal(tensor, ours)
            assert options["hooks"] == told["hooks"]
            assert options.get("clip_end_percent") == told.get("clip_end_percent")
    assert torch.equal(toys.value(graph, "theirs", 0)[0][0], expected[0][0])


def test_a_packs_sampler_samples_with_hooks_as_ours_does(toys: Any, graph: Graph, hooks: Link) -> None:
    graph.add("plain", "CLIPTextEncode", clip=Link("load", 1), text="a red apple")
    graph.add("yes", "ConditioningSetProperties", cond_NEW=Link("plain"), hooks=hooks)
    ours(graph, "ours", Link("load"))
    how = {"positive": Link("yes"), "negative": Link("no"), "latent": Link("empty"), "sampler": "euler"}
    graph.add("theirs", "ToySample", model=Link("load"), **how)
    made = samples(toys, graph, "theirs")
    torch.testing.assert_close(made, samples(toys, graph, "ours"), rtol=1e-4, atol=1e-4)
    graph.add("around", "ToyHook", model=Link("load"), how="unet")
    graph.add("wrapped", "ToySample", model=Link("around"), **how)
    torch.testing.assert_close(samples(toys, graph, "wrapped"), made, rtol=1e-4, atol=1e-4)
    graph.add("without", "ToySample", model=Link("load"), **how | {"positive": Link("plain")})
    assert (samples(toys, graph, "without") - made).abs().max() > 0.01


def test_a_vae_encodes_and_decodes_by_methods_and_by_nodes(toys: Any, graph: Graph) -> None:
    picture = graph.add("picture", "EmptyImage", width=32, height=32, batch_size=1, color=0xFF8800)
    graph.add("theirs", "ToyRound", vae=Link("load", 2), image=picture)
    one, other = (toys.value(graph, "theirs", slot) for slot in (0, 1))
    assert one.shape == (1, 32, 32, 3)
    assert torch.equal(one, other)


def test_a_model_that_was_only_cloned_is_a_recipe_again(toys: Any, graph: Graph) -> None:
    from safelight.compat.shims.facade import unwrapped, wrapped

    handle = toys.value(graph, "load")
    model = wrapped(handle)
    assert unwrapped(model.clone()) == handle
    assert model.model.latent_format.latent_channels == 4
