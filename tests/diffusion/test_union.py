"""ControlNets for several kinds of pictures, against diffusers' own; and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel
from safetensors.torch import load_file, save_file
from torch import Tensor

from safelight.diffusion import control, controlnet, residency, steering, union
from safelight.diffusion.control import Control
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import ControlNetHandle
from safelight.diffusion.plan import Plan
from tests.diffusion.test_controlnet import HINT, config, digest, random, saved, told

PLAN = Plan(threads=1)
SHARED = config("sdxl", transformer_layers_per_block=[1, 1, 1])


@pytest.fixture(autouse=True)
def without_weights() -> Iterator[None]:
    yield
    residency.release()


@cache
def net(kinds: int = 8) -> ControlNetUnionModel:
    """A small union of this many kinds, as those for SDXL are; its parts have sizes of their own."""
    shared = {name: value for name, value in SHARED.items() if name != "mid_block_type"}
    sizes = {"num_trans_channel": 160, "num_proj_channel": 160, "num_trans_layer": 2}
    return random(ControlNetUnionModel(**shared, **sizes, num_control_type=kinds))


def filed(folder: Path, module: ControlNetUnionModel) -> ControlNetHandle:
    return saved(folder, module, file="union")


def theirs(module: ControlNetUnionModel, kind: int, strength: float) -> tuple[Any, Any]:
    x, timestep, context, extras = told("sdxl")
    flags = torch.zeros(2, module.config.num_control_type)
    flags[:, kind] = 1
    hints = [HINT.expand(2, -1, -1, -1)]
    with torch.no_grad():
        return module(
            x, timestep, context, hints, flags, [kind], strength, added_cond_kwargs=extras, return_dict=False
        )


def ours(handle: ControlNetHandle, strength: float) -> steering.Residuals:
    x, timestep, context, extras = told("sdxl")
    asked = Control(handle, HINT, strength)
    with residency.lend(handle, PLAN) as lent, torch.no_grad():
        return asked.residuals(lent, 1, None, x, timestep, context, extras)


def apart(some: steering.Residuals, others: tuple[Any, Any]) -> float:
    pairs = zip((*some.skips, *some.middle), (*others[0], others[1]), strict=True)
    return max(float((one - other).abs().max() / other.abs().max()) for one, other in pairs)


@pytest.mark.parametrize(("kinds", "name"), [(8, "repaint"), (6, "openpose")])
def test_a_union_told_its_kind_says_what_diffusers_says(tmp_path: Path, kinds: int, name: str) -> None:
    module = net(kinds)
    handle = union.typed(filed(tmp_path, module), name)
    assert handle.source.family == union.FAMILY
    said = ours(handle, 0.7)
    assert apart(said, theirs(module, union.TYPES.index(name), 0.7)) < 1e-5
    assert apart(said, theirs(module, 1, 0.7)) > 1e-3, "another kind says something else"
    assert steering.size(handle, PLAN) == sum(weight.nbytes for weight in module.parameters())


def test_a_folder_is_read_like_a_file_whatever_its_config_leaves_out(tmp_path: Path) -> None:
    module = net()
    module.save_pretrained(tmp_path / "net")
    other = {name: torch.zeros_like(tensor) for name, tensor in module.state_dict().items()}
    save_file(other, tmp_path / "net" / "diffusion_pytorch_model_promax.safetensors")
    said = json.loads((tmp_path / "net" / "config.json").read_text())
    short = {name: value for name, value in said.items() if not name.startswith("num_")}
    (tmp_path / "net" / "config.json").write_text(
        json.dumps(short | {"_class_name": "ControlNetModel_Union"})
    )
    handle = union.typed(controlnet.load(tmp_path / "net", "f" * 64), "depth")
    assert apart(ours(handle, 1.0), theirs(module, 1, 1.0)) < 1e-5


def test_told_nothing_it_is_an_ordinary_controlnet_with_no_kind_marked(tmp_path: Path) -> None:
    module = net()
    handle = filed(tmp_path, module)
    with torch.no_grad():
        plain = controlnet_of(module)
        x, timestep, context, extras = told("sdxl")
        expected = plain(x, timestep, context, HINT, 0.5, added_cond_kwargs=extras, return_dict=False)
    assert apart(ours(handle, 0.5), expected) < 1e-5
    typed = union.typed(handle, "tile")
    assert apart(ours(typed, 0.5), expected) > 1e-3
    assert apart(ours(union.typed(typed, "auto"), 0.5), expected) < 1e-5


def controlnet_of(module: ControlNetUnionModel) -> Any:
    """diffusers' ordinary ControlNet of a union's weights, with what no kind adds to each step put in."""
    from diffusers import ControlNetModel

    plain = ControlNetModel(**SHARED).eval()
    names = plain.state_dict()
    plain.load_state_dict({name: tensor for name, tensor in module.state_dict().items() if name in names})
    zeros = module.control_type_proj(torch.zeros(module.config.num_control_type)).reshape(1, -1)
    added: Tensor = module.control_add_embedding(zeros)
    plain.time_embedding.register_forward_hook(lambda _module, _given, out: out + added)
    return plain


def test_what_kind_it_is_told_changes_its_key_and_none_of_its_weights(tmp_path: Path) -> None:
    handle = filed(tmp_path, net())
    pose, depth = (union.typed(handle, name) for name in ("openpose", "depth"))
    assert len({handle.key, pose.key, depth.key}) == 3
    assert pose.weights_key == depth.weights_key == handle.weights_key
    link = {"handle": pose, "image": HINT.movedim(1, -1), "strength": 1.0}
    steered = control.steer([[HINT, {}]], pose, link["image"], 1.0)
    assert steered[0][1]["control"]["handle"] is pose


def test_it_says_much_the_same_in_bf16(tmp_path: Path) -> None:
    module = net()
    handle = union.typed(filed(tmp_path, module), "normal")
    x, timestep, context, extras = told("sdxl")
    rough = Plan(threads=1, dtype="bf16")
    with residency.lend(handle, rough) as lent, torch.no_grad():
        told_roughly = x.bfloat16(), timestep, context.bfloat16(), extras
        said = Control(handle, HINT, 0.7).residuals(lent, 1, None, *told_roughly)
    assert said.middle[0].dtype == torch.bfloat16
    assert apart(said, theirs(module, 4, 0.7)) < 0.1


def test_pictures_of_two_kinds_through_one_network_add_up(tmp_path: Path) -> None:
    module = net()
    handle = filed(tmp_path, module)
    both = ours(union.typed(handle, "depth"), 0.5) + ours(union.typed(handle, "normal"), 0.25)
    depth, normal = theirs(module, 1, 0.5), theirs(module, 4, 0.25)
    sums = tuple(one + other for one, other in zip(depth[0], normal[0], strict=True)), depth[1] + normal[1]
    assert apart(both, sums) < 1e-5


def test_a_kind_that_it_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"knows no pictures of the type tile") as caught:
        union.typed(filed(tmp_path, net(6)), "tile")
    assert "It knows auto, openpose" in str(caught.value)


@pytest.mark.parametrize("shape", [(8,), (0, 160)])
def test_a_union_of_an_impossible_shape_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    filed(tmp_path, net())
    path = tmp_path / "union.safetensors"
    save_file(load_file(path) | {"task_embedding": torch.zeros(shape)}, path)
    with pytest.raises(ModelFileError, match="task_embedding"):
        controlnet.component(controlnet.load(path, digest(path)).source)
