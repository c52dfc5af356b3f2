"""Arrangement: an API file laid out for the editor means what it meant, whatever its nodes are."""

from __future__ import annotations

import pytest

from safelight.compat import Document, arrange, to_graph, to_prompt

LINK = ["1", 0]


def prompt(type, **inputs):
    return {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
        "2": {"class_type": type, "inputs": inputs},
    }


def again(tree, registry):
    """The prompt after a way through the editor's format, and through the text of that."""
    arranged = arrange(Document(tree), registry)
    made = to_graph(Document.parse(arranged.write()), registry)
    return {id: (one["class_type"], one["inputs"]) for id, one in to_prompt(made.graph).items()}, made.notices


@pytest.mark.parametrize(
    ("type", "inputs"),
    [
        ("Mystery", {"device": "auto", "model": LINK, "dtype": "default"}),
        ("Mystery", {"model.resolution": "1080p", "duration": 5}),
        ("Mystery", {"seed": 7, "mode": "fixed", "other": "randomize"}),
        ("Mystery", {"seed": 7, "mode": "fixed", "image": LINK, "wait": None}),
        ("Mystery", {"points": {"__value__": [1, 2]}, "curve": {"a": 1}, "": "x"}),
        ("Mystery", {"lora": "fixed"}),
        ("workflow/Mystery", {"text": "a"}),
    ],
)
def test_the_values_of_an_unknown_type_keep_their_names(type, inputs, registry):
    found, notices = again(prompt(type, **inputs), registry)
    assert (found["2"], notices) == ((type, inputs), [])


@pytest.mark.parametrize(
    ("type", "inputs"),
    [
        ("ComfySwitchNode", {"switch": False, "on_false": "a text", "on_true": LINK}),
        ("ComfySwitchNode", {"switch": True, "on_true": 3, "on_false": {"__value__": [1]}}),
        ("ComfyMathExpression", {"expression": "a + b", "values.a": LINK, "values.b": 81, "values.c": 5}),
        ("ImageCompare", {"image_a": LINK}),
    ],
)
def test_values_at_inputs_that_usually_take_wires_are_kept(type, inputs, registry):
    found, notices = again(prompt(type, **inputs), registry)
    assert (found["2"], notices) == ((type, inputs), [])


@pytest.mark.parametrize("slot", [2**70, -1, 5000])
def test_a_wire_from_an_output_that_no_node_could_have_is_kept_and_not_drawn(slot, registry):
    arranged = arrange(Document(prompt("Mystery", model=["1", slot])), registry)
    assert arranged.tree["links"] == []
    assert len(arranged.tree["nodes"][0]["outputs"]) < 9
    assert ["1", slot] in list(arranged.node("2", registry).values.values())
