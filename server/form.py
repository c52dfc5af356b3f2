"""Form: what of a workflow a person is likely to change, by name and with its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from safelight.compat import Document
from safelight.core.registry import Registry
from safelight.core.spec import InputSpec
from safelight.core.widget import File, Seed, Text
from server.schema import Means

MAIN = ("steps", "cfg", "denoise", "width", "height")
"""Numbers that are worth a place in a form, wherever they are."""


@dataclass(frozen=True)
class FieldTold:
    """One input to fill in."""

    name: Annotated[str, Means("`NODE.INPUT`, as `set` of a run takes it.")]
    label: str
    kind: Annotated[str, Means("`text`, `seed`, `number` or `file`.")]
    value: Any


@dataclass(frozen=True)
class FormTold:
    """The main inputs of a workflow, and what its note says."""

    name: str
    about: str
    fields: list[FieldTold]


def form_of(name: str, document: Document, registry: Registry) -> FormTold:
    """The form of a document; inputs that a wire feeds are left out."""
    about, found = "", list[FieldTold]()
    for node in document.nodes(registry):
        if node.type in ("MarkdownNote", "Note"):
            about = about or str(next(iter(_list(node.raw.get("widgets_values"))), ""))
            continue
        spec = registry.find(node.type)
        wired = {one["name"] for one in _list(node.raw.get("inputs")) if one.get("link") is not None}
        for one in spec.inputs if spec is not None else ():
            if one.name not in wired and one.name in node.values and (kind := _kind(one)):
                title = node.title or (spec.title if spec else "") or node.type
                label = title if kind in ("text", "file") else one.name.replace("_", " ")
                found.append(FieldTold(f"{node.id}.{one.name}", label, kind, node.values[one.name]))
    order = ("text", "file", "seed", "number")
    return FormTold(name, about, sorted(found, key=lambda field: order.index(field.kind)))


def _list(value: Any) -> Iterator[Any]:
    return iter(value) if isinstance(value, list) else iter(())


def _kind(one: InputSpec) -> str:
    match one.widget:
        case Text(multiline=True):
            return "text"
        case Seed():
            return "seed"
        case File(kind="input"):
            return "file"
    return "number" if one.name in MAIN else ""
