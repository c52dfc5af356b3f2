"""From a saved file to the graph that it means."""

from __future__ import annotations

import json

import pytest

from safelight.compat import Document, from_prompt, to_graph, to_prompt
from safelight.core.graph import Graph, Link


def converted(file, name, registry):
    return to_graph(Document.read(file(name)), registry)


def socket(name, type, link):
    return {"name": name, "type": type, "link": link}


def test_an_editor_file_becomes_a_graph_with_named_inputs(file, registry):
    graph, notices, provenance = converted(file, "text_to_image.json", registry)
    assert list(graph) == ["1", "2", "3", "4", "5", "6", "7"]
    assert graph["5"].inputs == {
        "seed": 2**64 - 1,
        "steps": 20,
        "cfg": 7.5,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 1,
        "model": Link("1", 0),
        "positive": Link("2", 0),
        "negative": Link("3", 0),
        "latent_image": Link("4", 0),
    }
    assert graph["2"].title == "What to draw"
    assert provenance["2"].title == "What to draw"
    assert notices == []


def test_both_dialects_of_one_workflow_give_one_graph(file, registry):
    editor = to_prompt(converted(file, "text_to_image.json", registry).graph)
    again = to_graph(Document.parse(json.dumps(editor)), registry).graph
    assert again == converted(file, "text_to_image.json", registry).graph


def test_reroutes_vanish_also_in_chains(file, registry):
    graph = converted(file, "switched_off.json", registry).graph
    assert graph["4"].inputs["clip"] == graph["5"].inputs["clip"] == Link("1", 1)
    assert {"2", "3", "16", "17"}.isdisjoint(graph)


def test_a_primitives_value_goes_to_every_input_wired_to_it_and_is_remembered(file, registry):
    graph, _, provenance = converted(file, "switched_off.json", registry)
    assert graph["10"].inputs["seed"] == 42
    assert graph["4"].inputs["text"] == "new words"
    assert provenance["10"].inputs == {"seed": ("6", "value")}


def test_a_bypassed_node_hands_on_what_comes_in(file, registry):
    graph = converted(file, "switched_off.json", registry).graph
    assert "9" not in graph
    assert graph["10"].inputs["latent_image"] == Link("8", 0)


def test_a_muted_node_gives_nothing_and_is_named(file, registry):
    graph, notices, _ = converted(file, "switched_off.json", registry)
    assert "12" not in graph
    assert "15" not in graph
    assert graph["13"].inputs == {"filename_prefix": "inverted"}
    assert [str(notice) for notice in notices] == [
        "node '13' (SaveImage), input 'images': its source, node '12', is muted."
    ]


def bypass(inputs, outputs, slot, wanted):
    """A file in which an input gets its value through a bypassed node, whose sources are '10', '11', ..."""
    sources = [{"id": 10 + place, "type": "VAELoader"} for place in range(len(inputs))]
    middle = {
        "id": 1,
        "type": "Anything",
        "mode": 4,
        "inputs": [socket(f"i{place}", type, place) for place, type in enumerate(inputs)],
        "outputs": [{"name": type, "type": type} for type in outputs],
    }
    end = {"id": 2, "type": "End", "inputs": [socket("x", wanted, 99)]}
    links = [[place, 10 + place, 0, 1, place, type] for place, type in enumerate(inputs)]
    return {"nodes": [*sources, middle, end], "links": [*links, [99, 1, slot, 2, 0, wanted]]}


@pytest.mark.parametrize(
    ("inputs", "outputs", "slot", "wanted", "source"),
    [
        (["IMAGE", "MASK"], ["IMAGE", "MASK"], 1, "MASK", "11"),
        (["MODEL", "CLIP"], ["CLIP"], 0, "CLIP", "11"),
        (["IMAGE,MASK", "MASK"], ["LATENT"], 0, "MASK", "11"),
        (["LATENT", "IMAGE,MASK"], ["MASK"], 0, "MASK", "11"),
        (["LATENT", "IMAGE"], ["VAE", "VAE"], 1, "*", "11"),
        (["LATENT"], ["VAE", "VAE"], 1, "*", "10"),
        (["LATENT"], ["LATENT"], 5, "LATENT", "10"),
        (["LATENT", ["IMAGE", "MASK"]], ["VAE"], 0, "MASK", "11"),
        ([], ["IMAGE"], 0, "*", None),
        (["LATENT"], ["IMAGE"], 0, "IMAGE", None),
        ([], ["IMAGE"], 0, "IMAGE", None),
    ],
)
def test_bypassing_goes_by_place_and_then_by_type(inputs, outputs, slot, wanted, source, registry):
    graph, notices, _ = to_graph(Document(bypass(inputs, outputs, slot, wanted)), registry)
    assert graph["2"].inputs == ({"x": Link(source, 0)} if source else {})
    assert bool(notices) == (source is None)


