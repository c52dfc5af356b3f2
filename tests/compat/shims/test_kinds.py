"""A class-based, a schema and a native version of one node are the same node."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import torch

from safelight.core.graph import Graph, Link

CLASSIC = '''
class Blend:
    """Mix."""
    DESCRIPTION = "Mix two pictures."
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {
            "image": ("IMAGE", {}),
            "other": ("IMAGE", {}),
            "amount": (
                "FLOAT", {"default": 0.5, "min": 0.0, "max": 1.0, "step": 0.05, "tooltip": "How much."}
            ),
            "mode": (["mix", "add"], {"default": "mix", "tooltip": "In which way."}),
            "seed": ("INT", {"default": 0, "min": 0, "max": 2**64 - 1, "tooltip": "A seed."}),
        }, "optional": {"mask": ("MASK", {})}}
    RETURN_TYPES = ("IMAGE", "FLOAT")
    RETURN_NAMES = ("image", "share")
    FUNCTION = "go"
    CATEGORY = "toys"
    def go(self, image, other, amount, mode, seed, mask=None):
        made = image * (1 - amount) + other * amount if mode == "mix" else image + other * amount
        return (made if mask is None else made * mask[..., None], amount)
NODE_CLASS_MAPPINGS = {"Blend1": Blend}
NODE_DISPLAY_NAME_MAPPINGS = {"Blend1": "Blend"}
'''

SCHEMA = """
from comfy_api.latest import ComfyExtension, io

class Blend(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="Blend2", display_name="Blend", category="toys", description="Mix two pictures.",
            inputs=[
                io.Image.Input("image"),
                io.Image.Input("other"),
                io.Float.Input("amount", default=0.5, min=0.0, max=1.0, step=0.05, tooltip="How much."),
                io.Combo.Input("mode", options=["mix", "add"], default="mix", tooltip="In which way."),
                io.Int.Input("seed", default=0, min=0, max=2**64 - 1, tooltip="A seed."),
                io.Mask.Input("mask", optional=True),
            ],
            outputs=[io.Image.Output(display_name="image"), io.Float.Output(display_name="share")],
        )
    @classmethod
    def execute(cls, image, other, amount, mode, seed, mask=None):
        made = image * (1 - amount) + other * amount if mode == "mix" else image + other * amount
        return io.NodeOutput(made if mask is None else made * mask[..., None], amount)

class Toys(ComfyExtension):
    async def get_node_list(self): return [Blend]

async def comfy_entrypoint(): return Toys()
"""

NATIVE = '''
from typing import Annotated, NamedTuple
from safelight import Choice, Image, Mask, Number, Seed, node

class Blended(NamedTuple):
    image: Image
    share: float

@node("Blend3", category="toys", title="Blend")
def blend(
    image: Image,
    other: Image,
    amount: Annotated[float, Number(min=0.0, max=1.0, step=0.05, tip="How much.")] = 0.5,
    mode: Annotated[str, Choice(of=("mix", "add"), tip="In which way.")] = "mix",
    seed: Annotated[int, Seed(tip="A seed.")] = 0,
    mask: Mask | None = None,
) -> Blended:
    """Mix two pictures."""
    made = image * (1 - amount) + other * amount if mode == "mix" else image + other * amount
    return Blended(made if mask is None else made * mask[..., None], amount)
'''


def said(spec: Any) -> dict[str, Any]:
    """What a spec says to everybody else: all but its id, its code and where that lies."""
    own = {"id", "function", "module", "context", "inputs", "strict"}
    tree = {one.name: getattr(spec, one.name) for one in fields(spec) if one.name not in own}
    return tree | {"inputs": [input_said(one) for one in spec.inputs]}


def input_said(one: Any) -> dict[str, Any]:
    tree = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "widget"}
    widget = one.widget
    if widget is not None:
        words = {field.name: getattr(widget, field.name) for field in fields(widget) if field.name != "of"}
        words["options"] = list(getattr(widget, "options", ()))
        tree["widget"] = words
    return tree


def test_three_versions_of_a_node_give_the_same_spec_and_the_same_result(house: Any) -> None:
    reports = house.load({"one/__init__.py": CLASSIC, "two/__init__.py": SCHEMA, "three/__init__.py": NATIVE})
    assert [(one.name, one.state, one.problem) for one in reports] == [
        ("one", "loaded", ""),
        ("three", "loaded", ""),
        ("two", "loaded", ""),
    ]
    classic, schema, native = (said(house.registry.get(f"Blend{number}")) for number in (1, 2, 3))
    assert classic == schema == native

    graph = Graph()
    one = graph.add("a", "EmptyImage", width=8, height=8, batch_size=1, color=0xFF0000)
    other = graph.add("b", "EmptyImage", width=8, height=8, batch_size=1, color=0x00FF00)
    for number in (1, 2, 3):
        graph.add(f"{number}", f"Blend{number}", image=one, other=other, amount=0.25, mode="mix", seed=1)
    first, second, third = (house.value(graph, f"{number}") for number in (1, 2, 3))
    assert torch.equal(first, second)
    assert torch.equal(first, third)
    assert [house.value(graph, f"{number}", 1) for number in (1, 2, 3)] == [0.25] * 3


DYNAMIC = """
from comfy_api.latest import ComfyExtension, io

class Gather(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(node_id="Gather", category="toys", hidden=[io.Hidden.unique_id], inputs=[
            io.Autogrow.Input(
                "images", template=io.Autogrow.TemplatePrefix(io.Image.Input("image"), "image", min=1, max=4)
            ),
            io.DynamicCombo.Input("how", options=[
                io.DynamicCombo.Option("scale", [io.Float.Input("by", default=2.0)]),
                io.DynamicCombo.Option("none", []),
            ]),
        ], outputs=[io.Float.Output(), io.String.Output()])
    @classmethod
    def validate_inputs(cls, how): return True
    @classmethod
    def execute(cls, images, how):
        total = sum(float(one.sum()) for one in images.values())
        return io.NodeOutput(total * how.get("by", 1.0), cls.hidden.unique_id)

class Toys(ComfyExtension):
    async def get_node_list(self): return [Gather]

async def comfy_entrypoint(): return Toys()
"""


def test_inputs_that_grow_and_that_depend_on_a_choice(house: Any) -> None:
    (report,) = house.load({"dynamic/__init__.py": DYNAMIC})
    assert (report.state, report.nodes) == ("loaded", ["Gather"])
    graph = Graph()
    white = graph.add("a", "EmptyImage", width=16, height=16, batch_size=1, color=0xFFFFFF)
    graph.nodes["g"] = type(graph["a"])(
        "Gather",
        {"images.image0": white, "images.image1": Link("a"), "how": "scale", "how.by": 0.5},
    )
    assert house.value(graph, "g") == 16 * 16 * 3
    assert house.value(graph, "g", 1) == "g"
