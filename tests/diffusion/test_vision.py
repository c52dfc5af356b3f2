"""Picture encoders on small random files in both layouts, against transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import residency, sight, vision
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import HANDLES, VisionHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.seen import Seen
from safelight.tensor import storing

PLAN = Plan(threads=1)
PICTURES = torch.rand(2, 40, 60, 3, generator=torch.Generator().manual_seed(3))
OPENAI = {"hidden_size": 128, "num_attention_heads": 2, "hidden_act": "quick_gelu", "num_hidden_layers": 3}
HUGE = {"hidden_size": 1280, "num_attention_heads": 16, "hidden_act": "gelu", "num_hidden_layers": 2}


class Stopped(Exception):
    pass


class Stopping:
    def check(self) -> None:
        raise Stopped

    def progress(self, done: int, total: int, preview: object = None) -> None:
        raise AssertionError("nothing is done")


def reference(config: dict[str, object]) -> torch.nn.Module:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(1)
    shape = {"intermediate_size": 96, "projection_dim": 48, "patch_size": 14, "image_size": 56}
    module = CLIPVisionModelWithProjection(CLIPVisionConfig(**shape, **config))
    return module.requires_grad_(False).eval()


def tensors(module: torch.nn.Module) -> dict[str, Tensor]:
    """Its weights in transformers' names, whatever this version of it calls them."""
    names = (name for name in module.state_dict() if "position_ids" not in name)
    return {name: module.state_dict()[name].contiguous() for name in names}


