"""What visits add up to: medians and 95th percentiles over all rounds, as a table and as a tree for JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from bench.web.visit import GESTURES, Visit

Tree = dict[str, Any]
COLUMNS = {
    "load": "start",
    "open": "open",
    "pan": "pan at zoom 1",
    "drag": "drag a node",
    "zoom": "zoom",
    "whole": "pan, whole graph",
    "keys": "a key",
    "heap": "heap",
    "process": "process",
    "elements": "DOM nodes",
}


def summary(visits: list[Visit]) -> Tree:
    """The visits to one editor with one graph."""
    plain = ("load", "open", "heap", "process", "elements")
    tree: Tree = {key: statistics.median(getattr(one, key) for one in visits) for key in plain}
    tree["script"] = visits[0].script
    tree["keys"] = _spread(time for one in visits for time in one.keys)
    for name in GESTURES:
        times = [time for one in visits for time in one.frames[name]]
        tree[name] = {"fps": 1000 * len(times) / sum(times), **_spread(times)}
    return tree


def _spread(times: Iterable[float]) -> Tree:
    ordered = sorted(times)
    return {"median": statistics.median(ordered), "p95": ordered[int(len(ordered) * 0.95)]}


def table(results: dict[int, dict[str, Tree]]) -> str:
    """A Markdown table: for each size a line for each editor, and one of how many times better ours is."""
    lines = [["nodes", "", *COLUMNS.values()]]
    for count, ends in results.items():
        lines += [
            [str(count), name, *(_cell(key, tree[key]) for key in COLUMNS)] for name, tree in ends.items()
        ]
        if len(ends) == 2:
            lines.append(["", "ratio", *(f"{_ratio(key, *ends.values()):.1f}" for key in COLUMNS)])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    lines.insert(1, ["-" * width for width in widths])
    rows = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([*(f"| {row} |" for row in rows), "", _scripts(results)])


def _scripts(results: dict[int, dict[str, Tree]]) -> str:
    """How much JavaScript the first load needs."""
    ends = next(iter(results.values()))
    told = ", ".join(f"{name} {tree['script'] / 1000:.0f} kB" for name, tree in ends.items())
    return f"JavaScript of the first load, compressed: {told}"


def _cell(key: str, value: Any) -> str:
    if key in GESTURES:
        return f"{value['fps']:.0f} fps, {value['median']:.0f} / {value['p95']:.0f} ms"
    if key == "keys":
        return f"{value['median']:.0f} / {value['p95']:.0f} ms"
    if key in ("load", "open"):
        return f"{value / 1000:.2f} s"
    return f"{value:.0f}" + ("" if key == "elements" else " MB")


def _ratio(key: str, ours: Tree, theirs: Tree) -> float:
    """How many times better ours is: more frames a second, or less of what is to be little."""
    if key in GESTURES:
        return float(ours[key]["fps"] / theirs[key]["fps"])
    if key == "keys":
        return float(theirs[key]["median"] / ours[key]["median"])
    return float(theirs[key] / ours[key])
