"""Values that say clearly what is meant, and those that do not."""

from __future__ import annotations

import math

import pytest

from safelight.compat import coerce, replace_nodes
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec
from safelight.graph import builtin


def coerced(registry, type, names=None, **inputs):
    graph = Graph()
    graph.add("7", type, title="Mine", **inputs)
    changed, notices = coerce(graph, registry, names)
    assert graph["7"].inputs == inputs
    return changed["7"].inputs, notices


@pytest.mark.parametrize(
    ("type", "name", "saved", "meant"),
    [
        ("KSampler", "steps", "20", 20),
        ("KSampler", "steps", 8.0, 8),
        ("KSampler", "steps", 1e300, 1e300),
        ("KSampler", "steps", True, 1),
        ("KSampler", "seed", "18446744073709551615", 2**64 - 1),
        ("KSampler", "cfg", "7.5", 7.5),
        ("KSampler", "cfg", True, 1.0),
        ("EmptyLatentImage", "width", 515, 512),
        ("EmptyLatentImage", "height", "70.", "70."),
        ("EmptyLatentImage", "height", "70", 64),
        ("EmptyLatentImage", "batch_size", 3, 3),
        ("ImageScale", "width", 515, 515),
        ("CLIPTextEncode", "text", 5, "5"),
        ("Options", "upside", "true", True),
        ("Options", "upside", " False", False),
        ("Options", "upside", 1, True),
        ("Options", "upside", "maybe", "maybe"),
        ("Options", "style", "oil/thick", "oil\\thick"),
        ("Options", "style", None, "oil\\thick"),
        ("KSampler", "sampler_name", "sample_heun", "heun"),
        ("KSampler", "sampler_name", "sample_none", "sample_none"),
        ("KSampler", "sampler_name", "gone", "gone"),
        ("CheckpointLoaderSimple", "ckpt_name", "sd\\one.safetensors", "sd/one.safetensors"),
        ("KSampler", "steps", "many", "many"),
        ("KSampler", "steps", None, None),
        ("KSampler", "steps", [1], [1]),
        ("KSampler", "cfg", 8, 8),
        ("KSampler", "cfg", "nan", "nan"),
        ("KSampler", "cfg", "-inf", "-inf"),
        ("KSampler", "cfg", math.inf, math.inf),
        ("KSampler", "steps", math.inf, math.inf),
        ("CLIPTextEncode", "text", math.inf, math.inf),
        ("KSampler", "model", "5", "5"),
        ("KSampler", "steps", Link("1", 0), Link("1", 0)),
        ("Nowhere", "steps", "20", "20"),
    ],
)
def test_a_value_is_read_as_it_is_meant_and_told(type, name, saved, meant, registry):
    inputs, notices = coerced(registry, type, **{name: saved})
    assert inputs == {name: meant}
    assert inputs[name].__class__ is meant.__class__
    if saved is meant or (saved == meant and saved.__class__ is meant.__class__):
        assert notices == []
    else:
        assert [(notice.where.node, notice.where.input, notice.old, notice.new) for notice in notices] == [
            ("7", name, saved, meant)
        ]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_number_stays_no_number(value, registry):
    inputs, notices = coerced(registry, "KSampler", steps=value, cfg=value, denoise=value)
    assert all(not math.isfinite(number) for number in inputs.values())
    assert notices == []


def test_a_notice_reads_well(registry):
    _, (notice,) = coerced(registry, "KSampler", steps="20")
    assert str(notice) == "node '7' (KSampler, 'Mine'), input 'steps': '20' was read as 20."
    assert notice.as_dict()["text"] == str(notice)


def test_a_file_saved_as_null_is_the_first_that_is_there(registry):
    there = coerced(registry, "CheckpointLoaderSimple", lambda kind: [f"first of {kind}"], ckpt_name=None)
    assert there[0] == {"ckpt_name": "first of checkpoints"}
    for names in (None, lambda kind: []):
        assert coerced(registry, "CheckpointLoaderSimple", names, ckpt_name=None) == ({"ckpt_name": None}, [])


def test_a_graph_without_anything_to_change_is_handed_back(registry):
    graph = Graph()
    graph.add("1", "KSampler", steps=20)
    assert coerce(graph, registry)[0] is graph
    assert replace_nodes(graph, registry)[0] is graph


def spec(id):
    return NodeSpec(id, lambda **_: None)


def test_given_up_nodes_are_replaced_where_that_can_be():
    graph = Graph()
    graph.add("1", "ResizeImagesByLongerEdge", images=Link("0", 0), longer_edge=512)
    graph.add("2", "ConditioningAverage ", conditioning_to_strength=0.5)
    new, notices = replace_nodes(graph, Registry([spec("ImageScaleToMaxDimension")]))
    assert new["1"].type == "ImageScaleToMaxDimension"
    assert new["1"].inputs == {"image": Link("0", 0), "largest_size": 512, "upscale_method": "lanczos"}
    assert new["2"] is graph["2"]
    assert str(notices[0]).endswith("it was replaced by ImageScaleToMaxDimension.")


def test_nodes_that_are_there_are_not_replaced():
    graph = Graph()
    graph.add("1", "ImageBatch", image1=Link("0", 0))
    assert replace_nodes(graph, Registry([spec("ImageBatch"), spec("BatchImagesNode")])) == (graph, [])


def test_values_of_a_choice_that_others_depend_on_are_read_as_well():
    inputs = {"resize_type": "scale dimensions", "resize_type.width": 512.0, "resize_type.height": "256"}
    graph, notices = coerce(Graph({"1": Node("ResizeImageMaskNode", inputs)}), builtin())
    assert graph["1"].inputs == {**inputs, "resize_type.width": 512, "resize_type.height": 256}
    assert [type(graph["1"].inputs[notice.where.input]) for notice in notices] == [int, int]


@pytest.mark.parametrize(("saved", "read"), [("auto", 8), ("10", 10), (10, 10), ("best", "best")])
def test_a_value_of_a_newer_version_of_a_type_is_read_as_what_it_means(saved, read):
    inputs, notices = coerced(builtin(), "CreateVideo", bit_depth=saved)
    assert inputs["bit_depth"] == read
    assert [notice.new for notice in notices] == ([read] if saved != read else [])
