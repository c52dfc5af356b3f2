"""The catalogue in ComfyUI's shape."""

from __future__ import annotations

import json

from safelight.compat import Document, object_info, to_graph


def catalogue(registry):
    return object_info(registry, lambda kind: [f"{kind} one", f"{kind} two"])


def test_a_node_type_reads_as_comfyui_lists_it(registry):
    info = catalogue(registry)["KSampler"]
    assert list(info["input"]["required"]) == [
        "model",
        "seed",
        "steps",
        "cfg",
        "sampler_name",
        "scheduler",
        "positive",
        "negative",
        "latent_image",
        "denoise",
    ]
    assert info["input"]["required"]["model"] == ["MODEL", {}]
    assert info["input"]["required"]["seed"] == [
        "INT",
        {"default": 0, "min": 0, "max": 2**64 - 1, "control_after_generate": True},
    ]
    assert info["input"]["required"]["steps"] == [
        "INT",
        {"tooltip": "How many.", "default": 20, "min": 1, "max": 10000},
    ]
    assert info["input"]["required"]["cfg"] == [
        "FLOAT",
        {"default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1, "round": 0.01},
    ]
    assert info["input"]["required"]["scheduler"] == [["normal", "karras"], {"default": "normal"}]
    assert info["input_order"]["required"] == list(info["input"]["required"])
    assert (info["output"], info["output_is_list"], info["output_node"]) == (["LATENT"], [False], False)
    assert info["display_name"] == "Sampler"
    assert info["description"] == "Denoise a latent with the model, step by step."
    assert info["search_aliases"] == ["denoise"]
    assert "deprecated" not in info


def test_files_are_listed_when_asked(registry):
    info = catalogue(registry)
    checkpoints = info["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"]
    assert checkpoints[0] == ["checkpoints one", "checkpoints two"]
    picture = info["LoadImage"]["input"]["required"]["image"]
    assert picture == [["input one", "input two"], {"image_upload": True}]


def test_flags_lists_and_labels_are_told(registry):
    info = catalogue(registry)["Options"]
    assert (info["deprecated"], info["experimental"]) == (True, True)
    assert info["is_input_list"]
    assert info["output_is_list"] == [True]
    assert info["input"]["required"]["upside"] == [
        "BOOLEAN",
        {"default": False, "label_on": "up", "label_off": "down"},
    ]
    assert info["input"]["required"]["style"][1] == {"control_after_generate": True}
    assert info["input"]["optional"]["later"] == ["IMAGE", {"lazy": True}]
    assert catalogue(registry)["Forced"]["input"]["required"]["text"] == ["STRING", {"forceInput": True}]
    assert catalogue(registry)["SaveImage"]["output_node"]


def test_a_file_saved_in_the_order_of_the_catalogue_is_read_by_us(registry):
    for spec in registry:
        sections = catalogue(registry)[spec.id]["input"]
        listed = [*sections["required"], *sections["optional"]]
        widgets = [one.name for one in spec.inputs if one.widget is not None]
        assert [name for name in listed if name in widgets] == widgets


def test_the_catalogue_is_json(registry):
    assert json.loads(json.dumps(catalogue(registry), allow_nan=False)) == catalogue(registry)


def test_every_default_of_the_catalogue_makes_a_graph(registry):
    nodes = [{"id": place, "type": spec.id} for place, spec in enumerate(registry)]
    graph = to_graph(Document({"nodes": nodes}), registry).graph
    for node in graph.nodes.values():
        listed = catalogue(registry)[node.type]["input"]
        for name, value in node.inputs.items():
            entry = {**listed["required"], **listed["optional"]}[name]
            assert entry[1].get("default", entry[0][0]) == value


def test_inputs_for_older_files_and_uploads_of_each_kind_are_said():
    from safelight import Registry

    info = catalogue(Registry().load("nodes"))
    codec = info["SaveVideo"]["input"]["optional"]["codec"]
    assert codec[1]["hidden"] is True
    assert [one["key"] for one in codec[1]["options"]] == ["auto", "h264", "av1"]
    assert "hidden" not in info["SaveVideo"]["input"]["required"]["format"][1]
    assert info["LoadVideo"]["input"]["required"]["file"][0] == ["input:video one", "input:video two"]
    assert info["LoadVideo"]["input"]["required"]["file"][1]["video_upload"] is True
    assert info["LoadAudio"]["input"]["required"]["audio"][1]["audio_upload"] is True
