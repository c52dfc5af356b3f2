"""LoRA files in each format, against weights merged in the test; and what is refused."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import checkpoint, lora, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import ClipHandle, Handle, ModelHandle
from safelight.diffusion.layout import UnetNames
from safelight.diffusion.plan import Plan

RANK, ALPHA = 2, 3.0
ATTENTION = "attentions.0.transformer_blocks.0."
UNET_LAYERS = (
    f"down_blocks.1.{ATTENTION}attn1.to_q",
    f"mid_block.{ATTENTION}attn2.to_out.0",
    f"up_blocks.1.{ATTENTION}ff.net.0.proj",
    "up_blocks.1.attentions.0.proj_in",
)
CONVOLUTION = "down_blocks.1.resnets.0.conv1"
TEXT_LAYERS = ("encoder.layers.0.self_attn.q_proj", "encoder.layers.1.mlp.fc1")
Pair = tuple[Tensor, Tensor]


@contextmanager
def weights(handle: Handle | None, plan: Plan) -> Iterator[dict[str, Tensor]]:
    """The tensors that a handle stands for."""
    assert handle is not None
    with residency.lend(handle, plan) as thing:
        yield thing.tensors()


@pytest.fixture(scope="module")
def sd15(original: Callable[[str], Path]) -> Checkpoint:
    return checkpoint.load(original("sd15"), digest="15" * 32)


@pytest.fixture(scope="module")
def sdxl(original: Callable[[str], Path]) -> Checkpoint:
    return checkpoint.load(original("sdxl"), digest="a1" * 32)


def pairs(handle: Handle | None, plan: Plan, layers: tuple[str, ...]) -> dict[str, Pair]:
    """A random up and down for each of these layers."""
    torch.manual_seed(11)
    with weights(handle, plan) as tensors:
        shapes = {layer: tensors[f"{layer}.weight"].shape for layer in layers}
    return {
        layer: (
            torch.randn(shape[0], RANK, *(1,) * (len(shape) - 2)),
            torch.randn(RANK, *shape[1:]),
        )
        for layer, shape in shapes.items()
    }


def named(found: dict[str, Pair], up: str, down: str) -> dict[str, Tensor]:
    tensors = {f"{name}{up}": pair[0] for name, pair in found.items()}
    return tensors | {f"{name}{down}": pair[1] for name, pair in found.items()}


def kohya(found: dict[str, Pair], prefix: str, rename: Callable[[str], str] = str) -> dict[str, Tensor]:
    flat = {prefix + rename(layer).replace(".", "_"): pair for layer, pair in found.items()}
    alphas = {f"{name}.alpha": torch.tensor(ALPHA) for name in flat}
    return named(flat, ".lora_up.weight", ".lora_down.weight") | alphas


def written(tmp_path: Path, tensors: dict[str, Tensor], metadata: dict[str, str] | None = None) -> Path:
    path = tmp_path / "style.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, metadata)
    return path


def attached(
    path: Path, model: ModelHandle, clip: ClipHandle | None, strength_model: float, strength_clip: float
) -> tuple[ModelHandle, ClipHandle | None]:
    """The handles with this file's adapter, known by its true digest."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    found, encoder = lora.attached(path, digest, model, clip, strength_model, strength_clip)
    assert found is not None
    return found, encoder


def merged(pair: Pair, shape: torch.Size) -> Tensor:
    up, down = pair
    return torch.einsum("or, rn -> on", up.flatten(1), down.flatten(1)).reshape(shape)


def check(
    pristine: Handle | None, patched: Handle | None, plan: Plan, found: dict[str, Pair], scale: float
) -> None:
    """The patched layers are as merged here, the others are the pristine tensors themselves."""
    with weights(pristine, plan) as before, weights(patched, plan) as after:
        for layer, pair in found.items():
            weight = before[f"{layer}.weight"]
            expected = weight + scale * merged(pair, weight.shape)
            torch.testing.assert_close(after[f"{layer}.weight"], expected, atol=1e-5, rtol=1e-5)
            assert not torch.equal(after[f"{layer}.weight"], weight)
        others = set(before) - {f"{layer}.weight" for layer in found}
        assert all(after[name].data_ptr() == before[name].data_ptr() for name in others)


