"""The workflows that ship: whole, tidy, and in need of nothing that does not ship."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from safelight import File, Registry
from safelight.compat.conversion import to_graph
from safelight.compat.document import Document
from safelight.core.folder import Folders
from safelight.core.validation import roots_of, validate
from safelight.diffusion.builtin import builtin

FOLDER = Path(__file__).resolve().parent.parent / "workflows"
NOTES = ("MarkdownNote", "Note")
NODES = Registry().load("nodes")

each_workflow = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    tree = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(tree, dict)
    return tree


def test_the_templates_are_there() -> None:
    names = {path.stem for path in FOLDER.glob("*.json")}
    assert names >= {"text_to_image", "image_to_image", "inpaint", "tiled_upscale", "two_pass", "short_film"}


@each_workflow
def test_links_join_the_slots_that_they_name(path: Path) -> None:
    tree = read(path)
    nodes = {node["id"]: node for node in tree["nodes"]}
    assert len(nodes) == len(tree["nodes"])
    assert tree["last_node_id"] == max(nodes)
    assert tree["last_link_id"] == max(link[0] for link in tree["links"])
    from_inputs = {
        (slot["link"], node["id"], number, slot["type"])
        for node in tree["nodes"]
        for number, slot in enumerate(node["inputs"])
        if slot["link"] is not None
    }
    from_outputs = {
        (link, node["id"], number, slot["type"])
        for node in tree["nodes"]
        for number, slot in enumerate(node["outputs"])
        for link in slot["links"] or ()
    }
    assert from_inputs == {(link, target, slot, type_) for link, _, _, target, slot, type_ in tree["links"]}
    assert from_outputs == {(link, source, slot, type_) for link, source, slot, _, _, type_ in tree["links"]}


@each_workflow
def test_nodes_are_as_this_program_declares_them(path: Path) -> None:
    for node in read(path)["nodes"]:
        spec = NODES.find(node["type"])
        if spec is None:
            assert node["type"] in NOTES
            continue
        sockets = [(one.name, one.type) for one in spec.inputs if one.widget is None]
        assert [(slot["name"], slot["type"]) for slot in node["inputs"] if "widget" not in slot] == sockets
        assert [(slot["name"], slot["type"]) for slot in node["outputs"]] == [
            (slot.name, slot.type) for slot in spec.outputs
        ]


@each_workflow
def test_files_that_are_named_ship(path: Path) -> None:
    for node in read(path)["nodes"]:
        spec = NODES.find(node["type"])
        widgets = [one.widget for one in spec.inputs if one.widget is not None] if spec else []
        if widgets and isinstance(widgets[0], File):
            name, kind = node["widgets_values"][0], widgets[0].kind
            assert name == "emoji" if kind == "checkpoints" else (FOLDER / kind / name).is_file()


@each_workflow
def test_a_fresh_data_folder_is_all_that_it_needs(path: Path, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "input", tmp_path / "input")
    graph, notices, _ = to_graph(Document.read(path), NODES)
    folders = Folders(tmp_path, builtin={"checkpoints": builtin()})
    found = validate(graph, NODES, roots_of(graph, NODES), folders)
    assert (list(map(str, found.problems)), found.notices, notices) == ([], [], [])
    assert len(found.order) == len(graph.nodes) >= 7


@each_workflow
def test_nothing_overlaps_and_wires_run_to_the_right(path: Path) -> None:
    tree = read(path)
    boxes = {node["id"]: node_box(node) for node in tree["nodes"]}
    groups = [group_box(group) for group in tree["groups"]]
    for one, other in itertools.combinations([*boxes.values()], 2):
        assert not one.meets(other)
    for one, other in itertools.combinations(groups, 2):
        assert not one.meets(other)
    for group, node in itertools.product(groups, boxes.values()):
        assert group.holds(node) or not group.meets(node), "a node stands half in a group"
    for _, source, _, target, _, _ in tree["links"]:
        assert boxes[source].right < boxes[target].left, f"the wire from {source} to {target} runs back"


class Box(NamedTuple):
    """A rectangle on the canvas."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


TITLE_BAR = 30
"""`pos` is the corner below a node's title bar."""


def node_box(node: Mapping[str, Any]) -> Box:
    (x, y), (width, height) = node["pos"], node["size"]
    return Box(x, y - TITLE_BAR, x + width, y + height)


def group_box(group: Mapping[str, Any]) -> Box:
    x, y, width, height = group["bounding"]
    return Box(x, y, x + width, y + height)
