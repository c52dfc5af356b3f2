"""What a file lacks, and where it says that it can be had."""

from __future__ import annotations

from safelight.compat import Document, report
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec


def test_nothing_is_lacking_in_a_file_of_known_nodes_and_files(file, registry):
    found = report(
        Document.read(file("text_to_image.json")), registry, lambda kind: ["sub\\emoji.safetensors"]
    )
    assert (found.types, found.models) == ([], [])
    assert report(Document.read(file("text_to_image_api.json")), registry).types == []


def test_a_model_is_named_with_its_folder_and_its_address(file, registry):
    (model,) = report(Document.read(file("text_to_image.json")), registry, lambda kind: []).models
    assert (model.name, model.kind, model.hash, model.nodes) == (
        "emoji.safetensors",
        "checkpoints",
        "ab12",
        ["1"],
    )
    assert str(model) == (
        "node '1': no file 'emoji.safetensors' in models/checkpoints. "
        "The file says that it can be had at https://models.example/emoji.safetensors"
    )


def test_unknown_types_come_with_their_pack_or_the_nearest_name(file, registry):
    fancy, video, typo = report(Document.read(file("unknown_nodes.json")), registry).types
    assert (fancy.type, fancy.nodes, fancy.pack, fancy.repository) == (
        "FancyDetailer+",
        ["2"],
        "fancy-pack",
        "someone/fancy-pack",
    )
    assert video.repository == "someone/video-helpers"
    assert str(typo) == "node '4': no node type 'KSamplr'. Did you mean 'KSampler'?"
    assert "comes from 'someone/fancy-pack'" in str(fancy)


def test_subgraphs_and_group_nodes_are_looked_into_once(file, registry):
    document = Document.read(file("subgraph.json"))
    document.tree["nodes"].append({**document.tree["nodes"][0], "id": 5})
    (inner,) = report(document, registry).types
    assert (inner.type, inner.nodes, inner.pack) == ("FancyPainter", ["1:3"], "fancy-pack")
    (inner,) = report(Document.read(file("group_node.json")), registry).types
    assert (inner.type, inner.nodes, inner.repository) == ("OldSaver", ["1:1"], "someone/old")


def test_definitions_inside_definitions_are_looked_into(file, registry):
    document = Document.read(file("subgraph.json"))
    (outer,) = document.tree["definitions"]["subgraphs"]
    inner = {"id": "inner", "name": "Inner", "nodes": [{"id": 8, "type": "Deep"}]}
    outer["definitions"] = {"subgraphs": [inner]}
    outer["nodes"].append({"id": 7, "type": "inner"})
    assert [lack.nodes for lack in report(document, registry).types] == [["1:3"], ["1:7:8"]]


def test_what_will_be_replaced_is_not_lacking():
    document = Document({"nodes": [{"id": 1, "type": "ConditioningAverage "}]})
    known = Registry([NodeSpec("ConditioningAverage", lambda **_: None)])
    assert report(document, known).types == []
    assert len(report(document, Registry()).types) == 1


def test_a_pack_that_one_node_names_stands_for_all_of_its_type(file, registry):
    document = Document.read(file("unknown_nodes.json"))
    document.tree["nodes"].append({"id": 9, "type": "FancyDetailer+"})
    lack = report(document, registry).types[0]
    assert (lack.nodes, lack.pack) == (["2", "9"], "fancy-pack")


def test_a_definition_that_holds_itself_ends(file, registry):
    document = Document.read(file("subgraph.json"))
    definition = document.tree["definitions"]["subgraphs"][0]
    definition["nodes"].append({"id": 4, "type": definition["id"]})
    assert [lack.type for lack in report(document, registry).types] == ["FancyPainter"]


def test_what_is_switched_off_is_not_needed(file, registry):
    document = Document.read(file("unknown_nodes.json"))
    for node, mode in zip(document.tree["nodes"], (0, 2, 4, 2), strict=True):
        node["mode"] = mode
    assert report(document, registry).types == []


def test_of_a_model_that_lacks_near_names_are_told(registry):
    model = {"name": "dreamy_v8_fp16.safetensors", "url": "https://example.org/d", "directory": "checkpoints"}
    node = {"id": 4, "type": "CheckpointLoaderSimple", "properties": {"models": [model]}}
    there = ["sd15/Dreamy_V8.safetensors", "other.safetensors"]
    (lack,) = report(Document({"nodes": [node]}), registry, lambda kind: there).models
    assert lack.near == ("sd15/Dreamy_V8.safetensors",)
    assert "There is 'sd15/Dreamy_V8.safetensors'. The file says that it can be had at https://" in str(lack)


def test_a_node_that_names_a_model_twice_is_told_once(registry):
    model = {"name": "a.safetensors", "url": "", "directory": "loras"}
    node = {"id": 4, "type": "CheckpointLoaderSimple", "properties": {"models": [model, dict(model)]}}
    assert report(Document({"nodes": [node]}), registry).models[0].nodes == ["4"]


def test_another_pack_s_type_is_not_taken_for_a_misspelt_one(registry):
    nodes = [{"id": n, "type": "XYZEncode"} for n in range(8)] + [{"id": 9, "type": "VAEDecod"}]
    other, typo = map(str, report(Document({"nodes": nodes, "links": []}), registry).types)
    assert other.startswith(
        "nodes '0', '1', '2', '3', '4', '5' and 2 more: no node type 'XYZEncode'. Install"
    )
    assert typo == "node '9': no node type 'VAEDecod'. Did you mean 'VAEDecode'?"
