"""Rewrite: what an editor changes in values when a person queues a workflow, done for saved editor files.

A text of a widget with dynamic prompts loses its comments, and each `{a|b|c}` becomes one of its choices. In
`filename_prefix`, `%date:yyyy-MM-dd%` becomes the time and `%Node.input%` the value of that input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from random import Random

from safelight.compat.definition import Definition, widget_of
from safelight.compat.document import Document
from safelight.compat.notice import Notice
from safelight.compat.refusal import PREFIX
from safelight.compat.saved import SavedNode
from safelight.core.error import Where
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry
from safelight.core.widget import Text, shown

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n\r]*", re.DOTALL)
_PART = re.compile(r"[{|}]|(?:\\.|[^{|}])+", re.DOTALL)
_ESCAPE = re.compile(r"\\([{}|])")
_TOKEN = re.compile(r"%([^%]+)%")
_CLOCK = re.compile(r"yyyy|yy|MM?|dd?|hh?|mm?|ss?")
_UNFIT = re.compile(r'[/?<>\\:*|"\x00-\x1f\x7f]')
"""Characters that file systems do not take in a name."""


def choose(text: str, random: Random) -> str:
    r"""`text` without comments, with one choice in place of each `{a|b|c}`; `\{`, `\|`, `\}` are plain.

    A block that lacks its end goes on to the end of the text.
    """
    blocks = [[""]]
    for part in _PART.findall(_COMMENT.sub("", text)):
        inside = len(blocks) > 1
        if part == "{":
            blocks.append([""])
        elif part == "|" and inside:
            blocks[-1].append("")
        elif part == "}" and inside:
            _close(blocks, random)
        else:
            blocks[-1][-1] += part
    while len(blocks) > 1:
        _close(blocks, random)
    return _ESCAPE.sub(r"\1", blocks[0][0])


def _close(blocks: list[list[str]], random: Random) -> None:
    """Put a choice of the innermost block into the one around it."""
    options = blocks.pop()
    blocks[-1][-1] += random.choice(options)


def choose_texts(document: Document, registry: Registry, random: Random) -> tuple[Document, list[Notice]]:
    """The document with a choice made in all texts with dynamic prompts, and a notice for each.

    The document that is given stays as it is; an API file has no such texts.
    """
    if document.dialect == "api":
        return document, []
    chosen = document.copy()
    notices = []
    for node, name, text in _dynamic(chosen, registry):
        new = choose(text, random)
        if new != text:
            node.values[name] = new
            where = Where(node=node.id, type=node.type, input=name, title=node.title or None)
            notices.append(Notice(f"the choice made in this text is {new!r}", where, text, new))
    return (chosen if notices else document), notices


def _dynamic(document: Document, registry: Registry) -> Iterator[tuple[SavedNode, str, str]]:
    """The nodes that are switched on, with each text that they hold themselves and that has choices."""
    definitions = {id: Definition(raw) for id, raw in document.definitions().items()}
    for node in chain(document.nodes(registry), document.inner_nodes(registry)):
        if isinstance(node, SavedNode) and node.spec is None and node.type in definitions:
            yield from _shown(node, definitions, registry)
        if not isinstance(node, SavedNode) or node.spec is None or node.muted or node.bypassed:
            continue
        inside = ":" in node.id  # where a wire may come from a border at which nothing is entered
        wired = {socket.name for socket in node.inputs if socket.link is not None and not inside}
        for one in node.spec.inputs:
            if isinstance(one.widget, Text) and one.widget.dynamic_prompts and one.name not in wired:
                text = node.values.get(one.name)
                if isinstance(text, str):
                    yield node, one.name, text


def _shown(
    node: SavedNode, definitions: Mapping[str, Definition], registry: Registry
) -> Iterator[tuple[SavedNode, str, str]]:
    """The texts with choices that an instance of a subgraph holds for nodes inside."""
    wired = {socket.name for socket in node.inputs if socket.link is not None}
    for one in () if node.muted or node.bypassed else definitions[node.type].promoted(node.raw):
        type, input = widget_of(definitions[node.type], one.node, one.input, definitions)
        spec = registry.find(type)
        widget = spec.by_name[input].widget if spec is not None and input in spec.by_name else None
        text = node.values.get(one.name)
        if (
            isinstance(widget, Text)
            and widget.dynamic_prompts
            and one.name not in wired
            and isinstance(text, str)
        ):
            yield node, one.name, text


def expand_prefixes(
    graph: Graph, document: Document, registry: Registry, now: datetime
) -> tuple[Graph, list[Notice]]:
    """The graph with times and values of inputs in its file name prefixes, and a notice for each."""
    nodes: dict[str, Node] = {}
    notices = []
    for id, node in graph.nodes.items() if document.dialect == "editor" else ():
        old = node.inputs.get(PREFIX)
        new = expand(old, now, lambda name: _value(document, registry, name)) if isinstance(old, str) else old
        if new != old:
            nodes[id] = Node(node.type, {**node.inputs, PREFIX: new}, node.title)
            where = Where(node=id, type=node.type, input=PREFIX, title=node.title or None)
            notices.append(Notice(f"{shown(old)} stands for {shown(new)}", where, old, new))
    return (Graph({**graph.nodes, **nodes}) if nodes else graph), notices


def expand(prefix: str, now: datetime, value: Callable[[str], str | None]) -> str:
    """A prefix with `%date:FORMAT%` and `%Node.input%` replaced; what `value` does not know stays."""

    def replaced(token: re.Match[str]) -> str:
        name = token[1]
        if name.startswith("date:"):
            return _CLOCK.sub(lambda part: _clock(part[0], now), name.removeprefix("date:"))
        found = value(name) if name.count(".") == 1 else None
        return token[0] if found is None else _UNFIT.sub("_", found)

    return _TOKEN.sub(replaced, prefix)


def _clock(part: str, now: datetime) -> str:
    if part[0] == "y":
        return f"{now.year:04}"[-len(part) :]
    numbers = {"M": now.month, "d": now.day, "h": now.hour, "m": now.minute, "s": now.second}
    return f"{numbers[part[0]]:0{len(part)}}"


def _value(document: Document, registry: Registry, name: str) -> str | None:
    """The value of `Node.input`: a node is called by its name for this purpose, else by its title."""
    called, _, input = name.partition(".")
    nodes = list(document.nodes(registry))
    named = [node for node in nodes if node.properties.get("Node name for S&R") == called]
    for node in [*named, *(node for node in nodes if node.title == called)]:
        if input in node.values:
            return _said(node.values[input])
    return None


def _said(value: object) -> str:
    """A value as an editor writes it into a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
