"""Workflows written as Python: running the script builds the same graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from safelight import Graph, Link, Workflow
from safelight.core.folder import Folders
from safelight.core.graph import Node
from safelight.core.key import Key
from safelight.core.validation import roots_of, validate
from safelight.graph import builtin
from safelight.home import shipped_workflows
from safelight.script import script
from safelight.worker import open_engine

SHIPPED = sorted(shipped_workflows().glob("*.json"))


def executed(text: str) -> Workflow:
    space: dict[str, Any] = {"__name__": "script"}
    exec(compile(text, "script.py", "exec"), space)
    workflow = space["workflow"]
    assert isinstance(workflow, Workflow)
    return workflow


def keys(graph: Graph, data: Path) -> list[Key]:
    with open_engine(data) as engine:
        order = validate(graph, engine.registry, roots_of(graph, engine.registry), engine.folders).order
        found: dict[str, Key] = {}
        engine.keys.extend(found, order)
    return sorted(found.values(), key=repr)


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_a_script_of_a_shipped_workflow_builds_the_same_graph(file: Path, tmp_path: Path) -> None:
    from safelight import home

    home.prepare(tmp_path)
    ready = Workflow.load(file).ready(home.folders(tmp_path))
    again = executed(script(ready.graph, builtin(), ready.titles, file.name)).ready(home.folders(tmp_path))
    assert keys(again.graph, tmp_path) == keys(ready.graph, tmp_path)
    assert set(ready.titles.values()) <= set(again.titles.values())


def test_names_read_like_titles_and_never_clash() -> None:
    graph = Graph(
        {
            "1": Node("CheckpointLoaderSimple", {"ckpt_name": "emoji"}),
            "2": Node("CLIPTextEncode", {"clip": Link("1", 1), "text": "a"}, "What to show"),
            "3": Node("CLIPTextEncode", {"clip": Link("1", 1), "text": "b"}, "What to show"),
            "4": Node("ConditioningCombine", {"conditioning_1": Link("2"), "conditioning_2": Link("3")}),
        }
    )
    text = script(graph, builtin())
    assert 'what_to_show = CLIPTextEncode(clip=clip, text="a").titled("What to show")' in text
    assert "what_to_show_2 = CLIPTextEncode" in text
    assert "_, clip, _ = CheckpointLoaderSimple" in text


def test_what_python_cannot_name_and_quotes_of_all_kinds_are_written_so_that_they_can_be_read_again() -> None:
    odd = {"a b": 1, "class": None, "text": "say \"it's\"\\\n'''", "nested": [1, {"x": 2.5, "y": True}]}
    graph = Graph(
        {"1": Node("Some Pack|Node", odd, 'the "odd" one'), "2": Node("PreviewAny", {"source": Link("1", 3)})}
    )
    again = executed(script(graph, builtin(), name='x"""y.json')).graph
    assert again["1"].inputs == odd
    assert again["2"].inputs == {"source": Link("1", 3)}


def test_what_python_has_no_word_for_and_names_that_a_script_uses_itself_do_not_break_it() -> None:
    odd = {"x": float("inf"), "list": [float("-inf"), {"y": 1e300}], "self": 1}
    graph = Graph({"1": Node("Mystery", odd, "print"), "2": Node("PreviewAny", {"source": Link("1")})})
    text = script(graph, builtin())
    assert executed(text).graph["1"].inputs == odd
    assert "print_2 = " in text


def test_values_at_inputs_that_usually_take_wires_are_written_where_a_run_takes_them() -> None:
    switch = {"switch": False, "on_false": "a text", "on_true": 5}
    sum_of = {"expression": "a + b", "values.a": 81, "values.b": 0.5}
    graph = Graph(
        {
            "1": Node("ComfySwitchNode", switch),
            "2": Node("PreviewAny", {"source": Link("1")}),
            "3": Node("ComfyMathExpression", sum_of),
            "4": Node("PreviewAny", {"source": Link("3")}),
        }
    )
    again = executed(script(graph, builtin())).graph
    assert [
        node.inputs
        for node in again.nodes.values()
        if node.type in ("ComfySwitchNode", "ComfyMathExpression")
    ] == [switch, sum_of]
    assert validate(again, builtin(), roots_of(again, builtin())).problems == []


def test_what_nothing_saved_needs_is_left_out() -> None:
    graph = Graph(
        {
            "1": Node("StringConcatenate", {"string_a": "a", "string_b": "b", "delimiter": ""}),
            "2": Node("PreviewAny", {"source": Link("1")}),
            "3": Node("StringConcatenate", {"string_a": "unused", "string_b": "b", "delimiter": ""}),
        }
    )
    assert "unused" not in script(graph, builtin())


def test_folders_are_not_needed_to_read_a_graph(tmp_path: Path) -> None:
    assert len(Workflow.load(SHIPPED[0]).ready(Folders(tmp_path)).graph) > 3


def test_a_loop_in_which_something_is_shown_has_its_end_in_the_script() -> None:
    graph = Graph()
    graph.add("1", "StartLoop", **{"mode": "simple", "mode.num_iterations": 3})
    graph.add("2", "PreviewAny", source=Link("1", 0))
    graph.add("3", "EndLoop", output_value=Link("1", 0))
    text = script(graph, builtin())
    assert "Workflow.of(preview_any, end_loop)" in text
    types = {node.type for node in executed(text).graph.nodes.values()}
    assert types == {"EndLoop", "PreviewAny", "StartLoop"}
