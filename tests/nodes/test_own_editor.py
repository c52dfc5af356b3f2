"""Nodes with an editor of their own: layers, boxes, a canvas, a camera. What each makes of its values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from nodes.image.add_layer import add_layer
from nodes.image.compositor import compose
from nodes.image.layers_from_boxes import layers_from_boxes
from nodes.image.painter import paint
from nodes.image.webcam import webcam
from nodes.utilities.create_boxes import create_boxes
from safelight import BadInput, Context, Registry
from safelight.compat import Document, to_graph

RED, BLUE = (torch.tensor(colour).repeat(1, 4, 4, 1) for colour in ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
ELEMENT = {
    "type": "text",
    "bbox": [0, 500, 250, 1000],
    "text": "Hi",
    "desc": "a sign",
    "color_palette": ["#ff0000"],
}
BOX = {"x": 32, "y": 0, "width": 32, "height": 16}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context.plain(tmp_path)


def test_layers_are_stacked_composed_and_shown(ctx: Context) -> None:
    below = add_layer(image=RED, width=8, height=4)
    stack = add_layer(
        image=BLUE, layers=below, x=6, opacity=0.5, blend_mode="screen", name="glow", flip_h=True
    )
    assert [set(one) - {"image", "x", "y", "z_index", "type"} for one in stack["layers"]] == [
        {"w", "h"},
        {"opacity", "blend_mode", "name", "flip_h"},
    ]
    made = compose(ctx, layers=stack)
    assert made.image.shape == (1, 4, 10, 4)
    assert made.image[0, 0, 0].tolist() == [1, 0, 0, 1]
    assert made.image[0, 0, 7, 2] > 0.6
    assert made.mask[0, 0].tolist() == [0] * 8 + [1] * 2, "screen changes only what is there"
    assert len(ctx.shown["compositor_layers"]) == len(ctx.shown["compositor_inputs"]) == 2
    assert ctx.shown["compositor_bboxes"][1]["name"] == "glow"
    assert (ctx.shown["compositor_canvas"], len(ctx.shown["images"])) == ([10, 4], 1)


def test_layers_lie_as_they_were_laid_on_the_node_until_they_change(ctx: Context, tmp_path: Path) -> None:
    stack = add_layer(image=RED)
    compose(ctx, layers=stack)
    entry = {"transform": {"x": 4, "y": 0, "w": 4, "h": 4, "rotation": 0}}
    laid = {"canvas": {"w": 8, "h": 4}, "layers": [entry], "inputs": ctx.shown["compositor_inputs"]}
    made = compose(ctx, layers=stack, compositor=laid)
    assert made.mask[0, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert ctx.warned == []
    other = Context.plain(tmp_path)
    assert compose(other, layers=add_layer(image=BLUE), compositor=laid).image.shape == (1, 4, 4, 3)
    assert "made for other layers" in other.warned[0]


def test_pictures_of_a_batch_become_layers_in_their_boxes() -> None:
    rect = {
        "x": 0,
        "y": 0,
        "width": 4,
        "height": 4,
        "metadata": {"content_rect": [1, 2, 2, 1], "desc": "eye"},
    }
    mask = torch.zeros(1, 4, 4)
    first, second, third = layers_from_boxes(
        image=torch.cat([RED, BLUE, RED]),
        bboxes=[rect, {"x": 5, "y": 6, "width": 8, "height": 2}],
        mask=mask,
        layers=add_layer(image=RED),
        canvas_width=16,
        canvas_height=8,
    )["layers"][1:]
    assert (first["image"].shape, first["mask"].shape) == ((1, 1, 2, 3), (1, 1, 2))
    assert (first["x"], first["y"], first["name"], first["z_index"]) == (1, 2, "eye", 1)
    assert {key: second[key] for key in ("x", "y", "w", "h")} == {"x": 5, "y": 6, "w": 8, "h": 2}
    assert {key for key in third if key in ("w", "h", "name")} == set()


@pytest.mark.parametrize("value", [ELEMENT, [ELEMENT], json.dumps([ELEMENT])])
def test_elements_of_a_prompt_are_boxes_too(value: Any) -> None:
    stack = layers_from_boxes(image=RED, bboxes=value, canvas_width=64, canvas_height=64)
    assert {key: stack["layers"][0][key] for key in ("x", "y", "w", "h")} == {
        "x": 32,
        "y": 0,
        "w": 32,
        "h": 16,
    }
    with pytest.raises(BadInput, match="size is not given"):
        layers_from_boxes(image=RED, bboxes=value)


@pytest.mark.parametrize("value", ["{", 3, [3], [{"x": 1}], [{"bbox": [1, 2]}], [{**BOX, "x": float("nan")}]])
def test_what_is_no_box_is_refused(value: Any, ctx: Context) -> None:
    with pytest.raises(BadInput) as caught:
        layers_from_boxes(image=RED, bboxes=value, canvas_width=9, canvas_height=9)
    assert caught.value.where.input == "bboxes"


def test_drawn_boxes_come_out_in_pixels_and_as_elements(ctx: Context) -> None:
    words = {"type": "text", "text": "Hi", "desc": "a sign", "palette": ["#ff0000"]}
    backwards = {"x": 64, "y": 16, "width": -32, "height": -16}
    made = create_boxes(ctx, width=64, height=64, editor_state=[{**BOX, "metadata": words}, backwards])
    assert made.bboxes == [[BOX, BOX]]
    assert made.elements[0] == {**ELEMENT, "color_palette": ["#FF0000"]}
    assert made.elements[1] == {"type": "obj", "bbox": [0, 500, 250, 1000], "desc": ""}
    assert made.preview.shape == (1, 64, 64, 3)
    assert made.preview[0, 0, 40].tolist() == [1, 0, 0] or made.preview[0, 15, 40].sum() > 0.5
    empty = create_boxes(ctx, width=64, height=96, background=RED)
    assert (empty.bboxes, empty.elements) == ([], [])
    assert empty.preview.shape == (1, 4, 4, 3)


def test_boxes_that_come_by_wire_count_until_they_were_drawn_on(ctx: Context) -> None:
    drawn = [{"x": 0, "y": 0, "width": 8, "height": 8}]
    fresh = create_boxes(ctx, width=64, height=64, editor_state=drawn, bboxes=[[BOX]])
    assert fresh.bboxes == [[BOX]]
    kept = create_boxes(ctx, width=64, height=64, editor_state=drawn, bboxes=[[BOX]], last_incoming=[BOX])
    assert kept.bboxes == [drawn]
    assert ctx.shown["input_bboxes"] == [BOX, BOX]


def test_what_was_painted_lies_over_the_canvas_or_the_picture(ctx: Context, tmp_path: Path) -> None:
    plain = paint(ctx, width=64, height=128, bg_color="#0000ff")
    assert plain.image.shape == (1, 128, 64, 3)
    assert (plain.image[0, 0, 0].tolist(), plain.mask.max()) == ([0, 0, 1], 0)
    folder = ctx.folders.root("input")
    folder.mkdir(parents=True, exist_ok=True)
    stroke = Image.new("RGBA", (4, 4))
    stroke.paste((255, 255, 255, 255), (0, 0, 2, 4))
    stroke.save(folder / "stroke.png")
    made = paint(ctx, mask="stroke.png [input]", image=torch.cat([RED, BLUE]))
    assert made.image[0, 0].tolist() == [[1, 1, 1], [1, 1, 1], [1, 0, 0], [1, 0, 0]]
    assert made.mask[0, 0].tolist() == [1, 1, 0, 0]
    for values, name in (({"mask": "gone.png"}, None), ({"bg_color": "blue"}, "bg_color")):
        with pytest.raises(BadInput) as caught:
            paint(ctx, **values)
        assert name is None or caught.value.where.input == name


def test_a_camera_gives_the_picture_that_was_taken(ctx: Context) -> None:
    with pytest.raises(BadInput, match="no picture was taken"):
        webcam(ctx, image="")
    folder = ctx.folders.root("temp") / "webcam"
    folder.mkdir(parents=True)
    Image.new("RGB", (6, 3), (255, 0, 0)).save(folder / "1.png")
    assert webcam(ctx, image="webcam/1.png [temp]").shape == (1, 3, 6, 3)


SAVED: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "Painter": (
        ["painter-3.png [input]", 1024, 768, "#102030"],
        {"mask": "painter-3.png [input]", "width": 1024, "height": 768, "bg_color": "#102030"},
    ),
    "CreateBoundingBoxes": (
        [896, 1152, [BOX], []],
        {"width": 896, "height": 1152, "editor_state": [BOX], "last_incoming": []},
    ),
    "ImageCompositor": ([{}], {"compositor": {}}),
    "WebcamCapture": (
        ["webcam/1.png [temp]", 0, 0, True],
        {"image": "webcam/1.png [temp]", "width": 0, "height": 0, "capture_on_queue": True},
    ),
}
"""How ComfyUI lists the values of these nodes."""


@pytest.mark.parametrize("type", SAVED)
def test_saved_values_are_read_by_name_and_kept(type: str) -> None:
    values, named = SAVED[type]
    registry = Registry([one.spec for one in (paint, create_boxes, compose, webcam)])  # type: ignore[attr-defined]
    tree = {"nodes": [{"id": 1, "type": type, "widgets_values": values}], "links": [], "version": 0.4}
    file = Document.parse(json.dumps(tree))
    assert to_graph(file, registry).graph["1"].inputs == named
    assert Document.from_named(file.by_name(registry), registry).write() == file.write()
