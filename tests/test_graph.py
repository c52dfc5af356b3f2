"""Graphs built in Python by calling node types."""

from __future__ import annotations

from pathlib import Path

import pytest

import safelight.graph as building
from safelight import BadInput, Graph, Link
from safelight.cli.stub import stubs
from safelight.core.graph import Node
from safelight.graph import CheckpointLoaderSimple, CLIPTextEncode, StringConcatenate, collect, node_type


def test_a_call_adds_a_node_and_its_outputs_go_into_others() -> None:
    model, clip, vae = CheckpointLoaderSimple(ckpt_name="emoji")
    text = CLIPTextEncode(clip=clip, text="pizza").titled("Prompt")
    assert collect([text]) == Graph(
        {
            "1": Node("CheckpointLoaderSimple", {"ckpt_name": "emoji"}),
            "2": Node("CLIPTextEncode", {"clip": Link("1", 1), "text": "pizza"}),
        }
    )
    assert collect([text])["2"].title == "Prompt"
    assert (model.slot, vae.slot) == (0, 2)


def test_outputs_are_had_by_index_and_by_name() -> None:
    checkpoint = CheckpointLoaderSimple(ckpt_name="emoji")
    assert checkpoint.CLIP.slot == checkpoint[1].slot == 1
    with pytest.raises(AttributeError, match=r"no output 'CLIPP'\. Did you mean 'CLIP'"):
        checkpoint.CLIPP  # noqa: B018
    with pytest.raises(IndexError, match="no output 3"):
        checkpoint[3]


def test_a_node_that_feeds_two_is_one_node() -> None:
    shared = StringConcatenate(string_a="a", string_b="b", delimiter="")
    both = StringConcatenate(string_a=shared, string_b=shared, delimiter="-")
    assert [len(collect([both])), len(collect([both, shared]))] == [2, 2]


def test_a_chain_of_many_thousand_nodes_is_collected() -> None:
    last = StringConcatenate(string_a="a", string_b="b", delimiter="")
    for _ in range(20_000):
        last = StringConcatenate(string_a=last, string_b="b", delimiter="")
    assert len(collect([last])) == 20_001


def test_a_wrong_input_is_refused_where_it_is_written() -> None:
    with pytest.raises(BadInput, match=r"KSampler, input 'stps': .*Did you mean 'steps'"):
        building.KSampler(stps=3)
    with pytest.raises(BadInput, match="0 is below the minimum 1"):
        building.KSampler(steps=0)
    with pytest.raises(BadInput, match="takes MODEL from a node"):
        building.KSampler(model="emoji")


def test_an_unknown_type_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(AttributeError, match=r"no node type 'KSamplr'\. Did you mean 'KSampler'"):
        building.KSamplr  # noqa: B018


def test_nodes_of_packs_are_made_by_their_id() -> None:
    odd = node_type("Some Pack|Node")(anything=1)
    assert collect([StringConcatenate(string_a=odd[2], string_b="", delimiter="")])["2"].inputs[
        "string_a"
    ] == Link("1", 2)
    with pytest.raises(TypeError, match="use \\[0\\]"):
        list(odd)


def test_every_built_in_node_is_completed() -> None:
    assert {"KSampler", "SaveImage", "node_type"} <= set(dir(building))


def test_the_stubs_are_as_the_nodes_are_now() -> None:
    made = Path(building.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert made == stubs(building.builtin()), "make them anew: safelight nodes --stubs > safelight/graph.pyi"
