"""Values by name, from lists that name nothing."""

from __future__ import annotations

import pytest

from safelight.compat import Document

FULL = {"seed": 5, "steps": 20, "cfg": 8, "sampler_name": "euler", "scheduler": "normal", "denoise": 1}


def node_of(registry, type, values, **more):
    tree = {"nodes": [{"id": 1, "type": type, "widgets_values": values, **more}]}
    return Document(tree).node("1", registry)


@pytest.mark.parametrize("mode", ["fixed", "increment", "randomize", True, False, None])
def test_the_control_after_a_seed_is_no_value(mode, registry):
    node = node_of(registry, "KSampler", [5, mode, 20, 8, "euler", "normal", 1])
    assert dict(node.values) == FULL
    assert dict(node.controls) == {"seed": mode}


def test_a_list_saved_without_controls_is_read_too(registry):
    assert dict(node_of(registry, "KSampler", [5, 20, 8, "euler", "normal", 1]).values) == FULL


def test_a_long_list_loses_nothing_and_a_short_one_gives_what_it_has(registry):
    node = node_of(registry, "KSampler", [5, "fixed", 20, 8, "euler", "normal", 1, "later", None])
    assert dict(node.values) == FULL
    assert node.raw["widgets_values"][7:] == ["later", None]
    assert dict(node_of(registry, "KSampler", [5, "fixed", 20]).values) == {"seed": 5, "steps": 20}


def test_an_object_by_name_is_read_and_written(registry):
    node = node_of(registry, "KSampler", {"seed": 5, "steps": 7, "preview": {"hidden": True}})
    assert dict(node.values) == {"seed": 5, "steps": 7}
    node.values["cfg"] = 3.5
    assert node.raw["widgets_values"] == {"seed": 5, "steps": 7, "preview": {"hidden": True}, "cfg": 3.5}


@pytest.mark.parametrize("values", [None, "nonsense", 5])
def test_no_list_gives_no_values_and_grows_when_assigned(values, registry):
    node = node_of(registry, "KSampler", values)
    assert dict(node.values) == {}
    node.values["cfg"] = 3.5
    assert node.raw["widgets_values"] == [0, "fixed", 20, 3.5]
    assert node.values["cfg"] == 3.5


@pytest.mark.parametrize("button", ["image", None, "", {"type": "button"}])
def test_what_an_upload_button_leaves_behind_is_skipped(button, registry):
    node = node_of(registry, "LoadImage", ["sun.png", button, False])
    assert dict(node.values) == {"image": "sun.png", "tidy": False}


@pytest.mark.parametrize("values", [["a.png", "red", "image"], ["a.png", "image", "red"], ["a.png", "red"]])
def test_an_upload_button_stands_behind_all_that_is_required_or_beside_its_file(values, registry):
    node = node_of(registry, "LoadImageMask", values)
    assert dict(node.values) == {"image": "a.png", "channel": "red"}


def test_a_control_that_a_packs_page_added_is_no_value(registry):
    node = node_of(registry, "EmptyLatentImage", [64, "randomize", 128, 2])
    assert dict(node.values) == {"width": 64, "height": 128, "batch_size": 2}
    assert dict(node.controls) == {"width": "randomize"}


def test_loras_of_any_number_are_called_in_their_order(registry):
    one, two = (
        {"on": True, "lora": "a.safetensors", "strength": 1},
        {"on": False, "lora": None, "strength": 0.5},
    )
    values = [{}, {"type": "PowerLoraLoaderHeaderWidget"}, one, two, {}, ""]
    node = node_of(registry, "Power Lora Loader (rgthree)", values)
    assert dict(node.values) == {"lora_1": one, "lora_2": two}
    assert dict(node_of(registry, "Power Lora Loader (rgthree)", [{}, None, ""]).values) == {}


def test_dummies_of_old_files_count_only_if_all_are_there(registry):
    with_dummies = node_of(registry, "Forced", ["stale", 3, "fixed", 0.1, 0.5])
    assert dict(with_dummies.values) == {"seed": 3, "strength": 0.5}
    assert dict(node_of(registry, "Forced", [3, "fixed", 0.5]).values) == {"seed": 3, "strength": 0.5}


def test_a_choice_may_have_a_control_as_well(registry):
    node = node_of(registry, "Options", ["ink", "increment-wrap", True, "words", 0.5])
    assert dict(node.values) == {"style": "ink", "upside": True, "caption": "words", "weight": 0.5}
    assert dict(node.controls) == {"style": "increment-wrap"}


def test_notes_and_primitives_have_names_for_what_they_hold(registry):
    assert dict(node_of(registry, "Note", ["words"]).values) == {"text": "words"}
    primitive = node_of(registry, "PrimitiveNode", [42, "randomize", ""])
    assert (dict(primitive.values), dict(primitive.controls)) == ({"value": 42}, {"value": "randomize"})


def test_unknown_nodes_are_named_by_their_sockets_if_that_fits(file, registry):
    document = Document.read(file("unknown_nodes.json"))
    assert dict(document.node("2", registry).values) == {"strength": 0.35, "noise_seed": 1234, "mode": "soft"}
    assert document.node("2", registry).controls["noise_seed"] == "fixed"
    assert document.node("3", registry).values["format"] == "video/mp4"
    assert dict(document.node("4", registry).values) == {}
    document.node("2").raw["widgets_values"].append("one more")
    assert dict(document.node("2", registry).values) == {}


def test_given_up_nodes_keep_the_names_of_their_widgets(registry):
    assert dict(node_of(registry, "ImageScaleBy", ["area", 2.0]).values) == {
        "upscale_method": "area",
        "scale_by": 2.0,
    }


def test_unknown_names_cannot_be_assigned(registry):
    node = node_of(registry, "KSampler", [5])
    with pytest.raises(KeyError):
        node.values["stepps"] = 1
    with pytest.raises(KeyError):
        node_of(registry, "KSampler", {}).values["stepps"] = 1
    assert node.raw["widgets_values"] == [5]
