"""Ready: a document made into what an engine runs, by every step that stands between the two."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from safelight.compat.coercion import coerce
from safelight.compat.conversion import Provenance, to_graph
from safelight.compat.document import Document
from safelight.compat.library import find_models, hashes_of
from safelight.compat.prompt import to_prompt
from safelight.compat.replacement import replace_nodes
from safelight.compat.rewrite import choose_texts, expand_prefixes
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.registry import Registry


class Ready(NamedTuple):
    """One graph to run, what the pictures that it makes are to carry, and what was read with tolerance."""

    graph: Graph
    prompt: dict[str, Any]
    workflow: dict[str, Any] | None
    titles: dict[str, str]
    provenance: dict[str, Provenance]
    notices: list[object]


def make_ready(
    document: Document,
    registry: Registry,
    folders: Folders,
    *,
    random: Random | None = None,
    now: datetime | None = None,
) -> Ready:
    """Draw the choices in its texts, convert it, read its values, find its models, and name its files.

    `random` draws alike for several runs; `now` is the time in file names. Raises what `to_graph` does.
    """
    drawn, chosen = choose_texts(document, registry, random or Random())
    converted = to_graph(drawn, registry)
    replaced, renewed = replace_nodes(converted.graph, registry)
    coerced, read = coerce(replaced, registry, folders.names)
    stocked, found = find_models(coerced, registry, folders, hashes_of(drawn))
    graph, expanded = expand_prefixes(stocked, drawn, registry, now or datetime.now())
    titles = {id: origin.title for id, origin in converted.provenance.items() if origin.title}
    return Ready(
        graph,
        to_prompt(graph, titles),
        drawn.tree if drawn.dialect == "editor" else None,
        titles,
        converted.provenance,
        [*chosen, *converted.notices, *renewed, *read, *found, *expanded],
    )