def test_kohyas_format(tmp_path: Path, sd15: Checkpoint, plan: Plan) -> None:
    unet = pairs(sd15.model, plan, (*UNET_LAYERS, CONVOLUTION))
    text = pairs(sd15.clip, plan, tuple(f"0.{layer}" for layer in TEXT_LAYERS))
    bare = {layer.removeprefix("0."): pair for layer, pair in text.items()}
    path = written(tmp_path, kohya(unet, "lora_unet_") | kohya(bare, "lora_te_text_model_"))
    model, clip = attached(path, sd15.model, sd15.clip, 0.8, 0.5)
    check(sd15.model, model, plan, unet, 0.8 * ALPHA / RANK)
    check(sd15.clip, clip, plan, text, 0.5 * ALPHA / RANK)


def test_kohyas_format_with_original_names_for_sdxl(tmp_path: Path, sdxl: Checkpoint, plan: Plan) -> None:
    unet = pairs(sdxl.model, plan, (*UNET_LAYERS, CONVOLUTION))
    with residency.lend(sdxl.model, plan) as network:
        names = UnetNames(network.module.config)

    def sgm(layer: str) -> str:
        return names(f"{layer}.weight").removesuffix(".weight")

    assert sgm(UNET_LAYERS[0]) == "input_blocks.4.1.transformer_blocks.0.attn1.to_q"
    tensors, text = kohya(unet, "lora_unet_", sgm), {}
    for tower in (0, 1):
        own = pairs(sdxl.clip, plan, tuple(f"{tower}.{layer}" for layer in TEXT_LAYERS))
        bare = {layer.removeprefix(f"{tower}."): pair for layer, pair in own.items()}
        tensors |= kohya(bare, f"lora_te{tower + 1}_text_model_")
        text |= own
    model, clip = attached(written(tmp_path, tensors), sdxl.model, sdxl.clip, 1.0, 1.0)
    check(sdxl.model, model, plan, unet, ALPHA / RANK)
    check(sdxl.clip, clip, plan, text, ALPHA / RANK)


@pytest.mark.parametrize("kind", ["lora", "processor"])
def test_diffusers_formats(tmp_path: Path, sd15: Checkpoint, plan: Plan, kind: str) -> None:
    unet = pairs(sd15.model, plan, UNET_LAYERS if kind == "lora" else UNET_LAYERS[:2])
    text = pairs(sd15.clip, plan, tuple(f"0.{layer}" for layer in TEXT_LAYERS))
    if kind == "lora":
        tensors = named(unet, ".lora.up.weight", ".lora.down.weight")
    else:
        places = {"attn1.to_q": "attn1.processor.to_q", "attn2.to_out.0": "attn2.processor.to_out"}
        inner = {}
        for layer, pair in unet.items():
            ours = next(end for end in places if layer.endswith(end))
            inner[layer.removesuffix(ours) + places[ours]] = pair
        tensors = named(inner, "_lora.up.weight", "_lora.down.weight")
    encoder = {f"text_encoder.text_model.{layer[2:]}": pair for layer, pair in text.items()}
    tensors = {f"unet.{name}": tensor for name, tensor in tensors.items()}
    tensors |= named(encoder, ".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight")
    model, clip = attached(written(tmp_path, tensors), sd15.model, sd15.clip, -0.5, 1.0)
    check(sd15.model, model, plan, unet, -0.5)
    check(sd15.clip, clip, plan, text, 1.0)


@pytest.mark.parametrize("prefix", ["unet.", "base_model.model.", "unet.base_model.model."])
def test_pefts_format(tmp_path: Path, sd15: Checkpoint, plan: Plan, prefix: str) -> None:
    unet = pairs(sd15.model, plan, (*UNET_LAYERS, CONVOLUTION))
    outside = {f"{prefix}{layer}": pair for layer, pair in unet.items()}
    path = written(tmp_path, named(outside, ".lora_B.weight", ".lora_A.weight"))
    model, _ = attached(path, sd15.model, None, 1.5, 0.0)
    check(sd15.model, model, plan, unet, 1.5)


