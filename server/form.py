"""Form: what of a workflow a person is likely to change, by name and with its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from safelight.compat import Document
from safelight.core.registry import Registry
from safelight.core.spec import InputSpec
from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle
from server.schema import Means

MAIN = ("steps", "cfg", "denoise", "width", "height")
"""Numbers that are worth a place in a form, wherever they are."""


@dataclass(frozen=True)
class FieldTold:
    """One input to fill in."""

    name: Annotated[str, Means("`NODE.INPUT`, as `set` of a run takes it.")]
    label: str
    kind: Annotated[str, Means("`text`, `seed`, `number`, `file`, `choice` or `toggle`.")]
    value: Any
    more: Annotated[bool, Means("Whether few people need it.")] = False
    phrases: Annotated[list[str], Means("Words that go at the end of a text: styles.")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class FormTold:
    """The main inputs of a workflow, and what its note says."""

    name: str
    about: str
    fields: list[FieldTold]


def form_of(name: str, document: Document, registry: Registry) -> FormTold:
    """The form of a document: its own, else what is likely to be changed; what a wire feeds is left out."""
    own = _own(document)
    if own is not None:
        return FormTold(name, str(own.get("about") or ""), list(_asked(own, document, registry)))
    about, found = "", list[FieldTold]()
    for node in document.nodes(registry):
        if node.type in ("MarkdownNote", "Note"):
            about = about or str(next(iter(_list(node.raw.get("widgets_values"))), ""))
            continue
        spec = registry.find(node.type)
        wired = _wired(node)
        for one in spec.inputs if spec is not None else ():
            if one.name not in wired and one.name in node.values and (kind := _kind(one)):
                title = node.title or (spec.title if spec else "") or node.type
                label = title if kind in ("text", "file") else one.name.replace("_", " ")
                found.append(FieldTold(f"{node.id}.{one.name}", label, kind, node.values[one.name]))
    order = ("text", "file", "seed", "number")
    return FormTold(name, about, sorted(found, key=lambda one: order.index(one.kind)))


def _own(document: Document) -> dict[str, Any] | None:
    """The form that a file holds at `extra.safelight.form`."""
    place: Any = document.tree
    for key in ("extra", "safelight", "form"):
        place = place.get(key) if isinstance(place, dict) else None
    return place if isinstance(place, dict) and isinstance(place.get("fields"), list) else None


def _asked(form: dict[str, Any], document: Document, registry: Registry) -> Iterator[FieldTold]:
    """The fields of a form whose nodes and inputs are there."""
    nodes = {node.id: node for node in document.nodes(registry)}
    for told in form["fields"]:
        node = nodes.get(str(told.get("node"))) if isinstance(told, dict) else None
        spec = registry.find(node.type) if node is not None else None
        name = told.get("input") if isinstance(told, dict) else None
        one = next((one for one in spec.inputs if one.name == name), None) if spec is not None else None
        if node is None or one is None or one.name in _wired(node) or one.name not in node.values:
            continue
        label = str(told.get("label") or one.name.replace("_", " "))
        phrases = [str(phrase) for phrase in _list(told.get("phrases"))]
        more = told.get("more") is True
        value = node.values[one.name]
        yield FieldTold(f"{node.id}.{one.name}", label, _any_kind(one), value, more, phrases)


def _wired(node: Any) -> set[str]:
    """The inputs of a node that wires feed."""
    return {one["name"] for one in _list(node.raw.get("inputs")) if one.get("link") is not None}


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


def _any_kind(one: InputSpec) -> str:
    """The kind of a field that a person put into the form: any input may be there."""
    match one.widget:
        case Choice() | File():
            return _kind(one) or "choice"
        case Toggle():
            return "toggle"
        case Number():
            return _kind(one) or "number"
    return _kind(one) or "text"
