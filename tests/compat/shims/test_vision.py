"""Packs look at pictures through ComfyUI's functions, and get what our own nodes give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from safelight.core.graph import Graph, Link
from safelight.diffusion.seen import Seen
from safelight.diffusion.vision import VisionTransformer

PACK = """
import comfy.clip_vision
import comfy.model_management
import folder_paths
from comfy.clip_vision import Output, clip_preprocess


class Look:
    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "clip_vision": ("CLIP_VISION",),
                "image": ("IMAGE",),
                "how": (["method", "module", "file"],),
            }
        }

    RETURN_TYPES, FUNCTION = ("CLIP_VISION_OUTPUT", "FLOAT"), "go"

    def go(self, clip_vision, image, how):
        if how == "file":
            name = folder_paths.get_filename_list("clip_vision")[0]
            clip_vision = comfy.clip_vision.load(folder_paths.get_full_path("clip_vision", name))
        comfy.model_management.load_model_gpu(clip_vision.patcher)
        if how != "module":
            return (clip_vision.encode_image(image, crop=True), 0.0)
        pixels = clip_preprocess(image.to(clip_vision.load_device), size=clip_vision.image_size).float()
        out = clip_vision.model(pixel_values=pixels, intermediate_output=-2)
        made = Output()
        made["last_hidden_state"], made["penultimate_hidden_states"] = out[0], out[1]
        made["image_embeds"] = out[2]
        return (made, float(made.image_embeds.sum()))


class Read:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"seen": ("CLIP_VISION_OUTPUT",)}}

    RETURN_TYPES, FUNCTION = ("FLOAT",), "go"

    def go(self, seen):
        assert seen["image_embeds"] is seen.image_embeds
        return (float(seen.penultimate_hidden_states.sum()),)


class Inside(Look):
    RETURN_TYPES = ("INT",)

    def go(self, clip_vision, image, how):
        return (clip_vision.model.vision_model.layers,)


NODE_CLASS_MAPPINGS = {"ToyLook": Look, "ToyRead": Read, "ToyInside": Inside}
"""
CONFIG = {
    "hidden_size": 64,
    "patch_size": 8,
    "image_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 1,
    "intermediate_size": 32,
    "projection_dim": 16,
    "hidden_act": "quick_gelu",
    "causal": False,
}


@pytest.fixture
def toys(one: Callable[[str, str], Any]) -> Any:
    house = one("looks", PACK)
    torch.manual_seed(1)
    tensors = {
        name if name.startswith("visual_projection") else f"vision_model.{name}": tensor
        for name, tensor in VisionTransformer(CONFIG).state_dict().items()
    }
    folder: Path = house.engine.folders.root("clip_vision")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "small.safetensors")
    return house


@pytest.fixture
def graph() -> Graph:
    made = Graph()
    made.add("eye", "CLIPVisionLoader", clip_name="small.safetensors")
    made.add("picture", "EmptyImage", width=48, height=32, batch_size=2, color=0xFF8800)
    made.add("ours", "CLIPVisionEncode", clip_vision=Link("eye"), image=Link("picture"), crop="center")
    return made


@pytest.mark.parametrize("how", ["method", "module", "file"])
def test_a_pack_sees_what_our_node_does(toys: Any, graph: Graph, how: str) -> None:
    graph.add("theirs", "ToyLook", clip_vision=Link("eye"), image=Link("picture"), how=how)
    graph.add("read", "ToyRead", seen=Link("ours"))
    ours, theirs = (toys.value(graph, id) for id in ("ours", "theirs"))
    assert isinstance(ours, Seen)
    assert isinstance(theirs, Seen), "what goes over wires is ours again"
    assert ours.image_embeds.shape == (2, 16)
    assert ours.last_hidden_state.shape == (2, 17, 64)
    for name, tensor in ours.to_tree().items():
        torch.testing.assert_close(getattr(theirs, name), tensor, atol=1e-5, rtol=1e-4)
    assert toys.value(graph, "read") == pytest.approx(float(ours.penultimate_hidden_states.sum()), rel=1e-4)


def test_what_reaches_into_an_encoder_is_refused_by_name(toys: Any, graph: Graph) -> None:
    graph.add("inside", "ToyInside", clip_vision=Link("eye"), image=Link("picture"), how="method")
    error = str(toys.run(graph, "inside").error)
    assert "needs ComfyUI's CLIP_VISION.model.vision_model" in error


def test_a_checkpoint_without_an_encoder_says_so_when_it_is_asked(toys: Any, graph: Graph) -> None:
    name = toys.engine.folders.names("checkpoints")[0]
    graph.add("whole", "unCLIPCheckpointLoader", ckpt_name=name)
    graph.add("seen", "CLIPVisionEncode", clip_vision=Link("whole", 3), image=Link("picture"))
    graph.add("cond", "CLIPTextEncode", clip=Link("whole", 1), text="a red apple")
    graph.add("told", "unCLIPConditioning", conditioning=Link("cond"), clip_vision_output=Link("ours"))
    assert "holds no picture encoder" in (toys.run(graph, "seen").reports["seen"].blocked or "")
    ((_, options),) = toys.value(graph, "told")
    assert options["unclip_conditioning"][0]["clip_vision_output"].key == toys.value(graph, "ours").key
