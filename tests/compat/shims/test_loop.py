"""Loops that packs build of graphs, and ComfyUI's own nodes as packs call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from safelight.core.graph import Graph, Link

PACK = """
import nodes
import torch
from comfy_execution.graph_utils import GraphBuilder, is_link
from comfy_extras import nodes_differential_diffusion


class Start:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"first": ("INT", {"default": 1})}, "hidden": {"done": ("INT",)}}

    RETURN_TYPES, FUNCTION = ("LOOP", "INT", "INT"), "go"

    def go(self, first, done=0):
        return ("loop", first, done)


class End:
    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "loop": ("LOOP", {"rawLink": True}),
                "value": ("INT", {"forceInput": True}),
                "done": ("INT", {"forceInput": True}),
                "times": ("INT", {"default": 3}),
            },
            "hidden": {"graph": "DYNPROMPT", "id": "UNIQUE_ID"},
        }

    RETURN_TYPES, FUNCTION = ("INT",), "go"

    def go(self, loop, value, done, times, graph, id):
        if done + 1 >= times:
            return (value,)
        inside = self.between(loop[0], id, graph)
        made = GraphBuilder()
        for one in inside:
            made.node(graph.get_node(one)["class_type"], "end" if one == id else one)
        for one in inside:
            node = made.lookup_node("end" if one == id else one)
            for name, given in graph.get_node(one)["inputs"].items():
                looped = is_link(given) and given[0] in inside
                node.set_input(name, made.lookup_node(given[0]).out(given[1]) if looped else given)
        start = made.lookup_node(loop[0])
        start.set_input("first", value)
        start.set_input("done", done + 1)
        return {"result": (made.lookup_node("end").out(0),), "expand": made.finalize()}

    def between(self, first, last, graph):
        found, left = [], [last]
        while left:
            one = left.pop()
            if one not in found:
                found.append(one)
                if one != first:
                    left += [v[0] for v in graph.get_node(one)["inputs"].values() if is_link(v)]
        return found


class Twice:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"value": ("INT", {"forceInput": True})}}

    RETURN_TYPES, FUNCTION = ("INT",), "go"

    def go(self, value):
        return (value * 2,)


class Shown:
    RETURN_TYPES, FUNCTION, OUTPUT_NODE = (), "go", True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {}}

    def go(self):
        return {"ui": {"text": ["done"]}, "result": {}}


class Advanced:
    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "model": ("MODEL",), "cond": ("CONDITIONING",), "latent": ("LATENT",),
                "denoise": ("FLOAT", {"default": 0.5}),
                "further": ("BOOLEAN", {"default": False}),
            }
        }

    RETURN_TYPES, FUNCTION = ("LATENT", "STRING"), "go"

    def go(self, model, cond, latent, denoise, further):
        sampler = nodes.KSamplerAdvanced()
        more = {"colour": "red"} if further else {"nothing": None, "none": []}
        try:
            made = sampler.sample(
                model, "enable", 5, 3, 2.0, "euler", "normal", cond, cond, latent, 0, 10000, "disable",
                denoise=denoise, **more
            )[0]
        except TypeError as error:
            return (latent, str(error))
        own = nodes.EmptyLatentImage()
        told = f"{own.device} {nodes.LatentUpscale.upscale_methods[0]}"
        masked = nodes.ConditioningSetMask().append(cond, torch.ones(1, 8, 8), "mask bounds", 0.5)[0]
        assert (masked[0][1]["mask_strength"], masked[0][1]["set_area_to_bounds"]) == (0.5, True)
        assert nodes_differential_diffusion.DifferentialDiffusion().apply(model)
        return (made, told)


NODE_CLASS_MAPPINGS = {
    "ToyStart": Start, "ToyEnd": End, "ToyTwice": Twice, "ToyShown": Shown, "ToyAdvanced": Advanced
}
"""


@pytest.fixture
def toys(one: Callable[[str, str], Any]) -> Any:
    return one("loops", PACK)


@pytest.mark.parametrize("times", [1, 3, 4])
def test_a_loop_that_a_node_unrolls_turn_by_turn_counts_its_turns(toys: Any, times: int) -> None:
    graph = Graph()
    graph.add("start", "ToyStart", first=5)
    graph.add("twice", "ToyTwice", value=Link("start", 1))
    graph.add("end", "ToyEnd", loop=Link("start"), value=Link("twice"), done=Link("start", 2), times=times)
    from safelight.compat import to_prompt

    result = toys.run(graph, "end", prompt=to_prompt(graph)).raise_for_error()
    assert result.values["end"][0] == 5 * 2**times


def test_an_empty_dictionary_is_no_outputs(toys: Any) -> None:
    graph = Graph()
    graph.add("shown", "ToyShown")
    toys.run(graph, "shown").raise_for_error()


@pytest.fixture
def graph(toys: Any) -> Graph:
    made = Graph()
    made.add("load", "CheckpointLoaderSimple", ckpt_name=toys.engine.folders.names("checkpoints")[0])
    made.add("cond", "CLIPTextEncode", clip=Link("load", 1), text="a red apple")
    made.add("empty", "EmptyLatentImage", width=32, height=32, batch_size=1)
    return made


@pytest.mark.parametrize("denoise", [0.5, 1.0])
def test_the_advanced_sampler_denoises_as_much_as_it_is_told(toys: Any, graph: Graph, denoise: float) -> None:
    given = {"model": Link("load"), "latent": Link("empty")}
    graph.add("theirs", "ToyAdvanced", **given, cond=Link("cond"), denoise=denoise)
    graph.add(
        "ours",
        "KSampler",
        model=Link("load"),
        latent_image=Link("empty"),
        positive=Link("cond"),
        negative=Link("cond"),
        seed=5,
        steps=3,
        cfg=2.0,
        sampler_name="euler",
        scheduler="normal",
        denoise=denoise,
    )
    theirs, ours = (toys.value(graph, id)["samples"] for id in ("theirs", "ours"))
    torch.testing.assert_close(theirs, ours, rtol=1e-4, atol=1e-4)
    assert toys.value(graph, "theirs", 1) == "cpu nearest-exact"


def test_what_a_node_does_not_know_is_not_dropped_without_a_word(toys: Any, graph: Graph) -> None:
    given = {"model": Link("load"), "latent": Link("empty")}
    graph.add("theirs", "ToyAdvanced", **given, cond=Link("cond"), further=True)
    assert "unexpected keyword argument 'colour'" in toys.value(graph, "theirs", 1)
