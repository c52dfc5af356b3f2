"""Recipes: graphs with nodes of well-known packs, kept as data, and what becomes of them in a run."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from bench.packs.cause import words

FILE = Path(__file__).with_name("recipe.json")


@cache
def read() -> dict[str, Any]:
    """The graphs by pack, each in the shape of `/prompt`, with the nodes of `shared` besides its own."""
    tree: dict[str, Any] = json.loads(FILE.read_text())
    shared = tree.pop("shared")
    return {pack: [shared | graph for graph in graphs] for pack, graphs in tree.items()}


def tried(engine: Any, graphs: list[dict[str, Any]]) -> dict[str, Any]:
    """Run each graph; what became of each node type that is not built in."""
    found: dict[str, Any] = {}
    for graph in graphs:
        ran, failures = _run(engine, graph)
        for id in ran:
            found[id] = {"cause": "ran", "why": ""}
        for id, why in failures.items():
            found.setdefault(id, {"cause": "error", "why": why})
    return found


def _run(engine: Any, tree: dict[str, Any]) -> tuple[set[str], dict[str, str]]:
    """The types of a pack that ran in a graph, and those that did not, each with why."""
    from safelight.compat import from_prompt

    types = {id: str(node["class_type"]) for id, node in tree.items()}
    strange = {id for id, type in types.items() if not _built_in(engine.registry, type)}
    try:
        graph = from_prompt(tree)
        result = engine.run(graph, _ends(tree, strange), prompt=tree, workflow={"nodes": []})
    except Exception as error:  # noqa: BLE001 - whatever a pack raises
        return set(), {types[id]: words(error) for id in strange}
    done = {id for id in strange if id in result.reports and result.reports[id].state in ("ran", "memory")}
    why = words(result.error) if result.error is not None else "it was not reached"
    return {types[id] for id in done}, {types[id]: why for id in strange - done}


def _built_in(registry: Any, type: str) -> bool:
    spec = registry.find(type)
    return spec is not None and spec.module.startswith("nodes.")


def _ends(tree: dict[str, Any], strange: set[str]) -> list[str]:
    """The nodes to ask for: those that nothing is wired to, and that lead back to one of the pack."""
    used = {
        value[0] for node in tree.values() for value in node["inputs"].values() if isinstance(value, list)
    }
    wired = {id: [v[0] for v in node["inputs"].values() if isinstance(v, list)] for id, node in tree.items()}

    def leads(id: str) -> bool:
        return id in strange or any(leads(one) for one in wired[id])

    return [id for id in tree if id not in used and leads(id)]