def test_pefts_format_with_diffusers_settings(tmp_path: Path, sd15: Checkpoint, plan: Plan) -> None:
    first, second = UNET_LAYERS[:2]
    unet = pairs(sd15.model, plan, (first, second))
    settings = {"unet.r": RANK, "unet.lora_alpha": 8, "unet.alpha_pattern": {"attn2.to_out.0": 5}}
    outside = {f"unet.{layer}": pair for layer, pair in unet.items()}
    path = written(
        tmp_path,
        named(outside, ".lora_B.weight", ".lora_A.weight"),
        {"lora_adapter_metadata": json.dumps(settings)},
    )
    model, _ = attached(path, sd15.model, None, 1.0, 0.0)
    with weights(sd15.model, plan) as before, weights(model, plan) as after:
        for layer, scale in ((first, 8 / RANK), (second, 5 / RANK)):
            weight = before[f"{layer}.weight"]
            expected = weight + scale * merged(unet[layer], weight.shape)
            torch.testing.assert_close(after[f"{layer}.weight"], expected, atol=1e-5, rtol=1e-5)


def test_a_prediction_is_that_of_diffusers_with_the_same_file(
    tmp_path: Path, sd15: Checkpoint, plan: Plan
) -> None:
    from diffusers import UNet2DConditionModel
    from diffusers.loaders import StableDiffusionLoraLoaderMixin
    from safetensors.torch import load_file

    unet = pairs(sd15.model, plan, UNET_LAYERS)
    path = written(tmp_path, kohya(unet, "lora_unet_"))
    model, _ = attached(path, sd15.model, None, 1.0, 0.0)
    x, timestep, context = torch.randn(1, 4, 8, 8), torch.tensor([500.0]), torch.randn(1, 7, 768)
    with residency.lend(sd15.model, plan) as network:
        theirs = UNet2DConditionModel.from_config(network.module.config)
        theirs.load_state_dict(network.tensors())
        before = network(x, timestep, context)
    state, alphas = StableDiffusionLoraLoaderMixin.lora_state_dict(load_file(path), unet_config=theirs.config)
    theirs.load_lora_adapter(state, prefix="unet", network_alphas=alphas, adapter_name="only")
    with residency.lend(model, plan) as network, torch.no_grad():
        ours, expected = network(x, timestep, context), theirs.eval()(x, timestep, context).sample
    torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)
    assert (ours - before).abs().max() > 1e-2


def test_norms_and_biases_are_changed_too(tmp_path: Path, sd15: Checkpoint, plan: Plan) -> None:
    tensors = {
        "lora_unet_conv_norm_out.w_norm": torch.ones(32),
        "lora_unet_conv_norm_out.b_norm": torch.full((32,), 2.0),
        "lora_unet_conv_in.diff_b": torch.ones(32),
    }
    model, _ = attached(written(tmp_path, tensors), sd15.model, None, 0.5, 0.0)
    with weights(sd15.model, plan) as before, weights(model, plan) as after:
        changed = {name for name in before if not torch.equal(before[name], after[name])}
        assert changed == {"conv_norm_out.weight", "conv_norm_out.bias", "conv_in.bias"}
        assert torch.equal(after["conv_norm_out.bias"], before["conv_norm_out.bias"] + 1.0)


def test_a_strength_of_zero_is_no_patch(tmp_path: Path, sd15: Checkpoint, plan: Plan) -> None:
    path = written(tmp_path, kohya(pairs(sd15.model, plan, UNET_LAYERS), "lora_unet_"))
    model, clip = attached(path, sd15.model, sd15.clip, 0.0, 0.0)
    assert (model, clip) == (sd15.model, sd15.clip)


