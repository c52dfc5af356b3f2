"""Nodes put in order, subgraphs named, and what a node warns of."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def boxes(editor: Any, *ids: str) -> list[dict[str, float]]:
    return [editor.node(id).bounding_box() for id in ids]


def test_chosen_nodes_are_aligned_and_distributed_by_keys(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.pick("5", many=True)
    editor.keys("Shift+u")
    editor.until(lambda: len({round(one["y"]) for one in boxes(editor, "5", "6", "7")}) == 1)
    editor.keys("Shift+h")

    def even() -> bool:
        five, six, seven = boxes(editor, "5", "6", "7")
        first = six["x"] - five["x"] - five["width"]
        return abs(first - (seven["x"] - six["x"] - six["width"])) < 2

    editor.until(even)
    editor.keys("Control+z", "Control+z")
    editor.until(lambda: len({round(one["y"]) for one in boxes(editor, "5", "6", "7")}) > 1)


def test_a_subgraph_is_called_otherwise_outside_and_inside(editor: Any) -> None:
    editor.pick("6")
    editor.pick("7", many=True)
    editor.keys("Control+Shift+e", "Escape")
    node = editor.page.locator(".react-flow__node:has(.node[data-subgraph])")
    node.wait_for()
    editor.keys("Shift+F2")
    dialog = editor.page.get_by_role("dialog", name="Rename the subgraph")
    dialog.get_by_role("textbox").fill("Paint")
    editor.keys("Enter")
    dialog.wait_for(state="detached")
    editor.until(lambda: editor.document()["subgraphs"][0]["name"] == "Paint")
    node.locator(".node-title", has_text="Paint").wait_for()
    editor.keys("]")
    editor.page.locator(".trail").get_by_text("Paint").wait_for()
    editor.keys("Escape", "[")
    editor.page.locator(".trail").wait_for(state="detached")


def test_a_node_that_warns_says_so_below_itself(editor: Any, graph: Any, tmp_path: Path) -> None:
    tree = graph(
        ("CheckpointLoader", {"config_name": "v1-inference.yaml", "ckpt_name": "emoji"}),
        ("PreviewAny", {}),
        wires=((1, 0, 2, "source", "MODEL"),),
    )
    editor.open(tree, tmp_path)
    editor.keys("Control+Enter")
    editor.node("1").locator(".node-warning", has_text="is ignored").wait_for()
