"""The nodes that change latent images, called as the functions that they are."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nodes.experimental.blend_latents import blend_latents
from nodes.model.latent.advanced.add import add
from nodes.model.latent.advanced.concat import concat
from nodes.model.latent.advanced.cut import cut
from nodes.model.latent.advanced.cut_to_batch import cut_to_batch
from nodes.model.latent.advanced.interpolate import interpolate
from nodes.model.latent.advanced.multiply import multiply
from nodes.model.latent.advanced.operations.apply import apply
from nodes.model.latent.advanced.operations.sharpen import sharpen
from nodes.model.latent.advanced.operations.tonemap import tonemap
from nodes.model.latent.advanced.seed_behavior import seed_behavior
from nodes.model.latent.advanced.subtract import subtract
from nodes.model.latent.batch.join import join
from nodes.model.latent.batch.rebatch import rebatch
from nodes.model.latent.batch.repeat import repeat
from nodes.model.latent.batch.take import take
from nodes.model.latent.composite import composite
from nodes.model.latent.composite_masked import composite_masked
from nodes.model.latent.decode import decode
from nodes.model.latent.decode_tiled import decode_tiled
from nodes.model.latent.encode import encode
from nodes.model.latent.encode_tiled import encode_tiled
from nodes.model.latent.load import load_latent
from nodes.model.latent.save import save_latent
from nodes.model.latent.transform.crop import crop
from nodes.model.latent.transform.flip import flip
from nodes.model.latent.transform.rotate import rotate
from nodes.model.loaders.checkpoint import load_checkpoint
from safelight import BadInput, Context, Many
from safelight.core.folder import Folders
from safelight.diffusion import builtin, plan

ONE = {"samples": torch.ones(1, 4, 16, 24)}
TWO = {"samples": torch.full((1, 4, 16, 24), 2.0)}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    context = Context.plain(tmp_path, plan=plan.choose(threads=1), prompt={"1": {}})
    context.folders = Folders(tmp_path, builtin={"checkpoints": builtin.builtin()})
    return context


def test_latents_are_calculated_with() -> None:
    mean = [
        add(samples1=ONE, samples2=TWO),
        subtract(samples1=ONE, samples2=TWO),
        multiply(samples=TWO, multiplier=-3.0),
        interpolate(samples1=ONE, samples2=TWO, ratio=0.25),
        blend_latents(samples1=ONE, samples2=TWO, blend_factor=0.25),
    ]
    assert [round(float(one["samples"].mean()), 5) for one in mean] == [3.0, -1.0, -6.0, 1.75, 1.75]


def test_latents_are_batched() -> None:
    both = join(samples1=ONE, samples2=TWO)
    assert len(both["samples"]) == 2
    assert take(samples=both, batch_index=1)["samples"].equal(TWO["samples"])
    assert len(repeat(samples=both, amount=3)["samples"]) == 6
    groups = rebatch(latents=Many([both, ONE]), batch_size=2)
    assert [len(one["samples"]) for one in groups] == [2, 1]
    assert seed_behavior(samples=both)["batch_index"] == [0, 0]


def test_latents_are_cut_and_joined() -> None:
    assert crop(samples=ONE, width=64, height=64, x=8)["samples"].shape == (1, 4, 8, 8)
    assert concat(samples1=ONE, samples2=TWO, dim="-y")["samples"][0, 0, :, 0].tolist() == [2] * 16 + [1] * 16
    assert cut(samples=ONE, dim="y", index=-3)["samples"].shape == (1, 4, 1, 24)
    assert cut_to_batch(samples=ONE, dim="x", slice_size=8)["samples"].shape == (3, 4, 16, 8)
    assert rotate(samples=ONE, rotation="90 degrees")["samples"].shape == (1, 4, 24, 16)
    half = concat(samples1=ONE, samples2=TWO, dim="x")
    assert flip(samples=half, flip_method="y-axis: horizontally")["samples"][0, 0, 0, 0] == 2


def test_latents_are_laid_over_one_another() -> None:
    small = {"samples": torch.full((1, 4, 4, 4), 2.0)}
    assert composite(samples_to=ONE, samples_from=small, x=8, feather=8)["samples"].sum() == 4 * (
        16 * 24 + 16
    )
    masked = composite_masked(destination=ONE, source=TWO, mask=torch.full((1, 9, 9), 0.5))
    assert masked["samples"].mean() == 1.5


def test_operations_are_applied() -> None:
    for operation in (sharpen(), tonemap()):
        changed = apply(samples={**ONE, "batch_index": [3]}, operation=operation)
        assert changed["samples"].shape == ONE["samples"].shape
        assert changed["batch_index"] == [3]


def test_a_saved_latent_is_loaded(ctx: Context) -> None:
    assert save_latent(ctx, samples=TWO) is TWO
    assert ctx.shown["latents"][0]["filename"] == "ComfyUI_00001_.latent"
    assert load_latent(ctx, latent="latents/ComfyUI_00001_.latent [output]")["samples"].equal(TWO["samples"])
    with pytest.raises(BadInput):
        load_latent(ctx, latent="none.latent")


def test_tiles_give_nearly_the_same_picture(ctx: Context) -> None:
    vae = load_checkpoint(ctx, ckpt_name="emoji").vae
    picture = torch.linspace(0, 1, 128)[None, None, :, None].repeat(1, 128, 1, 3)
    whole = encode(ctx, pixels=picture, vae=vae)
    tiles = encode_tiled(ctx, pixels=picture, vae=vae, tile_size=64, overlap=32)
    assert tiles["samples"].shape == whole["samples"].shape
    assert 0 < (tiles["samples"] - whole["samples"]).abs().mean() < whole["samples"].std() / 4
    decoded = decode(ctx, samples=whole, vae=vae)
    pieces = decode_tiled(ctx, samples=whole, vae=vae, tile_size=64, overlap=32)
    assert pieces.shape == decoded.shape
    assert 0 < (pieces - decoded).abs().mean() < 0.1
    assert decode_tiled(ctx, samples=whole, vae=vae, tile_size=4096).equal(decoded)
