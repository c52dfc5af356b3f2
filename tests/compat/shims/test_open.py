"""Inputs that a node takes without having declared them, and wires given instead of what they bring."""

from __future__ import annotations

from typing import Any

import pytest

from safelight.core.graph import Graph, Link

PACK = """
class Any(dict):
    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return ("*",)


class OpenGather:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"first": ("STRING", {"default": "none"})}, "optional": Any()}

    RETURN_TYPES = ("STRING",)
    FUNCTION = "go"

    def go(self, first, **more):
        return (first + "".join(f" {name}={value}" for name, value in sorted(more.items())),)


class OpenSource:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"text": ("STRING", {"default": "x"})}}

    RETURN_TYPES = ("STRING",)
    FUNCTION = "go"

    def go(self, text):
        if text == "boom":
            raise RuntimeError("it was computed")
        return (text,)


class OpenWire:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"wire": ("*", {"rawLink": True})}}

    RETURN_TYPES = ("STRING",)
    FUNCTION = "go"

    def go(self, wire):
        return (repr(wire),)


NODE_CLASS_MAPPINGS = {"OpenGather": OpenGather, "OpenSource": OpenSource, "OpenWire": OpenWire}
"""


@pytest.fixture
def house(house: Any) -> Any:
    house.load({"open/__init__.py": PACK})
    return house


def test_values_and_wires_of_any_name_reach_a_node_that_takes_them(house: Any) -> None:
    graph = Graph()
    source = graph.add("1", "OpenSource", text="wired")
    graph.add("2", "OpenGather", first="a", lora_1={"on": True}, any_07=source)
    result = house.run(graph, "2").raise_for_error()
    assert result.values["2"] == ("a any_07=wired lora_1={'on': True}",)
    assert not [one for one in result.notices if "ignored" in str(one)]


def test_another_name_or_value_makes_another_result(house: Any) -> None:
    said = []
    for more in ({"b": 1}, {"c": 1}, {"c": 2}, {}):
        graph = Graph()
        graph.add("1", "OpenGather", first="a", **more)
        said.append(house.run(graph, "1").raise_for_error().values["1"][0])
    assert said == ["a b=1", "a c=1", "a c=2", "a"]


def test_a_node_may_get_the_wire_itself_whose_source_is_not_run(house: Any) -> None:
    graph = Graph()
    graph.add("7", "OpenSource", text="boom")
    graph.add("8", "OpenWire", wire=Link("7", 0))
    assert house.run(graph, "8").raise_for_error().values["8"] == ("['7', 0]",)
