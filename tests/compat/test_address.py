"""How a person names a node, an input and a value."""

from __future__ import annotations

import math

import pytest

from safelight.compat import Document, find, parse_value, target, to_graph
from safelight.core.error import BadInput, GraphError, UnknownNode
from safelight.core.graph import Graph


@pytest.fixture
def document(file):
    return Document.read(file("switched_off.json"))


def test_a_node_is_found_by_id_by_title_and_by_type(document, registry):
    graph = to_graph(document, registry).graph
    for holder in (document, graph):
        assert find(holder, "14") == "14"
        assert find(holder, "Look") == "14"
        assert find(holder, "VAEDecode") == "11"
    assert find(graph, "KSampler") == "10"
    assert find(document, "Seed") == "6"


def test_an_id_goes_before_a_title(file):
    document = Document.read(file("switched_off.json"))
    document.node("14").raw["title"] = "11"
    assert find(document, "11") == "11"


def test_a_name_of_several_nodes_lists_them(document):
    with pytest.raises(GraphError, match=r"several nodes: '10' \(KSampler\), '15' \(KSampler\)") as refused:
        find(document, "KSampler")
    assert "by its id" in str(refused.value)
    document.node("11").raw["title"] = document.node("13").raw["title"] = "Twice"
    with pytest.raises(GraphError, match=r"'11' \(VAEDecode, 'Twice'\)"):
        find(document, "Twice")


def test_a_name_of_no_node_offers_the_nearest(document):
    with pytest.raises(GraphError, match=r"no node is called 'VAEDecod'\. Did you mean 'VAEDecode'"):
        find(document, "VAEDecod")


def test_an_input_is_found_also_behind_titles_with_dots(document, registry):
    graph = to_graph(document, registry).graph
    graph.nodes["10"].title = "SD 1.5 pass"
    id, one = target(graph, registry, "SD 1.5 pass.steps")
    assert (id, one.name, one.type) == ("10", "steps", "INT")
    assert target(document, registry, "Seed.value")[0] == "6"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("VAEDecode", GraphError, "names no input"),
        (".steps", GraphError, "names no input"),
        (
            "10.stepps",
            BadInput,
            r"node '10' .KSampler., input 'stepps': it has no such input. Did you mean 'steps'",
        ),
        ("10.resize.width", BadInput, "input 'resize.width': it has no such input"),
        ("Nobody.steps", GraphError, "no node is called 'Nobody'"),
        ("No.body.steps", GraphError, "no node is called 'No.body'"),
    ],
)
def test_what_is_no_input_is_refused_in_words(text, error, words, document, registry):
    with pytest.raises(error, match=words):
        target(document, registry, text)


def test_an_input_of_an_unknown_node_is_refused(file, registry):
    with pytest.raises(UnknownNode, match="KSamplr"):
        target(Document.read(file("unknown_nodes.json")), registry, "4.steps")


@pytest.mark.parametrize(
    ("type", "name", "text", "value"),
    [
        ("KSampler", "seed", "18446744073709551615", 2**64 - 1),
        ("KSampler", "steps", " 30 ", 30),
        ("KSampler", "cfg", "7", 7.0),
        ("KSampler", "sampler_name", "heun", "heun"),
        ("Options", "style", "oil/thick", "oil\\thick"),
        ("Options", "upside", "Yes", True),
        ("Options", "upside", "down", False),
        ("Options", "upside", "up", True),
        ("CLIPTextEncode", "text", "a = b, {c}", "a = b, {c}"),
        ("CLIPTextEncode", "text", "5", "5"),
        ("CheckpointLoaderSimple", "ckpt_name", "emoji", "emoji"),
    ],
)
def test_a_text_is_read_as_the_input_takes_it(type, name, text, value, registry):
    read = parse_value(registry.get(type).by_name[name], text)
    assert read == value
    assert type != "KSampler" or read.__class__ is value.__class__


@pytest.mark.parametrize(
    ("type", "name", "text", "words"),
    [
        ("KSampler", "steps", "many", "'many' is not a whole number"),
        ("KSampler", "steps", "7.5", "'7.5' is not a whole number"),
        ("KSampler", "steps", "0", "below the minimum 1"),
        ("KSampler", "steps", "9" * 5000, "not a whole number"),
        ("KSampler", "cfg", "nan", "not a finite number"),
        ("KSampler", "cfg", str(math.inf), "not a finite number"),
        ("KSampler", "seed", "-1", "below the minimum"),
        ("KSampler", "sampler_name", "hun", "Did you mean 'heun'"),
        ("KSampler", "model", "5", "takes MODEL from a link"),
        ("Options", "upside", "perhaps", "neither true nor false"),
        ("CheckpointLoaderSimple", "ckpt_name", "", "not the name of a file"),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(type, name, text, words, registry):
    with pytest.raises(BadInput, match=words) as refused:
        parse_value(registry.get(type).by_name[name], text)
    assert refused.value.where.input == name


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("words", "words"), ('"7"', "7"), ("[1", "[1")])
def test_a_primitive_takes_whatever_is_said(text, value, document, registry):
    assert parse_value(target(document, registry, "Seed.value")[1], text) == value


def test_a_node_without_a_title_goes_by_its_type_s(registry):
    graph = Graph()
    graph.add("1", "KSampler")
    graph.add("2", "KSampler", title="Refiner")
    assert find(graph, "Sampler", registry) == "1"
    assert find(graph, "Sampler (1)", registry) == "1"
    assert find(graph, "Refiner (2)", registry) == "2"
    assert find(graph, "refiner", registry) == "2"
    with pytest.raises(GraphError, match="no node is called 'Sampler'"):
        find(graph, "Sampler")
    assert target(graph, registry, "sampler.steps")[0] == "1"


def test_letters_are_alike_only_where_that_names_one_node(registry):
    graph = Graph()
    graph.add("1", "VAEDecode", title="look")
    graph.add("2", "PreviewImage", title="Look")
    assert find(graph, "look") == "1"
    assert find(graph, "vaedecode") == "1"
    with pytest.raises(GraphError, match="several nodes"):
        find(graph, "LOOK")


def test_notes_are_never_meant_nor_offered(registry):
    notes = [{"id": 1, "type": "MarkdownNote", "title": "Look"}, {"id": 2, "type": "Note"}]
    document = Document({"nodes": [*notes, {"id": 3, "type": "VAEDecode", "title": "Look"}]})
    assert find(document, "Look", registry) == "3"
    with pytest.raises(GraphError) as refused:
        find(document, "MarkdownNot", registry)
    assert "Note'" not in str(refused.value).split(".", 1)[1]
