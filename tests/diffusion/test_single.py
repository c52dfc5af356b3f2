"""Files of the original layout: detection, and weights that land where diffusers' own converters put them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders import single_file_utils as converters
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from safelight.diffusion import checkpoint, residency, single, text
from safelight.diffusion.failure import ModelFileError
from safelight.diffusion.plan import Plan

FAMILIES = ("sd15", "sd2", "sd2_upscaler", "sdxl", "sdxl_refiner")
Original = Callable[[str], Path]


def load(path: Path) -> checkpoint.Checkpoint:
    return checkpoint.load(path, digest=path.stem.ljust(64, "0"))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_unet_holds_what_diffusers_converter_reads(original: Original, plan: Plan, family: str) -> None:
    path = original(family)
    with residency.lend(load(path).model, plan) as unet:
        ours = unet.module.state_dict()
        config = dict(unet.module.config)
    theirs = converters.convert_ldm_unet_checkpoint(load_file(path), config)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], tensor.float()) for name, tensor in theirs.items())


def test_the_vae_holds_what_diffusers_converter_reads(original: Original, plan: Plan) -> None:
    path = original("sd15")
    vae = load(path).vae
    assert vae is not None
    with residency.lend(vae, plan) as model:
        ours = model.module.state_dict()
        config = dict(model.module.config)
    theirs = converters.convert_ldm_vae_checkpoint(load_file(path), config)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], tensor.float()) for name, tensor in theirs.items())
    assert isinstance(model.module, AutoencoderKL)


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_prediction_equals_that_of_a_converted_diffusers_unet(
    original: Original, plan: Plan, family: str
) -> None:
    path = original(family)
    with residency.lend(load(path).model, plan) as unet, torch.no_grad():
        config = dict(unet.module.config)
        theirs = UNet2DConditionModel(**{k: v for k, v in config.items() if not k.startswith("_")}).eval()
        theirs.load_state_dict(converters.convert_ldm_unet_checkpoint(load_file(path), config))
        x, context = torch.randn(1, 4, 8, 16), torch.randn(1, 77, config["cross_attention_dim"])
        extras = unet.extras({"pooled_output": torch.randn(1, 1280)}, x)
        ours = unet(x, torch.tensor([400.0]), context, **extras)
        assert torch.equal(ours, theirs(x, 400.0, context, added_cond_kwargs=extras).sample)


def test_sdxl_is_told_pooled_text_and_six_sizes(original: Original, plan: Plan) -> None:
    pooled = torch.randn(1, 1280)
    with residency.lend(load(original("sdxl")).model, plan) as unet:
        extras = unet.extras({"pooled_output": pooled}, torch.zeros(1, 4, 64, 128))
        told = {"width": 1, "height": 2, "crop_w": 3, "crop_h": 4, "target_width": 5, "target_height": 6}
        explicit = unet.extras({"pooled_output": pooled, **told}, torch.zeros(1, 4, 64, 128))
    assert torch.equal(extras["text_embeds"], pooled)
    assert extras["time_ids"].tolist() == [[512, 1024, 0, 0, 512, 1024]]
    assert explicit["time_ids"].tolist() == [[2, 1, 4, 3, 6, 5]]


def test_the_refiner_is_told_a_score_in_place_of_the_size_to_make(original: Original, plan: Plan) -> None:
    entry = {"pooled_output": torch.randn(1, 1280)}
    with residency.lend(load(original("sdxl_refiner")).model, plan) as unet:
        x = torch.zeros(1, 4, 8, 8)
        assert unet.extras(entry, x)["time_ids"].tolist() == [[64, 64, 0, 0, 6.0]]
        assert unet.extras(entry | {"prompt_type": "negative"}, x)["time_ids"].tolist() == [
            [64, 64, 0, 0, 2.5]
        ]
        assert (
            unet(x, torch.tensor([5.0]), torch.randn(1, 77, 1280), **unet.extras(entry, x)).isfinite().all()
        )


def clip(path: Path, number: int, prefix: str) -> CLIPTextModel:
    shape = single.SingleFile(path, path.stem).texts()[number].component.config
    config = CLIPTextConfig(**shape | {"projection_dim": shape["hidden_size"]})
    tensors = {name: tensor.float() for name, tensor in load_file(path).items() if name.startswith(prefix)}
    with torch.device("meta"):
        model = CLIPTextModel(config) if "text_model" in prefix else CLIPTextModelWithProjection(config)
    if "text_model" in prefix:
        state = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    else:
        state = converters.convert_open_clip_checkpoint(model, tensors, prefix=prefix)
    model.load_state_dict(state, assign=True)
    next(part for part in model.modules() if hasattr(part, "position_ids")).position_ids = torch.arange(77)[
        None
    ]
    return model.eval()


def test_an_sd1_prompt_equals_transformers(original: Original, plan: Plan) -> None:
    path = original("sd15")
    handle = load(path).clip
    assert handle is not None
    model = clip(path, 0, "cond_stage_model.transformer.text_model.")
    ids = torch.tensor([[49406, 320, 1125, 539, 320, 2368] + [49407] * 71])
    with torch.no_grad():
        out = model(ids, output_hidden_states=True)
        early = model.final_layer_norm(out.hidden_states[-2])
    ((tensor, extra),) = text.encode(handle, "a photo of a cat", plan=plan)
    assert torch.allclose(tensor, out.last_hidden_state, atol=1e-4)
    assert torch.allclose(extra["pooled_output"], out.pooler_output, atol=1e-4)
    ((skipped, _),) = text.encode(handle.with_last_layer(-2), "a photo of a cat", plan=plan)
    assert torch.allclose(skipped, early, atol=1e-4)


def test_an_sdxl_prompt_is_both_encoders_before_their_last_layer_without_norm(
    original: Original, plan: Plan
) -> None:
    path = original("sdxl")
    handle = load(path).clip
    assert handle is not None
    small = clip(path, 0, "conditioner.embedders.0.transformer.text_model.")
    large = clip(path, 1, "conditioner.embedders.1.model.")
    words = [49406, 320, 1125, 539, 320, 2368, 49407]
    with torch.no_grad():
        one = small(torch.tensor([words + [49407] * 70]), output_hidden_states=True)
        two = large(torch.tensor([words + [0] * 70]), output_hidden_states=True)
    expected = torch.cat([one.hidden_states[-2], two.hidden_states[-2]], dim=-1)
    ((tensor, extra),) = text.encode(handle, "a photo of a cat", plan=plan)
    assert tensor.shape == (1, 77, 4 * 12 + 4 * 20)
    assert torch.allclose(tensor, expected, atol=1e-4)
    assert torch.allclose(extra["pooled_output"], two.text_embeds, atol=1e-4)
    ((last, _),) = text.encode(handle.with_last_layer(-1), "a photo of a cat", plan=plan)
    assert torch.allclose(last, torch.cat([one.hidden_states[-1], two.hidden_states[-1]], dim=-1), atol=1e-4)


def test_a_file_without_vae_or_text_encoder_has_none(original: Original, tmp_path: Path) -> None:
    kept = {name: t for name, t in load_file(original("sd15")).items() if name.startswith(single.UNET)}
    save_file(kept, tmp_path / "unet_only.safetensors")
    found = load(tmp_path / "unet_only.safetensors")
    assert found.clip is None
    assert found.vae is None


def test_a_missing_tensor_is_named(original: Original, plan: Plan, tmp_path: Path) -> None:
    tensors = load_file(original("sd15"))
    del tensors[single.UNET + "middle_block.1.norm.weight"]
    save_file(tensors, tmp_path / "holey.safetensors")
    with (
        pytest.raises(ModelFileError, match=r"lacks 1 tensors, mid_block\.attentions\.0\.norm\.weight"),
        residency.lend(load(tmp_path / "holey.safetensors").model, plan),
    ):
        pass


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_is_read_only_if_it_is_allowed(
    original: Original, plan: Plan, tmp_path: Path, zipped: bool
) -> None:
    path = tmp_path / "model.ckpt"
    tensors = load_file(original("sd15"))
    torch.save({"state_dict": tensors, "epoch": 3}, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelFileError, match="is a pickle"):
        checkpoint.load(path, digest=str(path))
    found = checkpoint.load(path, digest=str(path), allow_pickle=True)
    assert found.model.source.layout == "pickle"
    with (
        residency.lend(found.model, plan) as ours,
        residency.lend(load(original("sd15")).model, plan) as theirs,
    ):
        mine, other = ours.module.state_dict(), theirs.module.state_dict()
        assert all(torch.equal(mine[name], other[name]) for name in other)


class Payload:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was executed",))


def test_a_pickle_that_would_run_something_is_refused_although_allowed(tmp_path: Path) -> None:
    torch.save({"state_dict": {}, "x": Payload()}, tmp_path / "evil.ckpt")
    with pytest.raises(ModelFileError, match="holds more than weights"):
        checkpoint.load(tmp_path / "evil.ckpt", digest="x", allow_pickle=True)
