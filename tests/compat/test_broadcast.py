"""Wires that no file draws, because a node that sends to everywhere stands for them."""

from __future__ import annotations

import pytest

from safelight.compat import Document, to_graph
from safelight.core.graph import Link

LOADER = {
    "id": 1,
    "type": "CheckpointLoaderSimple",
    "outputs": [
        {"name": "MODEL", "type": "MODEL"},
        {"name": "CLIP", "type": "CLIP"},
        {"name": "VAE", "type": "VAE"},
    ],
    "widgets_values": ["a.safetensors"],
}


def sender(id, kind="Anything Everywhere", links=(), values=None, **more):
    inputs = [{"name": f"anything{link}", "type": "*", "link": link} for link in links]
    return {"id": id, "type": kind, "mode": 0, "inputs": inputs, "widgets_values": values, **more}


def text(id, title="", **more):
    return {
        "id": id,
        "type": "CLIPTextEncode",
        "title": title,
        "inputs": [{"name": "clip", "type": "CLIP", "link": None}],
        "widgets_values": ["words"],
        **more,
    }


def graph_of(registry, *nodes, **more):
    links = [
        [1, 1, 1, 90, 0, "CLIP"],
        [2, 1, 0, 91, 0, "MODEL"],
        [3, 2, 1, 91, 0, "CLIP"],
    ]
    return to_graph(Document({"nodes": [LOADER, *nodes], "links": links, **more}), registry).graph


def test_a_value_goes_to_every_free_input_of_its_type(registry):
    graph = graph_of(registry, sender(90, links=[1]), text(5), text(6))
    assert graph["5"].inputs["clip"] == graph["6"].inputs["clip"] == Link("1", 1)


@pytest.mark.parametrize("mode", [2, 4])
def test_a_sender_that_is_switched_off_sends_nothing(mode, registry):
    assert "clip" not in graph_of(registry, sender(90, links=[1], mode=mode), text(5))["5"].inputs


def test_titles_and_names_of_inputs_choose_among_the_ends(registry):
    picky = sender(90, "Anything Everywhere?", [1], ["Posi.*", ".*"])
    graph = graph_of(registry, picky, text(5, "Positive"), text(6, "Negative"))
    assert "clip" in graph["5"].inputs
    assert "clip" not in graph["6"].inputs
    nowhere = sender(90, "Anything Everywhere?", [1], [".*", "clop"])
    assert "clip" not in graph_of(registry, nowhere, text(5, "Positive"))["5"].inputs


def test_the_more_particular_of_two_senders_wins_and_of_equals_none(registry):
    other = {**LOADER, "id": 2}
    picky = sender(91, "Anything Everywhere?", [3], ["Here", ".*"])
    graph = graph_of(registry, other, sender(90, links=[1]), picky, text(5, "Here"), text(6, "There"))
    assert (graph["5"].inputs["clip"], graph["6"].inputs["clip"]) == (Link("2", 1), Link("1", 1))
    equals = graph_of(registry, other, sender(90, links=[1]), sender(91, links=[3]), text(5))
    assert "clip" not in equals["5"].inputs


def test_a_sender_may_keep_to_its_group_or_its_colour(registry):
    groups = [{"title": "Here", "bounding": [0, 0, 500, 500]}]
    near, far = text(5, pos=[10, 10], size=[100, 100]), text(6, pos=[900, 10], size=[100, 100])
    own = sender(90, links=[1], properties={"group_restricted": True}, pos=[200, 200], size=[50, 50])
    graph = graph_of(registry, own, near, far, groups=groups)
    assert ("clip" in graph["5"].inputs, "clip" in graph["6"].inputs) == (True, False)
    titled = sender(90, "Anything Everywhere?", [1], [".*", ".*", "He"])
    graph = graph_of(registry, titled, near, far, groups=groups)
    assert ("clip" in graph["5"].inputs, "clip" in graph["6"].inputs) == (True, False)
    red = sender(90, links=[1], properties={"color_restricted": 1}, color="#322")
    graph = graph_of(registry, red, text(5, color="#322"), text(6))
    assert ("clip" in graph["5"].inputs, "clip" in graph["6"].inputs) == (True, False)


def test_a_seed_goes_to_seeds_that_a_person_made_inputs(registry):
    sampler = {"id": 5, "type": "KSampler", "widgets_values": [1, "fixed", 20, 8, "euler", "normal", 1]}
    sampler["inputs"] = [{"name": "seed", "type": "INT", "link": None, "widget": {"name": "seed"}}]
    seed = sender(90, "Seed Everywhere", values=[5, "fixed"])
    assert graph_of(registry, seed, sampler)["5"].inputs["seed"] == Link("90", 0)
    newer = {"frontendVersion": "1.20.0"}
    assert graph_of(registry, seed, sampler, extra=newer)["5"].inputs["seed"] == 1
    allowed = {"ue_properties": {"widget_ue_connectable": {"seed": True}}}
    willing = {**sampler, "properties": allowed}
    assert graph_of(registry, seed, willing, extra=newer)["5"].inputs["seed"] == Link("90", 0)


