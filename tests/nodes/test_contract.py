"""What every built-in node keeps: its documentation, and its contract with files that ComfyUI saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from safelight import Choice, File, Number, Registry, Seed, Text
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec, OutputSpec
from safelight.core.widget import Variant

HERE = Path(__file__).parent
FACTS: dict[str, Any] = json.loads((HERE / "comfy_facts.json").read_text())
"""The interface of ComfyUI 0.33's nodes of the same ids."""
OURS = {
    "ApplyStyle",
    "ApplyStyleLoras",
    "CFGCourse",
    "ContactSheet",
    "LoadImagesFromFolder",
    "NumberRange",
    "PlotSigmas",
    "SampleInTiles",
    "SamplerDiffusers",
    "SkipLayerGuidanceUNet",
    "SplitBatch",
    "TextTemplate",
    "ToneCurve",
}
CATALOGUE = HERE / "catalogue.txt"

SPECS = sorted(Registry().load("nodes"), key=lambda spec: spec.id)
FOLDER = Path(__file__).resolve().parents[2] / "nodes"

each_node = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
each_known_node = pytest.mark.parametrize(
    "spec", [spec for spec in SPECS if spec.id in FACTS], ids=lambda spec: spec.id
)


@each_node
def test_node_explains_itself(spec: NodeSpec) -> None:
    assert spec.doc.splitlines()[0].endswith((".", '".')), "the docstring begins with a sentence"
    assert spec.title
    missing = [one.name for one in spec.inputs if one.widget is not None and not one.tip.endswith((".", "?"))]
    assert missing == [], "each widget has a tip, a sentence"


@each_node
def test_node_stands_in_the_folder_of_its_menu(spec: NodeSpec) -> None:
    assert (
        spec.category.replace("/", ".").replace(" ", "_")
        == spec.module.removeprefix("nodes.").rpartition(".")[0]
    )


@each_node
def test_defaults_pass_their_own_widget(spec: NodeSpec) -> None:
    given = [one for one in spec.inputs if one.widget is not None and one.default is not REQUIRED]
    refused = {one.name: one.widget.refusal(one.default) for one in given if one.widget is not None}
    assert {name: refusal for name, refusal in refused.items() if refusal} == {}


@each_node
def test_node_is_ours_or_known_to_comfyui(spec: NodeSpec) -> None:
    assert (spec.id in FACTS) is not (spec.id in OURS)


@each_known_node
def test_inputs_are_those_of_saved_files(spec: NodeSpec) -> None:
    facts = FACTS[spec.id]["inputs"]
    assert [one.name for one in spec.inputs] == [fact["name"] for fact in facts]
    for one, fact in zip(spec.inputs, facts, strict=True):
        awaited = {"lazy": True} if spec.closes and one.lazy else {}  # ComfyUI's server does that by itself
        assert described(one) == expected(fact) | awaited, one.name
        if one.name not in ("sampler_name", "scheduler"):
            assert options(one) == fact.get("options", []), one.name
        else:
            assert [name for name in fact["options"] if name in options(one)] == options(one), one.name


@each_known_node
def test_outputs_are_those_of_saved_files(spec: NodeSpec) -> None:
    assert [[slot.type, slot.name] for slot in spec.outputs] == [
        [plain(type_), name] for type_, name in FACTS[spec.id]["outputs"]
    ]
    assert spec.effect is FACTS[spec.id]["output_node"]
    assert spec.category == FACTS[spec.id]["category"]


def described(one: InputSpec) -> dict[str, Any]:
    """An input in the words of the facts."""
    widget = one.widget
    words: dict[str, Any] = {"name": one.name, "type": one.type, "default": default(one)}
    if one.lazy:
        words["lazy"] = True
    if isinstance(widget, Number | Seed):
        words |= {"min": widget.min, "max": widget.max}
    if isinstance(widget, Number):
        words |= {"step": widget.step, "round": widget.round}
    if isinstance(widget, Seed):
        words["control"] = bool(widget.control)
    if isinstance(widget, Text):
        words |= {"multiline": widget.multiline, "dynamic": widget.dynamic_prompts}
    if isinstance(widget, File):
        words["upload"] = widget.upload == "image"
    if widget is not None:
        words["advanced"] = widget.advanced
    return words


def expected(fact: Mapping[str, Any]) -> dict[str, Any]:
    """The same words from the facts; what a fact leaves out is ComfyUI's default for it."""
    type_ = plain(fact["type"])
    words: dict[str, Any] = {"name": fact["name"], "type": type_, "default": fact.get("default", first(fact))}
    if fact.get("lazy"):
        words["lazy"] = True
    if fact.get("forceInput"):  # a wire, though it could be a widget
        return words
    control = bool(fact.get("control_after_generate"))
    if type_ in ("INT", "FLOAT"):
        words |= {"min": fact.get("min"), "max": fact.get("max")}
        words |= {"control": True} if control else {"step": fact.get("step"), "round": fact.get("round")}
    if type_ == "STRING":
        words |= {"multiline": fact.get("multiline", False), "dynamic": fact.get("dynamicPrompts", False)}
    if type_ == "COMBO" and "options" not in fact:
        words["upload"] = fact.get("image_upload", False)
    if type_ in ("INT", "FLOAT", "STRING", "COMBO", "BOOLEAN") or fact.get("widget"):
        words["advanced"] = fact.get("advanced", False)
    return words


def first(fact: Mapping[str, Any]) -> Any:
    """A list without a default begins with its first option; anything else begins empty."""
    return fact["options"][0] if fact.get("options") else None


def default(one: InputSpec) -> Any:
    return None if one.default is REQUIRED else one.default


def options(one: InputSpec) -> list[str]:
    if isinstance(one.widget, Variant):
        return list(one.widget.of)
    return list(one.widget.options) if isinstance(one.widget, Choice) else []


def plain(type_: str) -> str:
    """A type that follows what is connected takes everything."""
    return "*" if type_.startswith("COMFY_MATCHTYPE") else type_


def line(spec: NodeSpec) -> str:
    """One node as a line of the catalogue."""

    def shown(one: InputSpec) -> str:
        words = f"{one.name}: {'many ' * one.many}{'lazy ' * one.lazy}{one.type}"
        return words if one.default is REQUIRED else f"{words} = {one.default!r}"

    def slot(one: OutputSpec) -> str:
        return f"{one.name}: {'many ' * one.many}{one.type}"

    inputs, outputs = ", ".join(map(shown, spec.inputs)), ", ".join(map(slot, spec.outputs))
    return f"{spec.id} v{spec.version} ({inputs}) -> ({outputs})"


def test_the_catalogue_is_as_it_was() -> None:
    """A change here changes saved workflows. `python tests/nodes/test_contract.py` writes it anew."""
    assert "\n".join(map(line, SPECS)) + "\n" == CATALOGUE.read_text()


if __name__ == "__main__":
    CATALOGUE.write_text("\n".join(map(line, SPECS)) + "\n")
