"""Documents by name: told and taken back without a trace, and changed only where they were changed."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.compat import Document, to_graph
from safelight.core.error import DocumentError
from safelight.core.graph import Link

NAMES = (
    "text_to_image.json",
    "switched_off.json",
    "unknown_nodes.json",
    "subgraph.json",
    "group_node.json",
)


def told(document: Document, registry: Any) -> Any:
    return json.loads(json.dumps(document.by_name(registry), allow_nan=False))


def node(tree: Any, id: str) -> Any:
    return next(one for one in tree["nodes"] if one["id"] == id)


@pytest.fixture
def art(file):
    """A file with one value a line, so that changes can be counted."""
    tree = json.loads(file("text_to_image.json").read_text())
    return Document.parse(json.dumps(tree, indent=1))


def sampler(tree: Any) -> Any:
    return next(one for one in tree["nodes"] if one["type"] == "KSampler")


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_back_as_it_went_out_is_saved_byte_by_byte(name, file, registry):
    data = file(name).read_bytes()
    document = Document.read(data)
    assert Document.from_named(told(document, registry), registry).write().encode() == data


def test_numbers_that_only_look_different_are_no_change(registry):
    values = [2**64 - 1, "fixed", 20, 8.0, "euler", "normal", 1.0]
    text = json.dumps({"nodes": [{"id": 1, "type": "KSampler", "widgets_values": values}], "links": []})
    tree = told(Document.parse(text), registry)
    assert tree["nodes"][0]["values"]["seed"] == {"$int": "18446744073709551615"}
    tree["nodes"][0]["values"]["cfg"] = 8
    assert Document.from_named(tree, registry).write() == text


def test_one_changed_value_changes_one_line(art, registry):
    tree = told(art, registry)
    sampler(tree)["values"]["steps"] = 31
    old, new = art.write().splitlines(), Document.from_named(tree, registry).write().splitlines()
    assert [line.strip(" ,") for line, before in zip(new, old, strict=True) if line != before] == ["31"]


def test_a_moved_node_changes_its_place_only(art, registry):
    tree = told(art, registry)
    sampler(tree)["pos"] = [1234, 77]
    old, new = art.write().splitlines(), Document.from_named(tree, registry).write().splitlines()
    assert [line.strip(" ,") for line, before in zip(new, old, strict=True) if line != before] == [
        "1234",
        "77",
    ]


@pytest.mark.parametrize(("mode", "number"), [("muted", 2), ("bypassed", 4)])
def test_a_node_is_switched_off(mode, number, art, registry):
    tree = told(art, registry)
    sampler(tree)["mode"] = mode
    taken = Document.from_named(tree, registry)
    assert taken.node(sampler(tree)["id"]).raw["mode"] == number
    assert sampler(told(taken, registry))["mode"] == mode


def test_values_controls_and_titles_are_changed(art, registry):
    tree = told(art, registry)
    one = sampler(tree)
    one["title"], one["controls"]["seed"] = "Mine", "increment"
    one["values"]["seed"] = {"$int": str(2**63)}
    again = Document.from_named(tree, registry).node(one["id"], registry)
    assert (again.title, again.controls["seed"], again.values["seed"]) == ("Mine", "increment", 2**63)


def test_a_removed_node_takes_its_wires_with_it(art, registry):
    tree = told(art, registry)
    gone = sampler(tree)["id"]
    tree["nodes"].remove(sampler(tree))
    taken = Document.from_named(tree, registry)
    after = told(taken, registry)
    assert all(gone not in (link["from"], link["to"]) for link in after["links"])
    assert all(gone not in map(str, link) for link in taken.tree["links"] if isinstance(link, list))
    graph = to_graph(taken, registry).graph
    assert gone not in graph


def test_a_new_node_is_wired_by_name(art, registry):
    tree = told(art, registry)
    decode = next(one["id"] for one in tree["nodes"] if one["type"] == "VAEDecode")
    tree["nodes"].append({"id": "77", "type": "ImageScale", "pos": [0, 0], "values": {"width": 320}})
    save = next(one["id"] for one in tree["nodes"] if one["type"] == "SaveImage")
    tree["links"] = [link for link in tree["links"] if link["to"] != save]
    tree["links"] += [
        {"id": 501, "from": decode, "slot": 0, "to": "77", "input": "image"},
        {"id": 502, "from": "77", "slot": 0, "to": save, "input": "images"},
    ]
    taken = Document.from_named(tree, registry)
    graph = to_graph(Document.parse(taken.write()), registry).graph
    assert graph["77"].inputs == {"image": Link(decode, 0), "width": 320}
    assert graph[save].inputs["images"] == Link("77", 0)
    assert taken.tree["last_link_id"] >= 502


def test_a_value_can_be_wired_that_the_file_has_no_socket_for(art, registry):
    tree = told(art, registry)
    one = sampler(tree)
    tree["nodes"].append({"id": "78", "type": "PrimitiveNode", "outputs": [{"name": "INT", "type": "INT"}],
                          "values": {"value": 5}, "controls": {"value": "fixed"}})  # fmt: skip
    tree["links"].append({"id": 503, "from": "78", "slot": 0, "to": one["id"], "input": "steps"})
    taken = Document.from_named(tree, registry)
    assert to_graph(taken, registry).graph[one["id"]].inputs["steps"] == 5
    socket = next(entry for entry in taken.node(one["id"]).raw["inputs"] if entry["name"] == "steps")
    assert socket["widget"] == {"name": "steps"}


def test_a_document_without_the_file_it_came_from_means_the_same(art, registry):
    tree = told(art, registry)
    del tree["saved"]
    again = Document.from_named(tree, registry)
    assert again.tree["version"] == 0.4
    assert to_graph(Document.parse(again.write()), registry).graph == to_graph(art, registry).graph


def test_an_api_file_is_told_laid_out_from_left_to_right(file, registry):
    document = Document.read(file("text_to_image_api.json"))
    tree = told(document, registry)
    places = {one["id"]: one["pos"][0] for one in tree["nodes"]}
    assert all(places[link["from"]] < places[link["to"]] for link in tree["links"])
    assert to_graph(Document.from_named(tree, registry), registry).graph == to_graph(document, registry).graph


def test_promoted_values_are_told_and_changed_at_the_instance(file, registry):
    inner = {
        "id": 5,
        "type": "KSampler",
        "inputs": [{"name": "steps", "type": "INT", "link": 3, "widget": {"name": "steps"}}],
        "widgets_values": [7, "fixed", 20, 8.0, "euler", "normal", 1.0],
    }
    subgraph = {
        "id": "sub",
        "name": "Refine",
        "inputs": [{"name": "count", "type": "INT", "label": "How many"}],
        "outputs": [],
        "nodes": [inner],
        "links": [
            {"id": 3, "origin_id": -10, "origin_slot": 0, "target_id": 5, "target_slot": 0, "type": "INT"}
        ],
    }
    root = {"nodes": [{"id": 9, "type": "sub"}], "links": [], "definitions": {"subgraphs": [subgraph]}}
    document = Document(copy.deepcopy(root))
    tree = told(document, registry)
    assert tree["nodes"][0]["promoted"] == [
        {"name": "count", "label": "How many", "node": "5", "input": "steps"}
    ]
    assert tree["subgraphs"][0]["links"][0]["from"] == "input"
    tree["nodes"][0]["values"]["count"] = 3
    taken = Document.from_named(tree, registry)
    assert taken.tree["nodes"][0]["widgets_values"] == [3]
    assert to_graph(taken, registry).graph["9:5"].inputs["steps"] == 3
    del tree["saved"]
    anew = Document.parse(Document.from_named(tree, registry).write())
    assert to_graph(anew, registry).graph["9:5"].inputs["steps"] == 3


def test_inside_a_subgraph_values_change_too(file, registry):
    document = Document.read(file("subgraph.json"))
    tree = told(document, registry)
    inner = tree["subgraphs"][0]["nodes"][0]
    inner["title"] = "Renamed"
    assert (
        told(Document.from_named(tree, registry), registry)["subgraphs"][0]["nodes"][0]["title"] == "Renamed"
    )


def test_groups_and_reroutes_come_and_go(art, registry):
    tree = told(art, registry)
    tree["groups"] = [{"title": "Here", "box": [0, 0, 10, 10], "color": "#aaa"}]
    tree["reroutes"] = [{"id": 1, "pos": [5, 5], "links": [tree["links"][0]["id"]], "parent": None}]
    tree["links"][0]["reroute"] = 1
    taken = Document.from_named(tree, registry)
    after = told(taken, registry)
    assert (after["groups"][0]["title"], after["reroutes"][0]["pos"]) == ("Here", [5, 5])
    assert [link.get("reroute") for link in after["links"] if link["id"] == tree["links"][0]["id"]] == [1]
    assert to_graph(taken, registry).graph == to_graph(art, registry).graph
    after["groups"] = []
    assert Document.from_named(after, registry).tree["groups"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "no document by name"),
        ({"version": 7}, "of version 7"),
        ({"nodes": 5}, "'nodes' is no list"),
        ({"nodes": [{"id": 3, "type": "A"}]}, "no id of its own"),
        ({"links": [{"id": "x"}]}, "no number of its own"),
        ({"links": [{"id": 900, "from": "nowhere", "slot": 0, "to": "1", "input": "x"}]}, "wire 900"),
        ({"subgraphs": [{"name": "x"}]}, "no id"),
        ({"saved": "{"}, "not JSON"),
    ],
)
def test_what_is_not_of_this_form_is_refused_in_words(change, words, art, registry):
    with pytest.raises(DocumentError, match=words):
        Document.from_named({**told(art, registry), **change}, registry)


WORDS = (
    "id",
    "type",
    "from",
    "to",
    "slot",
    "input",
    "values",
    "inputs",
    "outputs",
    "place",
    "$int",
    "1",
    "4",
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=6,
)


def paths(tree: Any, path: tuple[Any, ...] = ()) -> Any:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from paths(value, (*path, key))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0, 10**6), ODD), min_size=1, max_size=3))
def test_odd_trees_are_taken_or_refused_and_never_break(registry, file, name, changes):
    tree = told(Document.read(file(name)), registry)
    for place, odd in changes:
        places = list(paths(tree))
        holder = tree
        *way, last = places[place % len(places)]
        for step in way:
            holder = holder[step]
        holder[last] = odd
    try:
        taken = Document.from_named(tree, registry)
    except DocumentError:
        return
    Document.parse(taken.write()).by_name(registry)


def test_numbers_of_a_file_stay_as_they_are_written_where_only_others_are_changed(registry):
    text = (
        '{"nodes": [{"id": 1, "type": "ImageScale", "pos": [10.0, 20.50], "size": {"0": 1.0, "1": 2e1},'
        ' "flags": {}, "properties": {"a": [1.0, 1E-5], "b": 0.00001}, "widgets_values": [512]}],'
        ' "links": [], "extra": {"ds": {"scale": 1.0, "offset": [0.10, -0.0]}, "own": {"x": 1.0}}}'
    )
    told = json.loads(json.dumps(Document.parse(text).by_name(registry)))
    whole = as_a_browser_says(told)
    assert Document.from_named(whole, registry).write() == text
    (node,) = whole["nodes"]
    node["pos"][0], node["properties"]["b"], node["values"]["width"] = 11, 7, 640
    whole["view"]["offset"][1] = 5
    whole["rest"]["extra"]["own"]["y"] = 2
    changed = text.replace("[10.0,", "[11,").replace("0.00001", "7").replace("[512]", "[640]")
    changed = changed.replace("-0.0", "5").replace('{"x": 1.0}', '{"x": 1.0, "y": 2}')
    assert Document.from_named(whole, registry).write() == changed


def as_a_browser_says(value):
    """JavaScript has one kind of number: 1.0 comes back as 1."""
    if isinstance(value, dict):
        return {key: as_a_browser_says(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_a_browser_says(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_a_name_that_is_no_number_comes_back_as_it_is_saved(registry):
    text = '{"nodes": [{"id": 1, "type": "VAEDecode", "inputs": [{"name": Infinity}]}], "links": []}'
    document = Document.parse(text)
    told = json.loads(json.dumps(document.by_name(registry)))
    assert Document.from_named(told, registry).write() == document.write() == text.replace("Infinity", "null")


def copied(registry: Any, change: Any, values: list[Any], copy: dict[str, Any]) -> Any:
    """What a file has as its second copy of a sampler's values, after a change of the sampler."""
    first = {"id": 1, "type": "KSampler", "widgets_values": values, "widgets_values_named": copy}
    tree = told(Document.parse(json.dumps({"nodes": [first], "links": []})), registry)
    change(tree["nodes"][0])
    return Document.from_named(tree, registry).tree["nodes"][0].get("widgets_values_named")


VALUES = [7, "fixed", 20, 8.0, "euler", "normal", 1.0]
COPY = {
    "seed": 7,
    "control_after_generate": "fixed",
    "steps": 20,
    "cfg": 8.0,
    "sampler_name": "euler",
    "scheduler": "normal",
    "denoise": 1.0,
}


def test_the_second_copy_of_the_values_that_newer_files_have_changes_with_them(registry):
    def change(sampler: Any) -> None:
        sampler["values"]["steps"] = 31
        sampler["controls"]["seed"] = "randomize"

    changed = copied(registry, change, VALUES, COPY)
    assert changed == {**COPY, "steps": 31, "control_after_generate": "randomize"}
    assert list(changed) == list(COPY)


def test_a_second_copy_of_the_values_that_cannot_be_kept_up_is_given_up(registry):
    def change(sampler: Any) -> None:
        sampler["values"]["steps"] = 31

    assert copied(registry, change, VALUES, {"other": 20}) is None
    assert copied(registry, lambda sampler: None, VALUES, {"other": 20}) == {"other": 20}
