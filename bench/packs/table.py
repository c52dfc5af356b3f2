"""Table: what was found out about packs, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.packs.cause import CAUSES


def outcomes(packs: Mapping[str, Any]) -> str:
    """A row for each pack, the sums, and the packs that do not load."""
    head = ["pack", "nodes", "registered", "choices", *CAUSES]
    rows = [[name, *_counts(one["nodes"].values())] for name, one in sorted(packs.items())]
    total = [sum(row[place] for row in rows) for place in range(1, len(head))]
    lines = [markdown(head, [*rows, ["all", *total]])]
    if total and total[0]:
        shares = zip(head[2:5], total[1:4], strict=True)
        lines.append(", ".join(f"{word} {count / total[0]:.1%}" for word, count in shares))
    lines += [_trouble(name, one) for name, one in packs.items() if one["state"] != "loaded"]
    return "\n".join(lines)


def _counts(nodes: Iterable[Mapping[str, Any]]) -> list[int]:
    nodes = list(nodes)
    count = Counter(one["cause"] for one in nodes if one["registered"])
    known = (sum(one["registered"] for one in nodes), sum(one["choices"] for one in nodes))
    return [len(nodes), *known, *(count[cause] for cause in CAUSES)]


def _trouble(name: str, one: Mapping[str, Any]) -> str:
    last = (one["problem"].strip().splitlines() or [""])[-1]
    return f"{name}: {one['state']}: {last}"


def graphs(packs: Mapping[str, Any]) -> str:
    """A row for each pack whose nodes were run in graphs."""
    rows = []
    for name, one in packs.items():
        ran = [f"`{id}`" for id, node in one["nodes"].items() if node["cause"] == "ran"]
        failed = [f"`{id}`: {node['why']}" for id, node in one["nodes"].items() if node["cause"] != "ran"]
        rows.append([name, one["offered"], len(ran), ", ".join(ran), "; ".join(failed) or "-"])
    return markdown(["pack", "nodes offered", "in graphs", "which", "what failed"], rows)


def markdown(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    cells = ((str(one).replace("|", "\\|") for one in row) for row in rows)
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in cells)])