def stacked(named: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same in OpenCLIP's names: the three inputs of attention in one, the projection turned."""
    made: dict[str, Tensor] = {}
    for name, tensor in named.items():
        short = name.removeprefix("vision_model.")
        if "_proj." in name and ".out_proj." not in name:
            if ".q_proj." in name:
                parts = [named[name.replace(".q_proj.", f".{one}_proj.")] for one in "qkv"]
                layer, kind = short.split(".")[2], short.rpartition(".")[2]
                made[f"visual.transformer.resblocks.{layer}.attn.in_proj_{kind}"] = torch.cat(parts)
            continue
        from safelight.diffusion.layout import open_clip_vision

        turned = short == "visual_projection.weight"
        made[f"visual.{open_clip_vision(short)}"] = tensor.T.contiguous() if turned else tensor
    return made


@pytest.fixture
def filed(tmp_path: Path) -> Callable[[dict[str, Tensor]], VisionHandle]:
    def save(made: dict[str, Tensor]) -> VisionHandle:
        path = tmp_path / "eye.safetensors"
        save_file(made, path)
        return sight.load(path, f"{len(made)}".zfill(64))

    return save


@pytest.mark.parametrize(
    ("config", "layout"),
    [(OPENAI, "transformers"), (HUGE, "OpenCLIP"), (OPENAI, "within a checkpoint")],
    ids=["OpenAI's in transformers' names", "ViT-H in OpenCLIP's", "OpenAI's within a checkpoint"],
)
def test_it_sees_what_transformers_does(
    filed: Callable[[dict[str, Tensor]], VisionHandle], config: dict[str, object], layout: str
) -> None:
    module = reference(config)
    made = tensors(module)
    if layout != "transformers":
        made = stacked(made)
    if layout == "within a checkpoint":
        made = {f"embedder.model.{name}": tensor for name, tensor in made.items()}
    seen = vision.encode(filed(made), PICTURES, plan=PLAN)
    expected = module(vision.preprocessed(PICTURES, 56), output_hidden_states=True)
    torch.testing.assert_close(seen.image_embeds, expected.image_embeds, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(seen.last_hidden_state, expected.last_hidden_state, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(
        seen.penultimate_hidden_states, expected.hidden_states[-2], atol=1e-5, rtol=1e-4
    )
    residency.release()


def test_a_picture_is_prepared_as_transformers_does_it_but_for_rounding() -> None:
    from PIL import Image
    from transformers import CLIPImageProcessorPil

    smooth = torch.nn.functional.interpolate(torch.rand(1, 3, 6, 9), (300, 450), mode="bicubic").clamp(0, 1)
    eighths = (smooth[0].movedim(0, -1) * 255).round()
    expected = torch.as_tensor(
        CLIPImageProcessorPil()(Image.fromarray(eighths.byte().numpy()), return_tensors="pt")["pixel_values"]
    )
    prepared = vision.preprocessed(eighths[None] / 255)
    assert prepared.shape == expected.shape == (1, 3, 224, 224)
    assert float((prepared - expected).abs().max()) < 0.05, "a level or two of 255, in units of the spread"


def test_the_whole_picture_is_squeezed_where_it_is_not_cropped() -> None:
    wide = torch.zeros(1, 56, 168, 3)
    wide[:, :, :28] = wide[:, :, -28:] = 1.0
    middle, whole = (vision.preprocessed(wide, 56, crop=crop) for crop in (True, False))
    dark = vision.preprocessed(torch.zeros(1, 56, 56, 3))[0, 0, 0, 0]
    assert bool((middle[0, 0] == dark).all()), "the bright edges are cut off"
    assert float(whole[0, 0, 28, 0]) > float(dark) + 1.0
    grey = vision.preprocessed(wide[..., :1], 56)
    assert torch.equal(grey, middle), "one channel is three equal ones"


def test_what_was_seen_and_the_encoder_come_back_from_the_store(
    filed: Callable[[dict[str, Tensor]], VisionHandle],
) -> None:
    handle = filed(tensors(reference(OPENAI)))
    seen = vision.encode(handle, PICTURES[:1], plan=PLAN)
    codec = storing()
    tree, found = codec.encode({"eye": handle, "seen": seen})
    back = codec.decode(tree, found)
    assert back["eye"] == handle
    assert HANDLES["clip_vision"] is VisionHandle
    assert isinstance(back["seen"], Seen)
    assert back["seen"].key == seen.key
    other = vision.encode(handle, 1 - PICTURES[:1], plan=PLAN)
    assert other.key != seen.key
    residency.release()


def test_it_stops_between_layers_when_asked(filed: Callable[[dict[str, Tensor]], VisionHandle]) -> None:
    handle = filed(tensors(reference(OPENAI)))
    vision.encode(handle, PICTURES, plan=PLAN)
    with residency.lend(handle, PLAN) as eye, pytest.raises(Stopped):
        eye(vision.preprocessed(PICTURES, 56), check=Stopping().check)
    with residency.lend(handle, PLAN) as eye, pytest.raises(UnsupportedError, match="56 x 56"):
        eye(torch.zeros(1, 3, 28, 28))
    residency.release()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("vision_model.head.attention.in_proj_weight", "SigLIP"),
        ("image_proj.proj.weight", "IP-Adapter"),
        ("something.weight", "no picture encoder"),
    ],
)
def test_a_file_of_something_else_is_refused_by_what_it_is(tmp_path: Path, name: str, what: str) -> None:
    path = tmp_path / "other.safetensors"
    save_file({name: torch.zeros(2, 2)}, path)
    with pytest.raises(ModelFileError, match=what):
        sight.load(path, "0" * 64)


def test_a_file_without_its_projection_is_refused_by_name(
    filed: Callable[[dict[str, Tensor]], VisionHandle],
) -> None:
    made = tensors(reference(OPENAI))
    del made["visual_projection.weight"]
    with pytest.raises(ModelFileError, match="visual_projection"), residency.lend(filed(made), PLAN):
        pass


@pytest.mark.parametrize("edges", [(1, 40), (3, 100), (700, 20), (40, 641)])
def test_of_a_very_long_picture_the_middle_is_what_cutting_it_after_scaling_gives(
    edges: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    image = torch.rand(2, *edges, 3, generator=torch.Generator().manual_seed(1))
    made = vision.preprocessed(image, 32)
    monkeypatch.setattr(vision, "LONG", float("inf"))
    level = 1 / 255 / min(vision.SPREAD)
    apart = (made - vision.preprocessed(image, 32)).abs()
    assert float(apart.max()) < 1.01 * level, "the same but where rounding to levels hangs on the last bit"
    assert float((apart > 1e-5).float().mean()) < 1e-3


def test_a_picture_of_one_row_is_looked_at_without_making_it_as_long_as_it_is() -> None:
    made = vision.preprocessed(torch.full((1, 1, 2_000_000, 3), 0.25))
    assert made.shape == (1, 3, 224, 224)
    assert float(made.std(dim=(2, 3)).max()) == 0.0


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("patch_embedding", (64, 3)),
        ("patch_embedding", (64, 3, 0, 0)),
        ("position_embedding", ()),
        ("position_embedding", (0, 64)),
        ("position_embedding", (1, 64)),
    ],
)
def test_an_encoder_of_an_impossible_shape_is_refused(
    filed: Callable[[dict[str, Tensor]], VisionHandle], name: str, shape: tuple[int, ...]
) -> None:
    made = tensors(reference(OPENAI))
    made[f"vision_model.embeddings.{name}.weight"] = torch.zeros(shape)
    with pytest.raises(ModelFileError, match=r"eye\.safetensors"):
        sight.component(filed(made).source)
