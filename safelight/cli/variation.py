"""Variation: a workflow with some of its inputs given other values, ready to run."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from safelight.compat import Document, assign, make_ready, parse_value, target
from safelight.core.error import BadInput, GraphError
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.registry import Registry


class Change(NamedTuple):
    """One input with its new value; `name` is how the person called it."""

    node: str
    input: str
    value: Any
    name: str


class Axis(NamedTuple):
    """The values that one `--sweep` asks for."""

    changes: tuple[Change, ...]


@dataclass
class Variation:
    """One graph to run, and what the pictures that it makes are to carry."""

    changes: tuple[Change, ...]
    graph: Graph
    prompt: dict[str, Any]
    workflow: dict[str, Any] | None
    titles: dict[str, str]
    notices: list[object] = field(default_factory=list)

    @property
    def label(self) -> str:
        """`cfg = 4, seed = 1`."""
        return ", ".join(f"{change.input} = {change.value}" for change in self.changes)


def read_change(document: Document, registry: Registry, text: str, option: str = "--set") -> Change:
    """What `NODE.INPUT=VALUE` means. Raises GraphError or BadInput."""
    name, value = _split(text, option)
    id, one = target(document, registry, name)
    try:
        return Change(id, one.name, parse_value(one, value), name)
    except BadInput as error:
        raise _placed(error, document, id) from None


def read_axis(document: Document, registry: Registry, text: str) -> Axis:
    """What `NODE.INPUT=A,B,C` means; a value with a comma stands in double quotes."""
    name, values = _split(text, "--sweep")
    wanted = next(csv.reader([values], skipinitialspace=True), [])
    if not wanted:
        raise GraphError(f"--sweep '{text}' names no values", remedy="Write them with commas between: 1,2,3.")
    return Axis(tuple(read_change(document, registry, f"{name}={value}", "--sweep") for value in wanted))


def variations(
    document: Document, registry: Registry, folders: Folders, changes: Sequence[Change], axes: Sequence[Axis]
) -> Iterator[Variation]:
    """The workflow with `changes`, once for every combination of the axes.

    Choices in texts are drawn alike for all, so that only what is swept makes a difference.
    """
    now, seed = datetime.now(), Random().getrandbits(64)
    for chosen in itertools.product(*(axis.changes for axis in axes)):
        wanted = (*changes, *chosen)
        changed = document.copy() if wanted else document
        for change in wanted:
            assign(changed, registry, change.node, change.input, change.value)
        ready = make_ready(changed, registry, folders, random=Random(seed), now=now)
        yield Variation(chosen, ready.graph, ready.prompt, ready.workflow, ready.titles, ready.notices)


def _split(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or "." not in name:
        raise GraphError(
            f"{option} '{text}' is not understood",
            remedy=f"Write {option} NODE.INPUT=VALUE, as in {option} KSampler.steps=30.",
        )
    return name.strip(), value


def _placed(error: BadInput, document: Document, id: str) -> BadInput:
    node = document.node(id)
    error.at(node=id, type=node.type, title=node.title or None)
    return error
