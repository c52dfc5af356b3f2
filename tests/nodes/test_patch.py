"""The nodes that patch, merge, load parts of and save models, on the model that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from nodes.model.conditioning.text_encode import encode_text
from nodes.model.latent.empty import empty_latent
from nodes.model.loaders.checkpoint import Loaded, load_checkpoint
from nodes.model.loaders.clip import load_clip
from nodes.model.loaders.clip_dual import load_clip_dual
from nodes.model.loaders.lora import load_lora
from nodes.model.loaders.lora_model_only import load_lora_model_only
from nodes.model.loaders.unet import load_unet
from nodes.model.loaders.vae import load_vae
from nodes.model.merging.add import merge_add
from nodes.model.merging.blocks import merge_blocks
from nodes.model.merging.clip_add import merge_clip_add
from nodes.model.merging.clip_simple import merge_clip_simple
from nodes.model.merging.clip_subtract import merge_clip_subtract
from nodes.model.merging.save_checkpoint import save_checkpoint
from nodes.model.merging.save_clip import save_clip
from nodes.model.merging.save_model import save_model
from nodes.model.merging.save_vae import save_vae
from nodes.model.merging.simple import merge_simple
from nodes.model.merging.subtract import merge_subtract
from nodes.model.patch.unet.downscale import add_downscale
from nodes.model.patch.unet.freeu import free_u
from nodes.model.patch.unet.freeu_v2 import free_u_v2
from nodes.model.patch.unet.hypertile import hyper_tile
from nodes.model.patch.unet.tome import merge_tokens
from nodes.model.sampling.ksampler import ksampler
from safelight import BadInput, Context, Graph, Model, Registry, Vae, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.diffusion import builtin, plan, residency
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.layout import VaeNames
from safelight.diffusion.single import definition
from safelight.tensor import storing

PLAN = plan.choose(threads=1)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    context = Context.plain(tmp_path, plan=PLAN, prompt={"1": {}}, workflow={"nodes": []})
    context.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    return context


@pytest.fixture
def emoji(ctx: Context) -> Loaded:
    return load_checkpoint(ctx, ckpt_name="emoji")


def written(ctx: Context, kind: str, name: str, tensors: dict[str, Tensor]) -> Path:
    path = ctx.folders.root(kind) / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path


def style(ctx: Context, name: str = "style", amount: float = 0.5) -> Path:
    """A LoRA that moves the network's first layer and the text encoder's."""
    tensors = {
        "lora_unet_conv_in.diff_b": torch.full((128,), amount),
        "lora_te_text_model_encoder_layers_0_mlp_fc2.diff_b": torch.full((128,), amount),
    }
    return written(ctx, "loras", name, tensors)


def drawn(ctx: Context, model: Any, clip: Any) -> Tensor:
    positive, negative = (encode_text(ctx, text=text, clip=clip) for text in ("an apple", ""))
    latent = ksampler(
        ctx,
        model=model,
        seed=1,
        steps=2,
        cfg=2.0,
        positive=positive,
        negative=negative,
        latent_image=empty_latent(width=32, height=32),
    )
    return latent["samples"]


def test_a_lora_changes_the_picture_and_its_removal_brings_it_back(ctx: Context, emoji: Loaded) -> None:
    path = style(ctx)
    before = drawn(ctx, emoji.model, emoji.clip)
    model, clip = load_lora(ctx, model=emoji.model, clip=emoji.clip, lora_name="style.safetensors")
    assert not torch.allclose(drawn(ctx, model, clip), before, atol=1e-3)
    none = load_lora(
        ctx,
        model=emoji.model,
        clip=emoji.clip,
        lora_name="style.safetensors",
        strength_model=0.0,
        strength_clip=0.0,
    )
    assert torch.equal(drawn(ctx, *none), before)
    assert path in [ref.path for ref in ctx.reads]


def test_a_lora_for_the_model_alone_leaves_the_clip(ctx: Context, emoji: Loaded) -> None:
    style(ctx)
    model = load_lora_model_only(ctx, model=emoji.model, lora_name="style.safetensors", strength_model=0.5)
    assert [patch["strength"] for patch in model.patches] == [0.5]
    assert load_lora_model_only(ctx, model=model, lora_name="style.safetensors", strength_model=0.0) is model


def test_loras_that_are_none_are_refused_where_they_are_loaded(ctx: Context, emoji: Loaded) -> None:
    with pytest.raises(BadInput, match="no file 'gone"):
        load_lora_model_only(ctx, model=emoji.model, lora_name="gone.safetensors")
    written(ctx, "loras", "other", {"weight": torch.ones(1)})
    with pytest.raises(ModelFileError, match="is no LoRA"):
        load_lora_model_only(ctx, model=emoji.model, lora_name="other.safetensors")


def test_merges_are_recipes(ctx: Context, emoji: Loaded) -> None:
    style(ctx)
    model, clip = load_lora(ctx, model=emoji.model, clip=emoji.clip, lora_name="style.safetensors")
    half = merge_simple(model1=emoji.model, model2=model, ratio=0.5)
    assert half.patches[0].other == model
    with residency.lend(emoji.model, PLAN) as a, residency.lend(half, PLAN) as found:
        moved = found.tensors()["conv_in.bias"] - a.tensors()["conv_in.bias"]
        torch.testing.assert_close(moved, torch.full((128,), 0.25))
    assert merge_simple(model1=emoji.model, model2=model) == emoji.model
    assert merge_blocks(model1=emoji.model, model2=model) == emoji.model
    learned = merge_subtract(model1=model, model2=emoji.model)
    again = merge_add(model1=emoji.model, model2=learned)
    with residency.lend(model, PLAN) as a, residency.lend(again, PLAN) as found:
        torch.testing.assert_close(found.tensors()["conv_in.bias"], a.tensors()["conv_in.bias"])
    residency.release()
    assert merge_clip_simple(clip1=emoji.clip, clip2=clip) == emoji.clip
    again = merge_clip_add(clip1=emoji.clip, clip2=merge_clip_subtract(clip1=clip, clip2=emoji.clip))
    name = "0.encoder.layers.0.mlp.fc2.bias"
    with residency.lend(clip, PLAN) as a, residency.lend(again, PLAN) as found:
        torch.testing.assert_close(found.tensors()[name], a.tensors()[name])


def test_the_networks_way_of_computing_is_patched(ctx: Context, emoji: Loaded) -> None:
    before = drawn(ctx, emoji.model, emoji.clip)
    shrunk = add_downscale(model=emoji.model, block_number=1, end_percent=1.0)
    tiled = hyper_tile(model=emoji.model, tile_size=32)
    merged = merge_tokens(model=emoji.model, ratio=0.5)
    for patched in (free_u(model=emoji.model), free_u_v2(model=emoji.model), tiled, merged, shrunk):
        assert torch.isfinite(drawn(ctx, patched, emoji.clip)).all()
    assert not torch.allclose(drawn(ctx, shrunk, emoji.clip), before, atol=1e-3)
    assert torch.equal(drawn(ctx, emoji.model, emoji.clip), before)


def test_parts_are_found_in_their_folders(ctx: Context) -> None:
    attention = "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    written(ctx, "diffusion_models", "unet", {attention: torch.ones(2, 768)})
    written(ctx, "vae", "vae", {"encoder.down.0.block.0.conv1.weight": torch.ones(1)})
    for name, width in (("l", 768), ("g", 1280)):
        table = {"text_model.embeddings.token_embedding.weight": torch.ones(2, width)}
        written(ctx, "text_encoders", name, table)
    assert load_unet(ctx, unet_name="unet.safetensors").source.family == "sd15"
    assert load_vae(ctx, vae_name="vae.safetensors").source.part == "vae"
    assert load_clip(ctx, clip_name="g.safetensors").source.family == "sdxl_refiner"
    both = load_clip_dual(ctx, clip_name1="g.safetensors", clip_name2="l.safetensors")
    assert both.source.family == "sdxl"
    assert len(ctx.reads) == 5
    with pytest.raises(BadInput, match="for flux are not known"):
        load_clip_dual(ctx, clip_name1="g.safetensors", clip_name2="l.safetensors", type="flux")


def vae_of_the_usual_kind(ctx: Context) -> Vae:
    """A VAE as Stable Diffusion 1 has it, narrow and with random weights."""
    from diffusers import AutoencoderKL

    config = definition("sd15")["vae"] | {"block_out_channels": [32, 32, 64, 64]}
    names = VaeNames(config)
    state = AutoencoderKL(**config).state_dict()
    written(ctx, "vae", "narrow", {names(name): tensor.contiguous() for name, tensor in state.items()})
    return load_vae(ctx, vae_name="narrow.safetensors")


def test_parts_are_saved_with_their_workflow(ctx: Context, emoji: Loaded) -> None:
    save_clip(ctx, clip=emoji.clip)
    save_vae(ctx, vae=vae_of_the_usual_kind(ctx))
    clip, vae = (path.relative_to(ctx.folders.output).as_posix() for path in ctx.writes)
    assert clip == "clip/ComfyUI_clip_l_00001_.safetensors"
    assert vae == "vae/ComfyUI_vae_00001_.safetensors"
    for path, name in zip(
        ctx.writes, ("text_model.final_layer_norm.bias", "decoder.conv_in.bias"), strict=True
    ):
        with safe_open(path, framework="pt") as file:
            assert name in file.keys()  # noqa: SIM118 - a file is no mapping
            assert json.loads(file.metadata()["workflow"]) == {"nodes": []}


def test_a_model_that_no_single_file_can_hold_is_refused(ctx: Context, emoji: Loaded) -> None:
    with pytest.raises(UnsupportedError, match="no place for"):
        save_checkpoint(ctx, model=emoji.model, clip=emoji.clip, vae=emoji.vae)
    with pytest.raises(UnsupportedError, match="no place for"):
        save_model(ctx, model=emoji.model)
    with pytest.raises(UnsupportedError, match="no place for"):
        save_vae(ctx, vae=emoji.vae)


@node("Weigh", category="toy", effect=True)
def weigh(ctx: Context, *, model: Model) -> float:
    """Say how much the first layer's biases are."""
    ctx.show("text", ["here"])
    with residency.lend(model, ctx.plan) as network:
        return float(network.tensors()["conv_in.bias"].sum())


