"""Damaged and hostile files: a DocumentError at the most, never a crash and never a hang."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.compat import Document, coerce, find, from_prompt, replace_nodes, report, to_graph, to_prompt
from safelight.core.error import DocumentError, GraphError, Problems

NAMES = (
    "text_to_image.json",
    "switched_off.json",
    "text_to_image_api.json",
    "unknown_nodes.json",
    "subgraph.json",
    "group_node.json",
    "nested.json",
)
WORDS = (
    "nodes",
    "links",
    "inputs",
    "outputs",
    "widgets_values",
    "type",
    "id",
    "link",
    "name",
    "KSampler",
    "Reroute",
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=8,
)


def use(data: bytes, registry) -> None:
    """Everything that can be done with a file."""
    try:
        document = Document.read(data)
    except DocumentError:
        return
    again = Document.parse(document.write())
    assert again.write() == document.write()
    report(document, registry, lambda kind: [])
    named = json.loads(json.dumps(document.by_name(registry), allow_nan=False))
    if document.dialect == "editor":
        assert Document.from_named(named, registry).write() == document.write()
    for node in document.nodes(registry):
        for name in list(node.values):
            node.values[name] = node.values[name]
    assert document.write() == again.write()
    with pytest.raises(GraphError):
        find(document, "no such node \0")
    try:
        graph = to_graph(document, registry).graph
    except (DocumentError, Problems):
        return
    graph, _ = replace_nodes(graph, registry)
    graph, notices = coerce(graph, registry, lambda kind: [])
    assert all(str(notice) for notice in notices)
    assert list(from_prompt(to_prompt(graph))) == list(graph)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(registry, data):
    use(data, registry)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.binary(min_size=4, max_size=4), st.binary(max_size=60)), max_size=4), st.randoms()
)
def test_damaged_pictures_are_survived(registry, picture, chunks, chance):
    known = [
        (chance.choice([b"tEXt", b"zTXt", b"iTXt", kind]), b"workflow\0" + data) for kind, data in chunks
    ]
    data = bytearray(picture(*known))
    for _ in range(3):
        data[chance.randrange(8, len(data))] = chance.randrange(256)
    use(bytes(data[: chance.randrange(8, len(data) + 1)]), registry)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_replaced_by_an_odd_one_is_survived(registry, file, name):
    tree = json.loads(file(name).read_bytes())
    chance, places = random.Random(name), list(paths(tree))
    for odd in (None, [], {}, "", "x", -1, 1e300, True, [[]], {"0": 1}, [None], 2**70):
        for path in chance.sample(places, min(len(places), 6)):
            use(json.dumps(replaced(tree, path, odd)).encode(), registry)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0, 10**6), ODD), min_size=1, max_size=4))
def test_files_with_odd_values_anywhere_are_survived(registry, file, name, changes):
    tree = json.loads(file(name).read_bytes())
    for place, odd in changes:
        places = list(paths(tree))
        if places:
            tree = replaced(tree, places[place % len(places)], odd)
    use(json.dumps(tree).encode("utf-8", "surrogatepass"), registry)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10**6), st.binary(max_size=3))
def test_files_cut_and_patched_anywhere_are_survived(registry, file, name, place, patch):
    data = file(name).read_bytes()
    place %= len(data)
    use(data[:place], registry)
    use(data[:place] + patch + data[place + len(patch) :], registry)


def paths(tree, path=()):
    """The place of every value inside a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from paths(value, (*path, key))


def replaced(tree, path, value):
    """The tree with one value replaced; what lies beside the path is shared."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy
