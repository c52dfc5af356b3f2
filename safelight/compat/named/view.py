"""What the nodes of a document are seen as: values by name, wherever anything in the file tells the names."""

from __future__ import annotations

from typing import Any

from safelight.compat.definition import Definition
from safelight.compat.document import Document
from safelight.compat.saved import SavedNode
from safelight.compat.unknown import Unknown
from safelight.compat.value import wrapped
from safelight.core.registry import Registry


class View:
    """The nodes of one document, with the subgraphs that it defines."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.registry = registry
        self.definitions = {id: Definition(raw) for id, raw in document.definitions().items()}
        self.unknown = Unknown(document)
        self.asked: dict[str, Any] = {}
        """What nodes were sent as whose values have their names from there, by the nodes' ids."""

    def put(self, raw: dict[str, Any], values: dict[str, Any], controls: dict[str, Any]) -> bool:
        """Change values of a node that has their names from what it was sent as; False if it is no such node.

        They are noted as what it was sent as, so that they keep their names.
        """
        node = self.of(raw)
        asked = self.unknown.asked(Document.view(raw, self.registry, self.definitions))
        if asked is None or not all(name in node.values.names for name in values):
            return False
        for name, value in values.items():
            node.values[name] = value
            if not isinstance(asked["inputs"].get(name), list):
                asked["inputs"][name] = wrapped(value)
        for name, value in controls.items():
            if name in node.controls.names:
                node.controls[name] = value
        return True

    def of(self, raw: dict[str, Any]) -> SavedNode:
        """A node, by its JSON."""
        node = Document.view(raw, self.registry, self.definitions)
        if node.type in self.definitions and node.spec is None:
            return node
        asked = self.unknown.asked(node)
        if asked is not None:
            known = self.asked.get(node.id, asked)["class_type"] == node.type
            key = node.id if known else f"{node.type}:{node.id}"
            self.asked[key] = {"class_type": node.type, "inputs": asked["inputs"]}
        return self.unknown.view(node)