def test_a_widget_whose_wire_brings_nothing_keeps_its_stored_value(registry):
    source = {"id": 1, "type": "CLIPTextEncode", "mode": 2, "outputs": []}
    sampler = {
        "id": 2,
        "type": "KSampler",
        "inputs": [socket("steps", "INT", 5)],
        "widgets_values": [0, "fixed", 33],
    }
    graph, notices, _ = to_graph(
        Document({"nodes": [source, sampler], "links": [[5, 1, 0, 2, 0, "INT"]]}), registry
    )
    assert graph["2"].inputs["steps"] == 33
    assert "the value stored in the node is used" in str(notices[0])


def test_what_a_short_list_lacks_is_filled_with_defaults(registry):
    nodes = [
        {"id": 1, "type": "KSampler", "widgets_values": [3]},
        {"id": 2, "type": "Options"},
        {"id": 3, "type": "Forced"},
    ]
    graph = to_graph(Document({"nodes": nodes}), registry).graph
    assert graph["1"].inputs["sampler_name"] == "euler"
    assert graph["1"].inputs["cfg"] == 8.0
    assert graph["2"].inputs == {"style": "oil\\thick", "upside": False, "weight": 1.0}
    assert graph["3"].inputs == {"seed": 0, "strength": 1.0}


@pytest.mark.parametrize(
    "links",
    [
        [["7", "1", "0", "2", 0, "IMAGE"]],
        [[7, 1, 0.0, 2, 9, ["IMAGE", "MASK"]]],
        [{"id": 7, "origin_id": 1, "origin_slot": 0, "target_id": 2, "target_slot": 0, "type": -1}],
        {"7": {"id": 7, "origin_id": 1, "origin_slot": "0"}},
        [None, [], ["x"], 5, [7, 1, 0, 2, 0, "IMAGE"], [8, 99, 0, 2, 0, "IMAGE"]],
        None,
    ],
)
def test_wires_are_read_however_they_are_written(links, registry):
    outputs = [{"name": "IMAGE", "type": "IMAGE", "links": [7]}] if links is None else None
    source = {"id": "1", "type": "LoadImage", "outputs": outputs}
    end = {"id": 2, "type": "PreviewImage", "inputs": [socket("images", "IMAGE", 7)]}
    tree = {"nodes": [source, end]} | ({} if links is None else {"links": links})
    assert to_graph(Document(tree), registry).graph["2"].inputs == {"images": Link("1", 0)}


@pytest.mark.parametrize("links", [[], [[7, 99, 0, 2, 0, "IMAGE"]]])
def test_a_wire_from_nowhere_is_told(links, registry):
    end = {"id": 2, "type": "PreviewImage", "inputs": [socket("images", "IMAGE", 7)]}
    graph, notices, _ = to_graph(Document({"nodes": [end], "links": links}), registry)
    assert graph["2"].inputs == {}
    assert ("not in the file" if links else "does not list its wire") in str(notices[0])


def test_reroutes_in_a_circle_end(registry):
    first = {"id": 1, "type": "Reroute", "inputs": [socket("", "*", 2)]}
    second = {"id": 2, "type": "Reroute", "inputs": [socket("", "*", 1)]}
    end = {"id": 3, "type": "PreviewImage", "inputs": [socket("images", "IMAGE", 1)]}
    tree = {"nodes": [first, second, end], "links": [[1, 1, 0, 2, 0, "*"], [2, 2, 0, 1, 0, "*"]]}
    graph, notices, _ = to_graph(Document(tree), registry)
    assert graph["3"].inputs == {}
    assert "in a circle" in str(notices[0])


def test_many_inputs_behind_a_long_chain_of_reroutes_are_quick(registry):
    count = 4000
    chain = [{"id": i, "type": "Reroute", "inputs": [socket("", "*", i)]} for i in range(1, count)]
    ends = [
        {"id": count + i, "type": "PreviewImage", "inputs": [socket("images", "IMAGE", count)]}
        for i in range(count)
    ]
    links = [[i, i - 1, 0, i, 0, "*"] for i in range(1, count + 1)]
    tree = {"nodes": [{"id": 0, "type": "LoadImage"}, *chain, *ends], "links": links}
    graph = to_graph(Document(tree), registry).graph
    assert graph[str(2 * count - 1)].inputs == {"images": Link("0", 0)}


