"""Report: what a document lacks on this machine, and where the file itself says that it can be had.

Addresses are told to the person; nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PureWindowsPath
from typing import Any

from safelight.compat.broadcast import SEED, SENDERS
from safelight.compat.coercion import Names
from safelight.compat.document import Document
from safelight.compat.layout import VIRTUAL
from safelight.compat.order import placed
from safelight.compat.replacement import BY_OLD
from safelight.compat.saved import BYPASSED, GROUP_PREFIXES, MUTED, id_text, objects
from safelight.core.registry import Registry

ALIKE = 0.85
"""How much a known type's name has to be like an unknown one to be told: programs spell well."""
CORE = "comfy-core"
"""What files call ComfyUI itself where they name a node's pack."""


@dataclass(slots=True)
class LackingType:
    """A node type that is not known, the nodes that have it, and what the file says of the pack that has it.

    `pack` is the pack's id in the public registry of packs, `repository` is `owner/name`; each may be empty.
    """

    type: str
    remedy: str
    nodes: list[str] = field(default_factory=list)
    problem: str = ""
    pack: str = ""
    repository: str = ""
    waiting: bool = False
    """Whether a pack that is here already has it; the remedy says which."""

    def __str__(self) -> str:
        return f"{_list(self.nodes)}: {self.problem}. {self._remedy()}"

    def _remedy(self) -> str:
        source = self.repository or self.pack
        if self.waiting:
            return self.remedy
        if source == CORE or (not source and placed(self.type) is not None):
            return "It is one of ComfyUI's own, which is not offered here."
        if source:
            return f"The file says that it comes from '{source}': install that pack, or remove the node."
        return self.remedy


@dataclass(slots=True)
class LackingModel:
    """A model file that is not there.

    Its name, its kind (the folder), and where the file says that it can be had.
    """

    name: str
    kind: str
    url: str
    hash: str = ""
    near: tuple[str, ...] = ()
    nodes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        place = f" in models/{self.kind}" if self.kind else ""
        near = " or ".join(f"'{name}'" for name in self.near)
        here = f" There is {near}." if near else ""
        said = f" The file says that it can be had at {self.url}" if self.url else ""
        return f"{_list(self.nodes)}: no file '{self.name}'{place}.{here}{said}"


@dataclass(frozen=True, slots=True)
class Report:
    """What is lacking; empty lists if nothing is."""

    types: list[LackingType]
    models: list[LackingModel]


def report(document: Document, registry: Registry, names: Names | None = None) -> Report:
    """What the nodes that are switched on need and this machine lacks, those inside subgraphs too.

    `names(kind)` lists the files that are there; without it every model that the file names is listed.
    """
    types: dict[str, LackingType] = {}
    models: dict[tuple[str, str], LackingModel] = {}
    for id, type, properties in _nodes(document):
        if not _known(type, registry):
            lack = types.setdefault(
                type, LackingType(type, registry.suggestion(type, ALIKE), problem=registry.problem(type))
            )
            lack.waiting = lack.remedy == registry.elsewhere(type)
            lack.nodes.append(id)
            lack.pack = lack.pack or _text(properties, "cnr_id")
            lack.repository = lack.repository or _text(properties, "aux_id")
        for model in objects(properties.get("models")):
            name, kind = _text(model, "name"), _text(model, "directory")
            if name and not (names is not None and _there(name, names(kind))):
                near = _near(name, names(kind)) if names is not None else ()
                found = LackingModel(name, kind, _text(model, "url"), _text(model, "hash"), near)
                lack_of = models.setdefault((kind, name), found)
                lack_of.nodes += [id] if id not in lack_of.nodes else []
    return Report(list(types.values()), list(models.values()))


def _nodes(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Id, type and properties of each node that is switched on; a definition is read once."""
    if document.dialect == "api":
        yield from ((node.id, node.type, {}) for node in document.nodes())
        return
    inner = _inner(document)
    opened: set[str] = set()
    waiting: list[tuple[str, Any]] = [("", document.tree["nodes"])]
    while waiting:
        prefix, nodes = waiting.pop()
        for node in objects(nodes):
            type = node.get("type")
            if not isinstance(type, str) or type in VIRTUAL or node.get("mode") in (MUTED, BYPASSED):
                continue
            id = f"{prefix}{id_text(node.get('id', node.get('index', '')))}"
            if type in inner:
                waiting += [] if type in opened else [(f"{id}:", inner[type])]
                opened.add(type)
            else:
                properties = node.get("properties")
                yield id, type, properties if isinstance(properties, dict) else {}


def _inner(document: Document) -> dict[str, Any]:
    """The nodes inside each type that the file itself defines: its subgraphs and its group nodes."""
    inner = {id: definition.get("nodes") for id, definition in document.definitions().items()}
    extra = document.tree.get("extra")
    groups = extra.get("groupNodes") if isinstance(extra, dict) else None
    for name, group in groups.items() if isinstance(groups, dict) else ():
        if isinstance(group, dict):
            inner |= {f"{prefix}{name}": group.get("nodes") for prefix in GROUP_PREFIXES}
    return inner


def _known(type: str, registry: Registry) -> bool:
    """Whether a type is here, or needs not be."""
    renewed = type in BY_OLD and BY_OLD[type].new in registry
    return type in registry or renewed or (type in SENDERS and type != SEED)


def _there(name: str, files: Any) -> bool:
    """Whether a file of that name is there, in whichever folder below its kind's."""
    return any(PureWindowsPath(file).name == PureWindowsPath(name).name for file in files)


def _near(name: str, files: Iterable[str]) -> tuple[str, ...]:
    """The files whose names come close, folders aside; the closest first."""
    by_name = {PureWindowsPath(file).name.casefold(): file for file in files}
    close = get_close_matches(PureWindowsPath(name).name.casefold(), by_name, n=2, cutoff=0.75)
    return tuple(by_name[one] for one in close)


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _list(nodes: list[str]) -> str:
    word = "node" if len(nodes) == 1 else "nodes"
    named = ", ".join(f"'{node}'" for node in nodes[:6])
    return f"{word} {named}" + (f" and {len(nodes) - 6} more" if len(nodes) > 6 else "")
