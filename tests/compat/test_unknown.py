"""The values of nodes whose types are not here, wherever the file tells their names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from safelight.compat import Document, to_graph

SENT = {"text": "a fox", "seed": 7, "amount": ["1", 0], "mode": "soft", "image": ["1", 0]}
SAVED = ["a fox", 7, "randomize", 0.5, "", "soft"]
"""What a node holds: between the named values are a control and a button that was not sent."""


def workflow(values: Any, version: str | None = None) -> dict[str, Any]:
    inputs = [
        {"name": "image", "type": "IMAGE", "link": 1},
        {"name": "amount", "type": "FLOAT", "link": 2, "widget": {"name": "amount"}},
    ]
    mystery = {"id": 2, "type": "Mystery", "inputs": inputs, "widgets_values": values}
    links = [[1, 1, 0, 2, 0, "IMAGE"], [2, 1, 0, 2, 1, "FLOAT"]]
    extra = {} if version is None else {"extra": {"frontendVersion": version}}
    return {"nodes": [{"id": 1, "type": "Origin"}, mystery], "links": links, **extra}


def inputs_of(document, registry):
    return to_graph(document, registry).graph["2"].inputs


def from_picture(tree, prompt, picture):
    texts = {b"prompt": prompt, b"workflow": tree}
    return Document.read(
        picture(*((b"tEXt", key + b"\0" + json.dumps(one).encode()) for key, one in texts.items()))
    )


def test_a_picture_names_the_values_by_what_was_sent(picture, registry):
    prompt = {"2": {"class_type": "Mystery", "inputs": SENT}}
    found = inputs_of(from_picture(workflow(SAVED), prompt, picture), registry)
    assert {name: found[name] for name in ("text", "seed", "mode")} == {
        "text": "a fox",
        "seed": 7,
        "mode": "soft",
    }
    assert set(found) == set(SENT)


def test_the_values_themselves_are_those_of_the_workflow(picture, registry):
    changed = ["a cat", 8, "randomize", 0.5, "", "soft"]
    prompt = {"2": {"class_type": "Mystery", "inputs": SENT}}
    found = inputs_of(from_picture(workflow(changed), prompt, picture), registry)
    assert (found["text"], found["seed"]) == ("a cat", 8)


@pytest.mark.parametrize(
    "prompt",
    [
        {},
        [],
        {"2": "nonsense"},
        {"2": {"class_type": "Mystery"}},
        {"2": {"class_type": "Another", "inputs": SENT}},
        {"2": {"class_type": "Mystery", "inputs": dict.fromkeys(map(str, range(9)), 1)}},
    ],
)
def test_what_was_sent_is_no_help_if_it_is_of_another_node(prompt, picture, registry):
    found = inputs_of(from_picture(workflow(SAVED), prompt, picture), registry)
    assert set(found) == {"image", "amount"}


def test_values_without_names_are_told_and_kept(registry):
    document = Document(workflow(SAVED))
    graph, notices, _ = to_graph(document, registry)
    assert set(graph["2"].inputs) == {"image", "amount"}
    assert ["does not say which of its values is which" in str(notice) for notice in notices] == [True]
    assert json.loads(document.write())["nodes"][1]["widgets_values"] == SAVED


def test_sockets_name_values_only_in_files_that_list_them_in_order(registry):
    """Older files list them in the order in which a person made them sockets."""
    tree = workflow([0.5, "soft"])
    tree["nodes"][1]["inputs"].append(
        {"name": "mode", "type": "STRING", "link": None, "widget": {"name": "mode"}}
    )
    assert "mode" not in inputs_of(Document(tree), registry)
    tree["extra"] = {"frontendVersion": "1.15.9"}
    assert "mode" not in inputs_of(Document(tree), registry)
    tree["extra"] = {"frontendVersion": "1.16.0"}
    assert inputs_of(Document(tree), registry)["mode"] == "soft"
    tree["extra"] = {}
    tree["nodes"][1]["inputs"][0]["localized_name"] = "image"
    assert inputs_of(Document(tree), registry)["mode"] == "soft"


def test_players_and_buttons_saved_by_name_are_not_sent(registry):
    stored = {"video": "a.mp4", "choose video to upload": "image", "videopreview": {"hidden": False}}
    assert set(inputs_of(Document(workflow(stored)), registry)) == {"video", "image", "amount"}


def test_a_known_type_that_was_another_once_is_read_by_what_was_sent(picture, registry):
    """The pack has changed since: where its values stood then, others stand now."""
    old = ["nearest", 1.5, 9, "fixed"]
    tree = {"nodes": [{"id": 2, "type": "EmptyLatentImage", "widgets_values": old}], "links": []}
    sent = {"method": "nearest", "scale": 1.5, "batch_size": 9, "mode": "fixed"}
    prompt = {"2": {"class_type": "EmptyLatentImage", "inputs": sent}}
    assert inputs_of(from_picture(tree, prompt, picture), registry) == {"width": 512, "height": 512, **sent}


def test_an_api_file_keeps_values_of_inputs_that_its_types_lack(registry):
    inputs = {"width": 64, "height": 64, "batch_size": 1, "newer": "soft", "more": {"lora": "a"}}
    document = Document({"1": {"class_type": "EmptyLatentImage", "inputs": inputs}})
    there = Document.from_named(document.by_name(registry), registry)
    assert there.dialect == "editor"
    assert to_graph(there, registry).graph["1"].inputs == inputs


@pytest.mark.parametrize("slot", [1e300, 2**70, 10**9, "999999999"])
def test_a_wire_from_an_output_that_no_node_has_is_no_wire(slot, registry):
    inputs = {"images": ["1", slot]}
    tree = {
        "1": {"class_type": "Origin", "inputs": {}},
        "2": {"class_type": "PreviewImage", "inputs": inputs},
    }
    document = Document(tree)
    (given,) = to_graph(document, registry).graph["2"].inputs.values()
    assert list(given) == inputs["images"]
    assert [len(one["outputs"]) < 9 for one in document.by_name(registry)["nodes"]] == [True, True]


def by_a_browser(document: Document, registry: Any) -> dict[str, Any]:
    return json.loads(json.dumps(document.by_name(registry)))


def test_a_picture_names_the_values_by_name_too_and_they_can_be_changed(picture, registry):
    prompt = {"2": {"class_type": "Mystery", "inputs": SENT}, "1": {"class_type": "Origin", "inputs": {}}}
    document = from_picture(workflow(SAVED), prompt, picture)
    told = by_a_browser(document, registry)
    (_, node) = told["nodes"]
    assert node["values"] == {"text": "a fox", "seed": 7, "amount": 0.5, "mode": "soft"}
    assert node["controls"] == {"seed": "randomize"}
    assert "unnamed" not in node
    assert list(told["sent"]) == ["2"]
    assert Document.from_named(told, registry).write() == document.write()
    node["values"] |= {"mode": "hard", "text": "b"}
    node["controls"]["seed"] = "fixed"
    again = Document.from_named(told, registry)
    assert again.tree["nodes"][1]["widgets_values"] == ["b", 7, "fixed", 0.5, "", "hard"]
    assert (inputs_of(again, registry)["mode"], inputs_of(again, registry)["text"]) == ("hard", "b")
    assert by_a_browser(again, registry)["nodes"][1]["values"]["mode"] == "hard"


def test_a_picture_names_the_values_of_nodes_inside_subgraphs_by_name_too(picture, registry):
    sub = {"id": "s", "name": "S", "inputs": [], "outputs": [], "links": []}
    sub["nodes"] = [{"id": 5, "type": "Mystery", "inputs": [], "widgets_values": ["a", "soft"]}]
    tree = {"nodes": [{"id": 9, "type": "s"}], "links": [], "definitions": {"subgraphs": [sub]}}
    prompt = {"9:5": {"class_type": "Mystery", "inputs": {"text": "a", "mode": "soft"}}}
    told = by_a_browser(from_picture(tree, prompt, picture), registry)
    assert told["subgraphs"][0]["nodes"][0]["values"] == {"text": "a", "mode": "soft"}


def test_a_bare_list_that_nothing_names_is_not_named_by_sockets_in_any_order(registry):
    tree = workflow([0.5, "soft"])
    tree["nodes"][1]["inputs"].append({"name": "mode", "type": "STRING", "widget": {"name": "mode"}})
    (_, node) = by_a_browser(Document(tree), registry)["nodes"]
    assert (node["values"], node["unnamed"]) == ({}, [0.5, "soft"])


@pytest.mark.parametrize("sent", ["x", [1], {"2": 7}, {"2": {"class_type": "Mystery", "inputs": 3}}])
def test_odd_words_about_what_was_sent_are_passed_over(sent, registry):
    told = {**by_a_browser(Document(workflow(SAVED)), registry), "sent": sent}
    assert Document.from_named(told, registry).tree == workflow(SAVED)


def test_a_lora_without_a_strength_for_texts_is_sent_without_one(registry):
    loras = [{"on": True, "lora": "a", "strength": 1, "strengthTwo": two} for two in (None, 0.5)]
    node = {"id": 2, "type": "Power Lora Loader (rgthree)", "widgets_values": [{}, *loras, ""]}
    found = inputs_of(Document({"nodes": [node], "links": []}), registry)
    assert found["lora_1"] == {"on": True, "lora": "a", "strength": 1}
    assert found["lora_2"] == loras[1]
