"""Subgraphs and group nodes are laid open: ids, values of both ways to promote them, wires across borders."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest

from safelight.compat import Document, assign, choose_texts, find, report, target, to_graph
from safelight.core.error import BadInput, DocumentError
from safelight.core.graph import Link
from safelight.core.validation import validate

SAMPLER = [7, "fixed", 20, 8.0, "euler", "normal", 1.0]


def socket(name: str, type: str, link: Any = None, widget: bool = False) -> dict[str, Any]:
    return {"name": name, "type": type, "link": link, **({"widget": {"name": name}} if widget else {})}


def link(id: int, origin: int, slot: int, target: int, place: int) -> dict[str, Any]:
    return {"id": id, "origin_id": origin, "origin_slot": slot, "target_id": target, "target_slot": place}


def definition(id: str = "sub", **more: Any) -> dict[str, Any]:
    """A sampler whose latent, seed and steps are inputs of the subgraph."""
    sampler = {
        "id": 5,
        "type": "KSampler",
        "inputs": [
            socket("latent_image", "LATENT", 1),
            socket("seed", "INT", 2, widget=True),
            socket("steps", "INT", 3, widget=True),
        ],
        "widgets_values": list(SAMPLER),
    }
    return {
        "id": id,
        "name": "Refine",
        "inputs": [
            {"name": "latent", "type": "LATENT"},
            {"name": "seed", "type": "INT"},
            {"name": "count", "type": "INT", "label": "How many"},
        ],
        "outputs": [{"name": "LATENT", "type": "LATENT"}],
        "nodes": [sampler],
        "links": [link(1, -10, 0, 5, 0), link(2, -10, 1, 5, 1), link(3, -10, 2, 5, 2), link(4, 5, 0, -20, 0)],
        **more,
    }


def file(instance: dict[str, Any], *definitions: dict[str, Any], **more: Any) -> Document:
    """An empty latent, an instance of a subgraph (node 9) and what decodes its output."""
    nodes = [
        {"id": 1, "type": "EmptyLatentImage", "outputs": [{"name": "LATENT", "type": "LATENT"}],
         "widgets_values": [64, 64, 1]},
        {"id": 9, "type": "sub", "title": "Second pass", "inputs": [socket("latent", "LATENT", 1)],
         "outputs": [{"name": "LATENT", "type": "LATENT"}], **instance},
        {"id": 2, "type": "VAEDecode", "inputs": [socket("samples", "LATENT", 2)]},
    ]  # fmt: skip
    links = [[1, 1, 0, 9, 0, "LATENT"], [2, 9, 0, 2, 0, "LATENT"]]
    subgraphs = list(definitions or (definition(),))
    return Document({"nodes": nodes, "links": links, "definitions": {"subgraphs": subgraphs}, **more})


def test_inner_nodes_are_called_by_the_way_to_them_and_wires_cross_the_borders(registry):
    graph, notices, provenance = to_graph(file({}), registry)
    assert list(graph) == ["1", "2", "9:5"]
    assert graph["9:5"].inputs["latent_image"] == Link("1", 0)
    assert graph["2"].inputs["samples"] == Link("9:5", 0)
    assert (provenance["9:5"].node, provenance["9:5"].title) == ("9", "Second pass")
    assert notices == []


def two_alike() -> dict[str, Any]:
    """A subgraph that shows the steps of two samplers: `steps` and `steps_1`, which is `steps` inside."""
    first, second = (
        {
            "id": id,
            "type": "KSampler",
            "inputs": [socket("steps", "INT", id, widget=True)],
            "widgets_values": list(SAMPLER),
        }
        for id in (5, 6)
    )
    return definition(
        inputs=[{"name": "steps", "type": "INT"}, {"name": "steps_1", "type": "INT"}],
        outputs=[],
        nodes=[first, second],
        links=[link(5, -10, 0, 5, 0), link(6, -10, 1, 6, 0)],
    )


def test_two_values_that_are_called_alike_inside_are_kept_apart(registry):
    graph = to_graph(file({"inputs": [], "widgets_values": [11, 12]}, two_alike()), registry).graph
    assert (graph["9:5"].inputs["steps"], graph["9:6"].inputs["steps"]) == (11, 12)


def test_they_are_kept_apart_within_another_subgraph_and_by_name_too(registry):
    inner = {**two_alike(), "id": "inner"}
    instance = {
        "id": 4,
        "type": "inner",
        "inputs": [socket("steps", "INT", 1, widget=True), socket("steps_1", "INT", 2, widget=True)],
        "widgets_values": [1, 2],
    }
    outer = definition(
        inputs=[{"name": "steps", "type": "INT"}, {"name": "steps_1", "type": "INT"}],
        outputs=[],
        nodes=[instance],
        links=[link(1, -10, 0, 4, 0), link(2, -10, 1, 4, 1)],
    )
    document = file({"inputs": [], "widgets_values": [11, 12]}, outer, inner)
    graph = to_graph(document, registry).graph
    assert (graph["9:4:5"].inputs["steps"], graph["9:4:6"].inputs["steps"]) == (11, 12)
    told = next(node for node in document.by_name(registry)["nodes"] if node["id"] == "9")
    assert [(one["name"], one["node"]) for one in told["promoted"]] == [("steps", "4:5"), ("steps_1", "4:6")]


def test_without_values_at_the_instance_those_inside_count(registry):
    inputs = to_graph(file({}), registry).graph["9:5"].inputs
    assert (inputs["seed"], inputs["steps"]) == (7, 20)


def test_values_at_the_instance_are_those_of_its_inputs_that_lead_to_widgets(registry):
    graph, _, provenance = to_graph(file({"widgets_values": [99, 4]}), registry)
    assert (graph["9:5"].inputs["seed"], graph["9:5"].inputs["steps"]) == (99, 4)
    assert provenance["9:5"].inputs["steps"] == ("9", "count")


def test_a_value_that_the_instance_leaves_empty_is_the_one_inside(registry):
    inputs = to_graph(file({"widgets_values": [None, 4]}), registry).graph["9:5"].inputs
    assert (inputs["seed"], inputs["steps"]) == (7, 4)


@pytest.mark.parametrize("as_text", [False, True])
def test_older_files_list_which_values_the_instance_shows(registry, as_text):
    listed = [["5", "cfg"], ["5", "$$canvas-image-preview"], ["-1", "count"], ["5", "seed", "5"]]
    properties = {"proxyWidgets": json.dumps(listed) if as_text else listed}
    document = file({"properties": properties, "widgets_values": [3.5, None, 4, None]})
    graph, _, provenance = to_graph(document, registry)
    inputs = graph["9:5"].inputs
    assert (inputs["cfg"], inputs["steps"], inputs["seed"]) == (3.5, 4, 7)
    assert provenance["9:5"].inputs == {"cfg": ("9", "cfg"), "steps": ("9", "count")}


def test_a_wire_at_the_instance_wins_over_every_value(registry):
    document = file({"widgets_values": [99, 4]})
    document.tree["nodes"][1]["inputs"].append(socket("count", "INT", 3, widget=True))
    document.tree["nodes"].append({"id": 3, "type": "PrimitiveNode", "widgets_values": [11, "fixed"]})
    document.tree["links"].append([3, 3, 0, 9, 1, "INT"])
    graph, _, provenance = to_graph(document, registry)
    assert graph["9:5"].inputs["steps"] == 11
    assert provenance["9:5"].inputs["steps"] == ("3", "value")


def test_a_muted_source_leaves_what_the_instance_holds(registry):
    document = file({"widgets_values": [99, 4]})
    document.tree["nodes"][1]["inputs"].append(socket("count", "INT", 3, widget=True))
    document.tree["nodes"].append({"id": 3, "type": "Unknown", "mode": 2, "outputs": [{"name": "INT"}]})
    document.tree["links"].append([3, 3, 0, 9, 1, "INT"])
    assert to_graph(document, registry).graph["9:5"].inputs["steps"] == 4


def outer(**instance: Any) -> dict[str, Any]:
    """A subgraph that holds an instance of the other, and passes latent and count through."""
    inner = {
        "id": 8,
        "type": "sub",
        "inputs": [socket("latent", "LATENT", 1), socket("count", "INT", 2, widget=True)],
        "outputs": [{"name": "LATENT", "type": "LATENT"}],
        **instance,
    }
    return {
        "id": "outer",
        "name": "Outer",
        "inputs": [{"name": "latent", "type": "LATENT"}, {"name": "times", "type": "INT"}],
        "outputs": [{"name": "LATENT", "type": "LATENT"}],
        "nodes": [inner],
        "links": [link(1, -10, 0, 8, 0), link(2, -10, 1, 8, 1), link(3, 8, 0, -20, 0)],
    }


def test_subgraphs_inside_subgraphs_pass_wires_and_values_down(registry):
    document = file({"type": "outer", "widgets_values": [33]}, definition(), outer(widgets_values=[5, 6]))
    graph, _, provenance = to_graph(document, registry)
    assert graph["9:8:5"].inputs["latent_image"] == Link("1", 0)
    assert (graph["9:8:5"].inputs["seed"], graph["9:8:5"].inputs["steps"]) == (5, 33)
    assert graph["2"].inputs["samples"] == Link("9:8:5", 0)
    assert provenance["9:8:5"].inputs["steps"] == ("9", "times")
    assert provenance["9:8:5"].node == "9"


def test_what_the_outermost_leaves_empty_the_next_one_inside_says(registry):
    document = file({"type": "outer"}, definition(), outer(widgets_values=[5, 6]))
    assert to_graph(document, registry).graph["9:8:5"].inputs["steps"] == 6


def test_definitions_inside_definitions_are_found(registry):
    nested = outer()
    nested["definitions"] = {"subgraphs": [definition()]}
    assert "9:8:5" in to_graph(file({"type": "outer"}, nested), registry).graph


def test_two_instances_have_values_of_their_own(registry):
    document = file({"widgets_values": [1, 2]})
    second = {**copy.deepcopy(document.tree["nodes"][1]), "id": 10, "widgets_values": [3, 4]}
    document.tree["nodes"].append(second)
    graph = to_graph(document, registry).graph
    assert (graph["9:5"].inputs["seed"], graph["10:5"].inputs["seed"]) == (1, 3)


def test_an_instance_with_fewer_sockets_than_the_subgraph_is_matched_by_name(registry):
    document = file({"inputs": [socket("count", "INT", 7, widget=True), socket("latent", "LATENT", 1)]})
    document.tree["nodes"].append({"id": 3, "type": "PrimitiveNode", "widgets_values": [12, "fixed"]})
    document.tree["links"].append([7, 3, 0, 9, 0, "INT"])
    inputs = to_graph(document, registry).graph["9:5"].inputs
    assert (inputs["latent_image"], inputs["steps"]) == (Link("1", 0), 12)


@pytest.mark.parametrize(("mode", "source"), [(4, Link("1", 0)), (2, None)])
def test_an_instance_that_is_switched_off_is_not_opened(registry, mode, source):
    graph = to_graph(file({"mode": mode}), registry).graph
    assert list(graph) == ["1", "2"]
    assert graph["2"].inputs.get("samples") == source


def test_a_subgraph_that_contains_itself_is_refused(registry):
    endless = definition(nodes=[{"id": 1, "type": "sub"}])
    with pytest.raises(DocumentError, match="'Refine' contains itself"):
        to_graph(file({}, endless), registry)


def test_subgraphs_that_multiply_without_end_are_refused(registry):
    levels = [
        definition(
            f"level{level}", nodes=[{"id": n, "type": f"level{level + 1}"} for n in range(10)], links=[]
        )
        for level in range(9)
    ]
    with pytest.raises(DocumentError, match="more than 100000 nodes"):
        to_graph(file({"type": "level0"}, *levels), registry)


GROUP = {
    "nodes": [
        {"type": "Reroute", "inputs": [socket("", "*")], "outputs": [{"name": "", "type": "*"}], "index": 0},
        {"type": "KSampler", "index": 1, "widgets_values": list(SAMPLER),
         "inputs": [socket("latent_image", "LATENT"), socket("steps", "INT", widget=True)],
         "outputs": [{"name": "LATENT", "type": "LATENT"}]},
        {"type": "LatentUpscaleBy", "index": 2, "widgets_values": ["bilinear", 1.5],
         "inputs": [socket("samples", "LATENT")], "outputs": [{"name": "LATENT", "type": "LATENT"}]},
    ],
    "links": [[None, 0, 0, 0, 1, "LATENT"], [0, 0, 1, 0, 4, "LATENT"], [1, 0, 2, 0, 5, "LATENT"]],
    "external": [],
    "config": {"0": {"input": {"LATENT": {"name": "start"}}}, "1": {"output": {"0": {"visible": True}}}},
}  # fmt: skip


@pytest.mark.parametrize("prefix", ["workflow/", "workflow>"])
def test_a_group_node_is_laid_open_with_the_values_of_its_instance(registry, prefix):
    instance = {
        "type": f"{prefix}Two",
        "inputs": [socket("start", "LATENT", 1)],
        "outputs": [{"name": "first", "type": "LATENT"}, {"name": "LATENT", "type": "LATENT"}],
        "widgets_values": [42, "randomize", 3, 2.5, "heun", "karras", 0.5, "bislerp", 4.0],
    }
    graph, notices, _ = to_graph(file(instance, extra={"groupNodes": {"Two": GROUP}}), registry)
    assert list(graph) == ["1", "2", "9:1", "9:2"]
    assert graph["9:1"].inputs["latent_image"] == Link("1", 0)
    assert (graph["9:1"].inputs["seed"], graph["9:1"].inputs["steps"]) == (42, 3)
    assert graph["9:2"].inputs == {"samples": Link("9:1", 0), "upscale_method": "bislerp", "scale_by": 4.0}
    assert graph["2"].inputs["samples"] == Link("9:1", 0)  # its output is shown although it is used inside
    assert notices == []


def test_a_value_made_a_socket_at_a_group_s_instance_alone_gets_its_wire(registry):
    two = {**GROUP, "nodes": [*GROUP["nodes"], {**GROUP["nodes"][1], "title": "Again", "index": 3}]}
    sockets = [
        {**socket(name, "FLOAT", 3), "widget": {"name": name}} for name in ("cfg", "Again cfg", "nothing")
    ]
    instance = {"type": "workflow/Two", "inputs": [socket("start", "LATENT", 1), *sockets]}
    document = file(instance, extra={"groupNodes": {"Two": two}})
    document.tree["nodes"].append({"id": 4, "type": "PrimitiveNode", "widgets_values": [6.5, "fixed"]})
    document.tree["links"].append([3, 4, 0, 9, 1, "FLOAT"])
    graph, notices, _ = to_graph(document, registry)
    assert [graph[id].inputs["cfg"] for id in ("9:1", "9:3")] == [6.5, 6.5]
    (told,) = [text for text in map(str, notices) if "has no input" in text]
    assert "'group Two' has no input 'nothing'; what is wired to it was left out" in told


def test_a_group_node_that_the_file_does_not_define_stays_a_placeholder(registry):
    graph = to_graph(file({"type": "workflow/Gone"}), registry).graph
    assert graph["9"].type == "workflow/Gone"


def test_values_that_an_instance_shows_are_named_and_assigned_there(registry):
    document = file({"widgets_values": [1, 2]})
    id, one = target(document, registry, "Second pass.count")
    assert (id, one.name, one.type) == ("9", "count", "INT")
    assign(document, registry, id, one.name, 5)
    assert to_graph(document, registry).graph["9:5"].inputs["steps"] == 5
    with pytest.raises(BadInput, match="no such input"):
        target(document, registry, "Second pass.counts")


def test_nodes_inside_are_named_by_their_way_and_by_their_type(registry):
    document = file({})
    assert find(document, "9:5") == find(document, "KSampler", registry) == "9:5"
    id, one = target(document, registry, "9:5.cfg")
    assign(document, registry, id, one.name, 2.5)
    assert to_graph(document, registry).graph["9:5"].inputs["cfg"] == 2.5


def test_choices_in_texts_are_made_inside_and_at_instances(registry):
    text = {"id": 5, "type": "CLIPTextEncode", "widgets_values": ["{in|in}side"],
            "inputs": [socket("text", "STRING", 1, widget=True)]}  # fmt: skip
    subgraph = definition(
        inputs=[{"name": "words", "type": "STRING"}], outputs=[], nodes=[text], links=[link(1, -10, 0, 5, 0)]
    )
    for instance, chosen in (({}, "inside"), ({"widgets_values": ["{out|out}side"]}, "outside")):
        drawn, notices = choose_texts(file(instance, subgraph), registry, Random(1))
        assert to_graph(drawn, registry).graph["9:5"].inputs["text"] == chosen
        assert notices


def test_two_subgraphs_with_one_id_are_told_and_the_last_counts(registry):
    other = definition(name="Other")
    other["nodes"][0]["widgets_values"][2] = 33
    graph, notices, _ = to_graph(file({}, definition(), other), registry)
    assert graph["9:5"].inputs["steps"] == 33
    assert [str(one) for one in notices] == [
        "the subgraphs 'Refine' and 'Other' have one id, 'sub'; the last of them counts."
    ]
    assert to_graph(file({}, definition(), definition()), registry).notices == []


@pytest.mark.parametrize(
    ("type", "words"),
    [
        ("9c3b7c1e-5a0e-4d1b-9a55-2f1f7a3f0c11", "it stands for a subgraph that the file does not hold"),
        ("workflow>Mine", "it stands for the group 'Mine', which the file does not hold"),
    ],
)
def test_an_instance_without_its_definition_is_told_as_that(type, words, registry):
    document = file({"type": type})
    (lack,) = report(document, registry).types
    assert str(lack).startswith(f"node '9': {words}. Save the workflow again")
    found = validate(to_graph(document, registry).graph, registry, ["2"])
    assert f"node '9' ({type}, 'Second pass'): {words}. Save the workflow again" in "".join(
        map(str, found.problems)
    )
