"""What a file lacks, and where it says that it can be had."""

from __future__ import annotations

from safelight.compat import Document, report


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
