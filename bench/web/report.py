"""What visits add up to: medians and 95th percentiles over all rounds, as a table and as a tree for JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from bench.web.visit import GESTURES, Visit

Visits = dict[tuple[str, int], list[Visit]]
Tree = dict[str, Any]
ROWS = {
    "load": ("load the editor", "ms"),
    "open": ("open the graph", "ms"),
    "pan": ("pan at zoom 1", "frame"),
    "drag": ("drag a node", "frame"),
    "zoom": ("zoom 1 to 0.12", "frame"),
    "whole": ("pan, whole graph", "frame"),
    "keys": ("a key to its letter", "key"),
    "heap": ("JavaScript heap", "MB"),
    "process": ("page's process", "MB"),
    "elements": ("DOM nodes", ""),
}


def summary(visits: list[Visit]) -> Tree:
    """The visits to one editor with one graph."""
    tree: Tree = {
        "load": statistics.median(one.load for one in visits),
        "open": statistics.median(one.open for one in visits),
        "heap": statistics.median(one.heap for one in visits),
        "process": statistics.median(one.process for one in visits),
        "elements": statistics.median(one.elements for one in visits),
        "script": visits[0].script,
        "keys": _spread(time for one in visits for time in one.keys),
    }
    for name in GESTURES:
        times = [time for one in visits for time in one.frames[name]]
        tree[name] = {"fps": 1000 * len(times) / sum(times), **_spread(times)}
    return tree


def _spread(times: Iterable[float]) -> Tree:
    ordered = sorted(times)
    return {"median": statistics.median(ordered), "p95": ordered[int(len(ordered) * 0.95)]}


def table(results: dict[int, dict[str, Tree]]) -> str:
    """A block for each size: a line for each measure, a column for each editor, and how many times better."""
    names = list(next(iter(results.values())))
    lines = [_line("nodes", "measure", [*names, "ratio"] if len(names) == 2 else names)]
    for count, ends in results.items():
        for key, (label, unit) in ROWS.items():
            values = [_cell(end[key], unit) for end in ends.values()]
            ratio = [f"{_ratio(key, *ends.values()):.2f}"] if len(ends) == 2 else []
            lines.append(_line(str(count), label, [*values, *ratio]))
    lines += [
        f"JavaScript of the first load, compressed: {name} {tree['script'] / 1000:.0f} kB"
        for name, tree in next(iter(results.values())).items()
    ]
    return "\n".join(lines)


def _line(count: str, label: str, values: list[str]) -> str:
    return f"{count:>5}  {label:<20}" + "".join(f"{one:>30}" for one in values)


def _cell(value: Any, unit: str) -> str:
    if unit == "frame":
        return f"{value['fps']:.0f} fps, {value['median']:.1f} / {value['p95']:.1f} ms"
    if unit == "key":
        return f"{value['median']:.0f} / {value['p95']:.0f} ms"
    return f"{value:.0f} {unit}".strip()


def _ratio(key: str, ours: Tree, theirs: Tree) -> float:
    """How many times theirs ours is; more than 1 is better, in frames a second too."""
    if key in GESTURES:
        return float(ours[key]["fps"] / theirs[key]["fps"])
    if key == "keys":
        return float(theirs[key]["median"] / ours[key]["median"])
    return float(theirs[key] / ours[key])
