"""Inputs of older versions of a node type become those of the newest."""

from __future__ import annotations

from safelight import Registry, node
from safelight.compat import replace_nodes
from safelight.core.declaration import rename
from safelight.core.graph import Graph, Link, Node


@node(
    "Blur",
    category="toy",
    version=3,
    migrate={1: rename(width="radius"), 2: lambda old: {**old, "radius": 2 * old["radius"]}},
)
def blur(*, image: str = "", radius: int = 4) -> str:
    """Blur. Version 2 called its width a radius, version 3 counts it in half pixels."""
    return image


REGISTRY = Registry([blur.spec])  # type: ignore[attr-defined]


def renewed(**inputs: object) -> tuple[dict[str, object], list[str]]:
    graph, notices = replace_nodes(Graph({"1": Node("Blur", inputs, "Soft")}), REGISTRY)
    assert graph["1"].title == "Soft"
    return dict(graph["1"].inputs), [str(notice) for notice in notices]


def test_an_older_node_is_brought_up_version_by_version_and_told() -> None:
    inputs, (notice,) = renewed(image=Link("2", 0), width=3)
    assert inputs == {"image": Link("2", 0), "radius": 6}
    assert "older version" in notice


def test_a_node_of_the_newest_version_stays_as_it_is() -> None:
    assert renewed(radius=3) == ({"radius": 3}, [])