def engine(ctx: Context) -> Engine:
    digests = Digests()
    store = Store(
        MemoryStore(10**8), DiskStore(ctx.folders.data / "results", storing()), digest_of=digests.of
    )
    registry = Registry(one.spec for one in (load_checkpoint, load_lora_model_only, weigh))
    return Engine(registry, store, ctx.folders, digests=digests, plan=PLAN)


def weighed(ctx: Context, strength: float) -> tuple[float, str, str]:
    """The sum, and what became of the LoRA's node and of the one that uses it, in a fresh engine."""
    graph = Graph()
    loaded = graph.add("c", "CheckpointLoaderSimple", ckpt_name="emoji")
    patched = graph.add(
        "l", "LoraLoaderModelOnly", model=loaded, lora_name="style.safetensors", strength_model=strength
    )
    graph.add("w", "Weigh", model=patched)
    worker = engine(ctx)
    result = worker.run(graph)
    worker.close()
    return result.values["w"][0], result.nodes["l"].state, result.nodes["w"].state


def test_a_patched_model_is_kept_on_disk_and_made_anew_when_its_file_changes(ctx: Context) -> None:
    style(ctx, amount=0.5)
    first, *states = weighed(ctx, 1.0)
    assert states == ["ran", "ran"]
    again, *states = weighed(ctx, 1.0)
    assert (again, states[1]) == (first, "disk")
    other, lora, use = weighed(ctx, 2.0)
    assert other - first == pytest.approx(0.5 * 128, rel=1e-3)
    assert (lora, use) == ("ran", "ran")
    style(ctx, amount=1.0)
    changed, lora, use = weighed(ctx, 1.0)
    assert changed == pytest.approx(other, rel=1e-3)
    assert (lora, use) == ("ran", "ran")
