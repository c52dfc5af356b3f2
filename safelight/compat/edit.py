"""Edit: changes to a saved file that keep it whole."""

from __future__ import annotations

from typing import Any

from safelight.compat.document import Document
from safelight.compat.saved import LinkId, PromptNode, SavedNode, link_id, objects
from safelight.core.error import BadInput
from safelight.core.registry import Registry


def assign(document: Document, registry: Registry, id: str, name: str, value: Any) -> None:
    """Give an input of the node `id` a value, in place of the old one or of a link.

    Raises KeyError if there is no such node, BadInput if its file has no place for such a value.
    """
    node = document.node(id, registry)
    if not isinstance(node, PromptNode) and name not in node.values.names:
        where = node.where
        problem = "the file has no place for a value of this input"
        raise BadInput(name, problem, "Open and save the workflow in the editor first.", where=where)
    node.values[name] = value
    if isinstance(node, SavedNode):
        _unlink(document, node, name)


def _unlink(document: Document, node: SavedNode, name: str) -> None:
    """Take away the wire that ends at an input, at both of its ends and from the list of wires."""
    for entry in objects(node.raw.get("inputs")):
        gone = link_id(entry.get("link"))
        if entry.get("name") == name and gone is not None:
            entry["link"] = None
            links = document.tree.get("links")
            if isinstance(links, list):
                links[:] = [link for link in links if _id(link) != gone]
            for other in document.tree["nodes"]:
                for output in objects(other.get("outputs")):
                    if isinstance(output.get("links"), list):
                        output["links"][:] = [link for link in output["links"] if link_id(link) != gone]


def _id(link: Any) -> LinkId | None:
    if isinstance(link, dict):
        return link_id(link.get("id"))
    return link_id(link[0]) if isinstance(link, list) and link else None
