"""Packs read model files by themselves, and weigh tokens; what comes of it is what our own nodes give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from safelight import diffusion
from safelight.core.graph import Graph, Link
from safelight.diffusion import residency

EMOJI = Path(diffusion.__file__).parent / "data" / "emoji"
PACK = (Path(__file__).parent / "packs" / "files.py").read_text()
TEXT = "a (red:1.3) apple and a (blue:0.6) pear, " * 4


@pytest.fixture
def toys(one: Callable[[str, str], Any]) -> Any:
    return one("files", PACK)


@pytest.fixture
def graph(toys: Any) -> Graph:
    made = Graph()
    made.add("load", "CheckpointLoaderSimple", ckpt_name=toys.engine.folders.names("checkpoints")[0])
    return made


def test_a_vae_of_tensors_that_a_pack_read_is_that_of_their_file(toys: Any, graph: Graph) -> None:
    place = toys.data / "models" / "vae" / "mine.safetensors"
    place.parent.mkdir(parents=True, exist_ok=True)
    copyfile(EMOJI / "vae" / "diffusion_pytorch_model.safetensors", place)
    graph.add("theirs", "ToyOwnVAE", path=str(place))
    graph.add("ours", "VAELoader", vae_name=place.name)
    assert toys.value(graph, "theirs") == toys.value(graph, "ours")


def test_packs_that_weigh_tokens_inside_the_encoder_get_what_our_node_gives(toys: Any, graph: Graph) -> None:
    graph.add("theirs", "ToyWeigh", clip=Link("load", 1), text=TEXT)
    graph.add("ours", "CLIPTextEncode", clip=Link("load", 1), text=TEXT)
    vectors, options = toys.value(graph, "ours")[0]
    for slot in (0, 1):
        own, more = toys.value(graph, "theirs", slot)[0]
        assert torch.equal(own, vectors)
        assert torch.equal(more["pooled_output"], options["pooled_output"])


def test_an_adapter_for_the_denoiser_alone_leaves_the_text_encoder_as_it_is(toys: Any, graph: Graph) -> None:
    model, clip = (toys.value(graph, "load", slot) for slot in (0, 1))
    path = toys.data / "models" / "loras" / "half.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(_adapter(toys, model), path)
    graph.add("theirs", "ToyOwnAdapter", model=Link("load"), clip=Link("load", 1), path=str(path))
    graph.add(
        "ours",
        "LoraLoader",
        model=Link("load"),
        clip=Link("load", 1),
        lora_name=path.name,
        strength_model=1.0,
        strength_clip=1.0,
    )
    assert toys.value(graph, "theirs", 1) == clip
    assert toys.value(graph, "theirs") != model
    assert toys.value(graph, "theirs") == toys.value(graph, "ours")


def _adapter(toys: Any, model: Any) -> dict[str, torch.Tensor]:
    """A file for one layer of the denoiser."""
    with residency.lend(model, toys.engine.plan) as network:
        name, tensor = next(
            (name, tensor)
            for name, tensor in network.tensors().items()
            if "attn" in name and tensor.ndim == 2 and name.endswith(".weight")
        )
    layer = "lora_unet_" + name.removesuffix(".weight").replace(".", "_")
    up, down = torch.ones(tensor.shape[0], 2), torch.ones(2, tensor.shape[1])
    return {f"{layer}.lora_up.weight": up, f"{layer}.lora_down.weight": down, f"{layer}.alpha": up[0, 0] * 2}