def test_a_file_that_is_silent_about_text_leaves_the_encoder(
    tmp_path: Path, sd15: Checkpoint, plan: Plan
) -> None:
    path = written(tmp_path, kohya(pairs(sd15.model, plan, UNET_LAYERS), "lora_unet_"))
    model, clip = attached(path, sd15.model, sd15.clip, 1.0, 1.0)
    assert clip == sd15.clip
    assert model.key != sd15.model.key


def test_layers_that_are_not_there_are_told_with_their_count(
    tmp_path: Path, sd15: Checkpoint, plan: Plan, caplog: pytest.LogCaptureFixture
) -> None:
    tensors = kohya(pairs(sd15.model, plan, UNET_LAYERS), "lora_unet_")
    tensors |= kohya({f"nowhere.{n}": (torch.ones(4, 1), torch.ones(1, 4)) for n in range(5)}, "lora_unet_")
    model, _ = attached(written(tmp_path, tensors), sd15.model, None, 1.0, 0.0)
    with caplog.at_level(logging.WARNING), weights(model, plan):
        pass
    assert "5 of its 9 layers are not in this model" in caplog.text
    assert "lora_unet_nowhere_0" in caplog.text


def test_a_lora_of_another_family_is_refused(
    tmp_path: Path, sd15: Checkpoint, sdxl: Checkpoint, plan: Plan
) -> None:
    layers = ("down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", UNET_LAYERS[0])
    path = written(tmp_path, kohya(pairs(sd15.model, plan, layers[:1]), "lora_unet_"))
    model, _ = attached(path, sdxl.model, None, 1.0, 0.0)
    with pytest.raises(ModelFileError, match="fits no layer"), weights(model, plan):
        pass
    narrow = pairs(sd15.model, plan, ("mid_block.attentions.0.transformer_blocks.0.attn2.to_k",))
    model, _ = attached(written(tmp_path, kohya(narrow, "lora_unet_")), sdxl.model, None, 1.0, 0.0)
    with (
        pytest.raises(ModelFileError, match=r"style.*at lora_unet_mid_block.*attn2_to_k.*shape"),
        weights(model, plan),
    ):
        pass
    assert residency.used("cpu") > 0
    with weights(sdxl.model, plan):
        pass


@pytest.mark.parametrize(
    ("tensors", "problem"),
    [
        ({"lora_unet_a.oft_blocks": 1}, "OFT.*lora_unet_a.oft_blocks"),
        ({"lora_unet_a.a1.weight": 1, "lora_unet_a.a2.weight": 1}, "GLoRA"),
        ({"lora_unet_a.lora_up.weight": 1, "lora_unet_a.lora_B.bias": 1}, "biases"),
        ({"lora_unet_a.lora_up.weight": 1, "lora_unet_a.alpha": 1}, "missing.*lora_up"),
        ({"lora_unet_a.hada_w1_a": 1, "lora_unet_a.hada_w1_b": 1}, "missing"),
        ({"lora_unet_a.lokr_w1": 1, "lora_unet_a.lokr_w2_a": 1}, "missing"),
        ({"lora_unet_a.dora_scale": 1}, "missing"),
        ({"model.diffusion_model.input_blocks.0.0.weight": 1}, "is no LoRA"),
        ({"lora_te_a.diff": 1}, "only the text encoder"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    tmp_path: Path, sd15: Checkpoint, tensors: dict[str, int], problem: str
) -> None:
    path = written(tmp_path, {name: torch.ones(size) for name, size in tensors.items()})
    with pytest.raises((ModelFileError, UnsupportedError), match=problem):
        attached(path, sd15.model, None, 1.0, 1.0)


def test_a_truncated_file_is_named(tmp_path: Path, sd15: Checkpoint, plan: Plan) -> None:
    path = written(tmp_path, kohya(pairs(sd15.model, plan, UNET_LAYERS), "lora_unet_"))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match=r"style\.safetensors is cut short"):
        attached(path, sd15.model, None, 1.0, 1.0)
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(ModelFileError, match="pickle"):
        attached(path, sd15.model, None, 1.0, 1.0)
    with pytest.raises(ModelFileError, match="no model file"):
        attached(tmp_path / "gone.safetensors", sd15.model, None, 1.0, 1.0)
