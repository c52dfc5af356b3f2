"""Wires that only one side of a file mentions are connected as editors do it, or told."""

from __future__ import annotations

from typing import Any

import pytest

from safelight.compat import Document, to_graph
from safelight.core.graph import Link


def node(id: Any, type: str, link: Any = None, links: Any = None, input: str = "IMAGE") -> dict[str, Any]:
    return {
        "id": id,
        "type": type,
        "inputs": [{"name": "image" if type == "ImageInvert" else "images", "type": input, "link": link}],
        "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": links}],
    }


def file(links: Any, *nodes: dict[str, Any]) -> Document:
    return Document({"nodes": list(nodes), "links": links})


def converted(document: Document, registry: Any) -> tuple[Any, list[str]]:
    graph, notices, _ = to_graph(document, registry)
    return graph, [str(notice) for notice in notices]


def test_a_wire_that_its_output_has_is_connected_to_its_free_input(registry):
    document = file(
        [[7, 1, 0, 2, 0, "IMAGE"]], node(1, "ImageInvert", links=[7]), node(2, "PreviewImage", links=[])
    )
    graph, notices = converted(document, registry)
    assert graph["2"].inputs["images"] == Link("1", 0)
    (notice,) = notices
    assert notice.startswith(
        "node '2' (PreviewImage), input 'images': only the file's list of wires says that"
    )
    (told,) = document.by_name(registry)["links"]
    assert (told["from"], told["to"], told["input"]) == ("1", "2", "images")


@pytest.mark.parametrize(
    ("links", "nodes"),
    [
        ([[7, 1, 0, 2, 0, "*"]], [node(1, "ImageInvert"), node(2, "PreviewImage")]),
        ([[7, 1, 0, 2, 0, "*"]], [node(1, "ImageInvert", links=[7]), node(2, "PreviewImage", input="MASK")]),
        ([[7, 1, 0, 2, 5, "*"]], [node(1, "ImageInvert", links=[7]), node(2, "PreviewImage")]),
        ([[7, 1, 0, 2, 0, "*"], [8, 3, 0, 2, 0, "*"]],
         [node(1, "ImageInvert", links=[7]), node(3, "ImageInvert", links=[8]), node(2, "PreviewImage", 8)]),
    ],
    ids=["neither end has it", "types differ", "no such input", "the input has another"],
)  # fmt: skip
def test_a_wire_that_cannot_be_connected_is_told(links, nodes, registry):
    graph, notices = converted(file(links, *nodes), registry)
    assert graph["2"].inputs.get("images") in (None, Link("3", 0))
    assert notices == ["one wire that the file lists ends at no input, and was left out: 7 ('1' to '2')."]


def test_the_last_of_two_wires_for_one_free_input_is_taken(registry):
    document = file(
        [[7, 1, 0, 2, 0, "*"], [8, 3, 0, 2, 0, "*"]],
        node(1, "ImageInvert", links=[7]), node(3, "ImageInvert", links=[8]), node(2, "PreviewImage"),
    )  # fmt: skip
    graph, notices = converted(document, registry)
    assert graph["2"].inputs["images"] == Link("3", 0)
    assert [("connected" in text, "left out" in text) for text in notices] == [(True, False), (False, True)]


def test_a_wire_that_an_input_mentions_and_the_file_does_not_list_is_told(registry):
    document = file([], node(1, "ImageInvert", links=[7]), node(2, "PreviewImage", 7))
    graph, notices = converted(document, registry)
    assert "images" not in graph["2"].inputs
    (notice,) = notices
    assert notice.startswith("node '2' (PreviewImage), input 'images': the file does not list its wire")


def test_wires_of_nodes_that_are_gone_and_twins_need_no_word(registry):
    document = file(
        [[7, 1, 0, 2, 0, "*"], [8, 1, 0, 2, 0, "*"], [9, 1, 0, 99, 0, "*"], [10, 98, 0, 2, 0, "*"]],
        node(1, "ImageInvert", links=[7, 8, 9]), node(2, "PreviewImage", 8),
    )  # fmt: skip
    assert converted(document, registry)[1] == []


def test_a_wire_within_a_subgraph_is_connected_from_its_border(registry):
    inner = {
        "id": "sub",
        "name": "Show",
        "inputs": [{"name": "picture", "type": "IMAGE", "linkIds": [4]}],
        "outputs": [],
        "nodes": [node(5, "PreviewImage")],
        "links": [{"id": 4, "origin_id": -10, "origin_slot": 0, "target_id": 5, "target_slot": 0}],
    }
    outer = {**node(2, "sub", 7), "outputs": []}
    outer["inputs"][0]["name"] = "picture"
    document = file([[7, 1, 0, 2, 0, "IMAGE"]], node(1, "ImageInvert", links=[7]), outer)
    document.tree["definitions"] = {"subgraphs": [inner]}
    graph, _ = converted(document, registry)
    assert graph["2:5"].inputs["images"] == Link("1", 0)


@pytest.mark.parametrize("id", [3.0, -1.0])
def test_an_id_that_is_a_whole_number_with_a_point_is_that_number(id, registry):
    text = (
        f'{{"nodes": [{{"id": {id}, "type": "ImageInvert", "mode": 4.0, "outputs": []}},'
        ' {"id": 4, "type": "PreviewImage",'
        f' "inputs": [{{"name": "images", "type": "IMAGE", "link": 1.0}}]}}],'
        f' "links": [[1, {id}, 0.0, 4.0, 0.0, "IMAGE"]]}}'
    )
    document = Document.parse(text)
    assert list(to_graph(document, registry).graph) == ["4"]
    document.tree["nodes"][0]["mode"] = 0
    assert to_graph(document, registry).graph["4"].inputs["images"] == Link(str(int(id)), 0)
    told = Document.parse(text).by_name(registry)
    assert (told["nodes"][0]["id"], told["nodes"][0]["mode"]) == (str(int(id)), "bypassed")
    assert [link["from"] for link in told["links"]] == [str(int(id))]
    assert Document.from_named(told, registry).write() == text