@pytest.mark.parametrize(
    "told", [{"rejects_ue_links": True}, {"ue_properties": {"input_ue_unconnectable": {"clip": True}}}]
)
def test_an_input_may_refuse_what_is_sent_to_all(told, registry):
    assert "clip" not in graph_of(registry, sender(90, links=[1]), text(5, properties=told))["5"].inputs


def test_prompts_go_to_what_is_called_so(registry):
    prompts = sender(90, "Prompts Everywhere", [4, 5])
    sampler = {"id": 7, "type": "KSampler", "widgets_values": [1, "fixed", 20, 8, "euler", "normal", 1]}
    sampler["inputs"] = [
        {"name": name, "type": "CONDITIONING", "link": None} for name in ("positive", "negative")
    ]
    links = [[4, 5, 0, 90, 0, "CONDITIONING"], [5, 6, 0, 90, 1, "CONDITIONING"]]
    tree = {"nodes": [text(5), text(6), prompts, sampler], "links": links}
    inputs = to_graph(Document(tree), registry).graph["7"].inputs
    assert (inputs["positive"], inputs["negative"]) == (Link("5", 0), Link("6", 0))


def told_link(target, slot, origin="1", source=1, type="CLIP"):
    return {
        "downstream": target,
        "downstream_slot": slot,
        "upstream": origin,
        "upstream_slot": source,
        "controller": 90,
        "type": type,
    }


def test_a_file_that_lists_its_undrawn_wires_is_believed(registry):
    told = {"ue_links": [told_link(5, 0)]}
    graph = graph_of(registry, sender(90, links=[1]), text(5), text(6), extra=told)
    assert graph["5"].inputs["clip"] == Link("1", 1)
    assert "clip" not in graph["6"].inputs


def test_a_listed_wire_is_found_by_its_type_where_the_number_has_changed(registry):
    assert graph_of(registry, text(5), extra={"ue_links": [told_link(5, 4)]})["5"].inputs["clip"] == Link(
        "1", 1
    )


@pytest.mark.parametrize(
    "entry",
    [
        told_link(5, 0, type="VAE"),
        told_link(5, "x"),
        told_link(None, 0),
        told_link(5, 0, origin="404"),
        "nonsense",
        {},
    ],
)
def test_listed_wires_that_make_no_sense_do_no_harm(entry, registry):
    assert "clip" not in graph_of(registry, text(5), extra={"ue_links": [entry]})["5"].inputs


def test_within_a_subgraph_a_wire_may_lead_to_its_output(registry):
    inner = {
        "id": "5f0c1d0a-0000-4000-8000-000000000001",
        "name": "Inner",
        "inputs": [],
        "outputs": [{"name": "CLIP", "type": "CLIP"}],
        "nodes": [{**LOADER, "id": 3}],
        "links": [],
        "extra": {"ue_links": [told_link(-20, 0, origin="3")]},
    }
    outer = {"id": 8, "type": inner["id"], "outputs": [{"name": "CLIP", "type": "CLIP", "links": [1]}]}
    target = text(5)
    target["inputs"][0]["link"] = 1
    tree = {
        "nodes": [outer, target],
        "links": [[1, 8, 0, 5, 0, "CLIP"]],
        "definitions": {"subgraphs": [inner]},
    }
    assert to_graph(Document(tree), registry).graph["5"].inputs["clip"] == Link("8:3", 1)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(", "a" * 500, "a*a*a*a*a*a*a*b", "[", 5])
def test_a_pattern_that_is_none_or_could_take_forever_matches_nothing(pattern, registry):
    picky = sender(90, "Anything Everywhere?", [1], [pattern, ".*"])
    graph = graph_of(registry, picky, text(5, "a" * 5000))
    assert ("clip" in graph["5"].inputs) == (pattern == 5)


@pytest.mark.parametrize("extra", [{"ue_links": []}, {}])
def test_a_node_without_an_id_within_a_subgraph_keeps_nothing_from_being_read(extra, registry):
    within = {
        "id": "9c3b7c1e-5a0e-4d1b-9a55-2f1f7a3f0c11",
        "name": "Inside",
        "nodes": [{"type": "CLIPTextEncode"}, sender(7, links=[1]), text(8)],
        "links": [],
        "inputs": [],
        "outputs": [],
        "extra": extra,
    }
    instance = {"id": 3, "type": within["id"], "inputs": [], "outputs": []}
    graph = graph_of(registry, instance, definitions={"subgraphs": [within]})
    assert "3:8" in graph
