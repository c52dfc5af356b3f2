"""Graph: nodes by id, with literals and links."""

from __future__ import annotations

import json
from typing import Any

import networkx
import pytest

from safelight import Graph, Link
from safelight.core.error import GraphError
from safelight.core.graph import Node


def diamond() -> Graph:
    graph = Graph()
    top = graph.add("top", "Count", to=3)
    left = graph.add("left", "Double", value=top)
    right = graph.add("right", "Double", value=top)
    graph.add("sum", "Add", "A title", a=left, b=Link(right.node, 1))
    graph.add("apart", "Count", to=1)
    return graph


def test_adding_a_node_gives_the_link_to_its_first_output() -> None:
    assert Graph().add("a", "Count") == Link("a", 0)


def test_a_graph_is_read_like_a_dictionary() -> None:
    graph = diamond()
    assert len(graph) == 5
    assert list(graph) == ["top", "left", "right", "sum", "apart"]
    assert "top" in graph
    assert "bottom" not in graph
    assert graph["sum"].title == "A title"


def test_links_are_told_from_literals() -> None:
    assert dict(diamond()["sum"].links) == {"a": Link("left", 0), "b": Link("right", 1)}
    assert dict(Node("Add", {"a": ["left", 0]}).links) == {}


def test_titles_do_not_matter_to_equality() -> None:
    assert Node("Add", {"a": 1}, "One") == Node("Add", {"a": 1}, "Other")
    assert Node("Add", {"a": 1}) != Node("Add", {"a": 2})
    assert diamond() == diamond()


def test_a_changed_copy_leaves_the_graph_as_it_was() -> None:
    graph = diamond()
    changed = graph.with_inputs({("top", "to"): 9})
    assert changed["top"].inputs == {"to": 9}
    assert changed["left"] is graph["left"]
    assert graph == diamond()


def test_the_network_has_an_edge_for_each_link() -> None:
    network = diamond().network()
    assert networkx.ancestors(network, "sum") == {"top", "left", "right"}
    assert set(network.nodes) == set(diamond())


def test_links_to_nowhere_are_left_out_of_the_network() -> None:
    graph = Graph()
    graph.add("a", "Double", value=Link("gone"))
    assert not graph.network().edges
    assert graph.ancestors(["a"]) == {"a"}


def test_ancestors_are_found_through_circles_and_any_depth() -> None:
    graph = Graph({str(n): Node("Add", {"a": Link(str(n - 1))}) for n in range(1, 5000)})
    graph.add("0", "Add", a=Link("4999"))
    assert len(graph.ancestors(["7"])) == 5000
    assert diamond().ancestors(["left", "nowhere"]) == {"left", "top"}


def test_a_graph_over_a_dictionary_sees_what_is_added_later() -> None:
    nodes: dict[str, Node] = {}
    graph = Graph.over(nodes)
    nodes["late"] = Node("Count")
    assert "late" in graph


def test_a_graph_is_the_same_after_a_trip_through_json() -> None:
    graph = Graph()
    source = graph.add("1", "Source", title="here", seed=2**64 - 1, names=["a", 0], nothing=None)
    graph.add("2", "Sink", value=source, other=Link("1", 3))
    again = Graph.from_tree(json.loads(json.dumps(graph.as_tree())))
    assert again == graph
    assert again["1"].title == "here"


@pytest.mark.parametrize("tree", [[], {"1": {}}, {"1": {"type": "A", "inputs": {"a": []}}}, {"1": 3}])
def test_a_stored_graph_that_is_none_is_refused(tree: Any) -> None:
    with pytest.raises(GraphError, match="cannot be read"):
        Graph.from_tree(tree)
