"""What an editor changes in values when a workflow is queued."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random

import pytest

from safelight.compat import Document, choose_texts, expand_prefixes, to_graph
from safelight.compat.rewrite import choose, expand

NOW = datetime(2026, 3, 4, 5, 6, 7)


def outcomes(text: str) -> set[str]:
    return {choose(text, Random(seed)) for seed in range(60)}


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("a fox", {"a fox"}),
        ("a {red|blue} fox", {"a red fox", "a blue fox"}),
        ("{a|b}{c|d}", {"ac", "ad", "bc", "bd"}),
        ("{a {b|c}|d}", {"a b", "a c", "d"}),
        ("{{a|b}|{c|{d|e}}}", {"a", "b", "c", "d", "e"}),
        ("{a|}", {"a", ""}),
        ("{one}", {"one"}),
        ("{a|b", {"a", "b"}),
        ("a|b}", {"a|b}"}),
        (r"\{a|b\}", {"{a|b}"}),
        (r"{a\|b|c}", {"a|b", "c"}),
        (r"a \(b\) \\ ", {r"a \(b\) \\ "}),
        ("a // no\nb /* {c|d}\n */e", {"a \nb e"}),
        ("{a/*|b*/|c}", {"a", "c"}),
    ],
)
def test_each_choice_of_a_block_can_be_made_and_nothing_else(text: str, possible: set[str]) -> None:
    assert outcomes(text) == possible


def test_a_choice_is_fixed_by_the_seed() -> None:
    text = "{a|b|c} {d|e|f} {g|h|i}"
    assert choose(text, Random(4)) == choose(text, Random(4))


def test_a_hundred_thousand_open_blocks_are_no_trouble() -> None:
    assert choose("{" * 100_000 + "x", Random(0)) == "x"


@pytest.mark.parametrize(
    ("prefix", "meant"),
    [
        ("%date:yyyy-MM-dd%/a", "2026-03-04/a"),
        ("%date:yy.M.d hh.mm.ss h m s%", "26.3.4 05.06.07 5 6 7"),
        ("%Pass.seed%_%Pass.gone%", "7_%Pass.gone%"),
        ("%year%_%width%_100%", "%year%_%width%_100%"),
        ("%Pass.path%", "a_b_c"),
    ],
)
def test_times_and_values_stand_in_a_prefix(prefix: str, meant: str) -> None:
    values = {"Pass.seed": "7", "Pass.path": "a/b:c"}
    assert expand(prefix, NOW, values.get) == meant


@pytest.fixture
def document(file) -> Document:
    return Document.read(file("text_to_image.json"))


def text_node(document: Document, registry):
    return next(node for node in document.nodes(registry) if node.type == "CLIPTextEncode")


def test_the_choice_stands_in_the_file_that_is_embedded_and_in_the_graph(document, registry) -> None:
    node = text_node(document, registry)
    node.values["text"] = "a {red|blue} fox"
    before = json.dumps(document.tree)
    chosen, (notice,) = choose_texts(document, registry, Random(1))
    made = text_node(chosen, registry).values["text"]
    assert made in ("a red fox", "a blue fox")
    assert json.dumps(document.tree) == before
    assert to_graph(chosen, registry).graph[node.id].inputs["text"] == made
    assert f"input 'text': the choice made in this text is '{made}'." in str(notice)


def test_without_choices_the_document_is_the_same(document, registry) -> None:
    text_node(document, registry).values["text"] = "a fox: 50% red"
    assert choose_texts(document, registry, Random(1)) == (document, [])


def test_a_node_that_is_switched_off_makes_no_choice(document, registry) -> None:
    node = text_node(document, registry)
    node.values["text"] = "{a|b}"
    node.raw["mode"] = 2
    assert choose_texts(document, registry, Random(1)) == (document, [])


def test_an_api_file_says_what_it_means(registry) -> None:
    inputs = {"text": "{a|b}", "filename_prefix": "%date:yyyy%"}
    document = Document({"1": {"class_type": "CLIPTextEncode", "inputs": inputs}})
    graph = to_graph(document, registry).graph
    assert choose_texts(document, registry, Random(1)) == (document, [])
    assert expand_prefixes(graph, document, registry, NOW) == (graph, [])


def test_a_prefix_names_a_node_by_title_and_its_input(document, registry) -> None:
    nodes = {node.type: node for node in document.nodes(registry)}
    nodes["KSampler"].raw["title"] = "Pass"
    nodes["SaveImage"].values["filename_prefix"] = "%date:yyyy%/%Pass.steps%"
    graph, (notice,) = expand_prefixes(to_graph(document, registry).graph, document, registry, NOW)
    steps = nodes["KSampler"].values["steps"]
    assert graph[nodes["SaveImage"].id].inputs["filename_prefix"] == f"2026/{steps}"
    assert f"stands for '2026/{steps}'" in str(notice)
