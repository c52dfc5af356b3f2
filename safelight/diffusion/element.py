"""Elements: rectangles of a picture with what is to be seen there, as prompts of layouts describe it.

A box has x, y, width and height in pixels, and in its `metadata` a `type` (`obj` or `text`), a `desc`, a
`text` and a `palette`. An element says the same with a `bbox` [top, left, bottom, right] in thousandths.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from safelight.diffusion.failure import UnsupportedError

GRID = 1000
COLOURS = 5
"""How many colours of a palette an element tells."""
SIDES = ("x", "y", "width", "height")
REMEDY = "Give boxes with x, y, width and height, elements with a bbox, or JSON of either."

Box = dict[str, Any]


def boxes_of(value: Any, width: int, height: int) -> list[Box]:
    """The boxes that an input means: one or several, elements, a list for each picture, or JSON of them.

    Of lists for several pictures the first counts. Elements need the size of the picture.
    """
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise UnsupportedError(f"{str(value)[:60]!r} is no list of boxes", REMEDY)
    if value and isinstance(value[0], (list, tuple)):
        value = value[0]
    return [_box(one, width, height) for one in value]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else []
    except ValueError as error:
        raise UnsupportedError(f"the text is no JSON ({error})", REMEDY) from error


def _box(one: Any, width: int, height: int) -> Box:
    if not isinstance(one, dict):
        raise UnsupportedError(f"{str(one)[:60]!r} is no box", REMEDY)
    if "bbox" in one:
        return _of_element(one, width, height)
    numbers = [_number(one.get(side), one) for side in SIDES]
    kept = {"metadata": one["metadata"]} if isinstance(one.get("metadata"), dict) else {}
    return dict(zip(SIDES, numbers, strict=True)) | kept


def _number(value: Any, one: Box) -> int | float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise UnsupportedError(f"{str(one)[:60]} is no box", REMEDY)
    return value


def _of_element(one: Box, width: int, height: int) -> Box:
    if width <= 0 or height <= 0:
        problem = "an element says its place in thousandths of a picture whose size is not given"
        raise UnsupportedError(problem, "Set the width and the height of the canvas.")
    edges = one["bbox"]
    if not isinstance(edges, (list, tuple)) or len(edges) != 4:
        raise UnsupportedError(f"{str(one)[:60]} has no bbox of four numbers", REMEDY)
    top, left, bottom, right = (_number(edge, one) / GRID for edge in edges)
    text = one.get("type") == "text"
    metadata = {
        "type": "text" if text else "obj",
        "text": one.get("text", "") if text else "",
        "desc": one.get("desc", ""),
        "palette": one.get("color_palette") or [],
    }
    return {
        "x": round(min(left, right) * width),
        "y": round(min(top, bottom) * height),
        "width": round(abs(right - left) * width),
        "height": round(abs(bottom - top) * height),
        "metadata": metadata,
    }


def about(box: Box) -> Box:
    """What a box says beside its place: only what is of the right kind."""
    told = box.get("metadata")
    told = told if isinstance(told, dict) else {}
    words = {key: told[key] if isinstance(told.get(key), str) else "" for key in ("text", "desc", "name")}
    palette = told.get("palette")
    colours = [one for one in palette if isinstance(one, str) and one] if isinstance(palette, list) else []
    return {**words, "type": "text" if told.get("type") == "text" else "obj", "palette": colours}


def elements(boxes: Sequence[Box], width: int, height: int) -> list[Box]:
    """Boxes as the elements of a prompt."""
    return [_element(box, width, height) for box in boxes]


def _element(box: Box, width: int, height: int) -> Box:
    told = about(box)
    x, y = sorted((_step(box["x"], width), _step(box["x"] + box["width"], width)))
    top, bottom = sorted((_step(box["y"], height), _step(box["y"] + box["height"], height)))
    made = {"type": told["type"], "bbox": [top, x, bottom, y]}
    made |= {"text": told["text"]} if told["type"] == "text" else {}
    made |= {"desc": told["desc"]}
    colours = [colour.upper() for colour in told["palette"][:COLOURS]]
    return made | ({"color_palette": colours} if colours else {})


def _step(place: float, side: int) -> int:
    return max(0, min(GRID, round(place / side * GRID)))


def whole(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes in whole pixels, as nodes that take boxes have them: a list for the one picture there is."""
    found = []
    for box in boxes:
        x, width = _upright(box["x"], box["width"])
        y, height = _upright(box["y"], box["height"])
        found.append({"x": round(x), "y": round(y), "width": round(width), "height": round(height)})
    return [found] if found else []


def _upright(start: float, length: float) -> tuple[float, float]:
    return (start + length, -length) if length < 0 else (start, length)