def test_a_second_node_with_the_same_id_is_left_out_and_told(registry):
    nodes = [{"id": 1, "type": "Note"}, {"id": "1", "type": "PreviewImage"}]
    graph, notices, _ = to_graph(Document({"nodes": nodes}), registry)
    assert len(graph) == 0
    assert "the same id" in str(notices[0])


def test_unknown_nodes_stay_in_the_graph_for_validation_to_name(file, registry):
    graph = converted(file, "unknown_nodes.json", registry).graph
    assert graph["2"].type == "FancyDetailer+"
    assert graph["2"].inputs == {"strength": 0.35, "noise_seed": 1234, "mode": "soft", "latent": Link("1", 0)}


@pytest.mark.parametrize("pair", [("SetNode", "GetNode"), ("easy setNode", "easy getNode")])
def test_a_wire_with_a_name_is_taken_up_elsewhere_unless_that_is_bypassed(pair, registry):
    setter, getter = pair
    nodes = [
        {"id": 1, "type": "LoadImage", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}]},
        {"id": 2, "type": setter, "inputs": [socket("IMAGE", "IMAGE", 1)], "widgets_values": ["photo"]},
        {
            "id": 3,
            "type": getter,
            "outputs": [{"name": "IMAGE", "type": "IMAGE"}],
            "widgets_values": ["photo"],
        },
        {"id": 4, "type": "PreviewImage", "inputs": [socket("images", "IMAGE", 2)]},
    ]
    tree = {"nodes": nodes, "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 3, 0, 4, 0, "IMAGE"]]}
    assert to_graph(Document(tree), registry).graph["4"].inputs == {"images": Link("1", 0)}
    nodes[2]["mode"] = 4
    assert to_graph(Document(tree), registry).graph["4"].inputs == {}


@pytest.mark.parametrize("mode", [2, 4])
def test_a_subgraph_that_is_switched_off_does_no_harm(mode, file, registry):
    document = Document.read(file("subgraph.json"))
    document.tree["nodes"][0]["mode"] = mode
    assert list(to_graph(document, registry).graph) == ["2"]


def test_an_api_file_becomes_a_graph(file, registry):
    graph = converted(file, "text_to_image_api.json", registry).graph
    assert graph["8:1"].inputs == {"samples": Link("3", 0), "vae": Link("4", 2)}
    assert graph["3"].inputs["seed"] == 2**64 - 1
    assert graph["4"].title == "Model"


@pytest.mark.parametrize(
    ("saved", "meant"),
    [
        (["4", 0], Link("4", 0)),
        ([4, "1"], Link("4", 1)),
        (["4", 1.0], Link("4", 1)),
        ({"__value__": ["4", 0]}, ["4", 0]),
        ({"__value__": [[0, 0], [1, 1]], "__type__": "CURVE"}, [[0, 0], [1, 1]]),
        (["4"], ["4"]),
        (["4", "x"], ["4", "x"]),
        (["4", -1], Link("4", -1)),
        (["4", 1e300], ["4", 1e300]),
        ([True, 0], [True, 0]),
        (None, None),
    ],
)
def test_a_list_of_two_is_a_link_and_a_wrapped_list_a_value(saved, meant):
    value = from_prompt({"1": {"class_type": "A", "inputs": {"x": saved}}})["1"].inputs["x"]
    assert value == meant
    assert isinstance(value, Link) == isinstance(meant, Link)


def test_a_graph_survives_the_api_format():
    graph = Graph()
    first = graph.add(
        "a.0:1", "Source", title="First", seed=2**64 - 1, curve=[["a", 0]], odd={"__value__": 1}
    )
    graph.add("b", "Sink", picture=first, text="x")
    prompt = to_prompt(graph, {"b": "Last"})
    assert prompt["b"] == {
        "inputs": {"picture": ["a.0:1", 0], "text": "x"},
        "class_type": "Sink",
        "_meta": {"title": "Last"},
    }
    assert from_prompt(json.loads(json.dumps(prompt))) == graph
    assert prompt["a.0:1"]["_meta"] == {"title": "First"}
