"""Document: the saved file, whole.

What this program does not know is kept, and what was not changed is saved as it was.

A file is in one of two dialects: `editor` (positions, notes, values by position) or `api` (`{id: {class_type,
inputs}}`). A picture, a film, a sound or a model can carry one or both; the editor's is preferred.
"""

from __future__ import annotations

import copy
import io
import json
import os
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

from safelight.compat import media, notation, parameters
from safelight.compat.definition import Definition
from safelight.compat.layout import Slot
from safelight.compat.notation import Notation
from safelight.compat.patch import patched
from safelight.compat.saved import PromptNode, SavedNode, id_text, is_id
from safelight.core.error import DocumentError
from safelight.core.registry import Registry

Dialect: TypeAlias = Literal["editor", "api"]

MOST_INNER = 100_000
"""How many nodes inside subgraphs are looked at."""
REMEDY = "Save it in the editor, or export it there in the API format."


class Document:
    """A saved workflow. `tree` is its JSON, free to be changed; `write` gives the text to save.

    `sent` is what an editor's workflow was sent as, where a picture carries that beside it; else it is empty.
    `hashes` are those of model files that were noted beside the workflow, by name.
    """

    def __init__(
        self,
        tree: Any,
        layout: Notation | None = None,
        sent: Mapping[str, Any] | None = None,
        text: str | None = None,
    ) -> None:
        """Take over a JSON tree, and the text it was read from; DocumentError if it is no workflow."""
        self.dialect: Dialect = _dialect(tree)
        self.tree: dict[str, Any] = tree
        self.layout = layout or Notation()
        self.text = text
        self.sent: Mapping[str, Any] = sent or {}
        self.hashes: Mapping[str, str] = {}

    def copy(self) -> Document:
        """A document of its own with the same content."""
        own = Document(copy.deepcopy(self.tree), self.layout, self.sent, self.text)
        own.hashes = self.hashes
        return own

    @classmethod
    def read(cls, source: bytes | str | os.PathLike[str]) -> Document:
        """Read a file by its path, or its bytes: JSON in either dialect, or a media file that carries one.

        Raises DocumentError, which names the file, if it cannot be read or is no workflow.
        """
        if isinstance(source, bytes):
            return cls._load(io.BytesIO(source))
        path = Path(source)
        try:
            with path.open("rb") as stream:
                return cls._load(stream)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise DocumentError(f"'{path}' cannot be read: {reason}", remedy="Check the name.") from error
        except DocumentError as error:
            error.problem = f"'{path}' is not a workflow that can be read: {error.problem}"
            raise

    @classmethod
    def parse(cls, text: bytes | str) -> Document:
        """Read JSON in either dialect."""
        tree = notation.parse(text)
        plain = notation.text_of(text)
        return cls(tree, Notation.of(plain), text=plain)

    @classmethod
    def _load(cls, stream: BinaryIO) -> Document:
        texts = media.read(stream)
        if texts is not None:
            return cls._from_texts(texts)
        stream.seek(0)
        return cls.parse(stream.read(notation.LARGEST + 1))

    @classmethod
    def _from_texts(cls, texts: dict[str, str]) -> Document:
        """The `workflow` that a file carries if it can be read, else its `prompt`, else what it tells."""
        damage: DocumentError | None = None
        for key in ("workflow", "prompt"):
            if key in texts:
                try:
                    document = cls.parse(texts[key])
                    document.sent = _prompt(texts) if key == "workflow" else {}
                    return document
                except DocumentError as error:
                    damage = damage or DocumentError(f"the {key} in it: {error.problem}", remedy=error.remedy)
        for key in ("comment", "description"):
            inner = _inner_texts(texts.get(key, ""))
            if inner:
                return cls._from_texts(inner)
        for text in texts.values():
            if parameters.is_parameters(text):
                document = cls(parameters.to_tree(text))
                document.hashes = parameters.hashes(text)
                return document
        if damage:
            raise damage
        raise DocumentError("it carries no workflow", remedy="Choose one as its program saved it.")

    def write(self) -> str:
        """The JSON text to save: the text that was read, in which only what was changed is written anew."""
        if self.text is not None:
            if notation.says(self.text, self.tree):
                return self.text
            changed = patched(self.text, self.tree, self.layout)
            if changed is not None:
                return changed
        return self.layout.write(self.tree)

    def nodes(self, registry: Registry | None = None) -> Iterator[SavedNode | PromptNode]:
        """The nodes on the canvas; with a registry, values have names."""
        if self.dialect == "api":
            return (PromptNode(id, raw, registry) for id, raw in self.tree.items())
        definitions = {id: Definition(raw) for id, raw in self.definitions().items()}
        return (self.view(raw, registry, definitions) for raw in self.tree["nodes"])

    def inner_nodes(self, registry: Registry | None = None) -> Iterator[SavedNode]:
        """The nodes inside subgraphs, called by the way to them (`outer:inner`).

        Where a subgraph has several instances, each of its nodes is there for each; their values are one.
        """
        if self.dialect == "api":
            return
        definitions = {id: Definition(raw) for id, raw in self.definitions().items()}
        waiting: list[tuple[str, dict[str, Any], tuple[str, ...]]]
        waiting = [("", raw, ()) for raw in self.tree["nodes"] if raw["type"] in definitions]
        left = MOST_INNER
        while waiting and left:
            prefix, raw, above = waiting.pop(0)
            definition = definitions[raw["type"]]
            if definition.id in above:
                continue
            prefix = f"{prefix}{id_text(raw.get('id'))}:"
            for id, inner in definition.nodes.items():
                left -= 1
                if isinstance(inner.get("type"), str) and left > 0:
                    yield self.view(inner, registry, definitions, f"{prefix}{id}")
                    if inner["type"] in definitions:
                        waiting.append((prefix, inner, (*above, definition.id)))

    @staticmethod
    def view(
        raw: dict[str, Any],
        registry: Registry | None,
        definitions: Mapping[str, Definition],
        id: str | None = None,
    ) -> SavedNode:
        """A node of an editor file; one that stands for a subgraph has the values that it shows."""
        definition = definitions.get(raw["type"])
        if definition is None or (registry is not None and raw["type"] in registry):
            return SavedNode(raw, registry, id)
        places = {one.place: one.name for one in definition.promoted(raw)}
        last = max(places, default=-1)
        slots = [Slot(places[n]) if n in places else Slot("", "button") for n in range(last + 1)]
        return SavedNode(raw, registry, id, slots)

    def by_name(self, registry: Registry) -> dict[str, Any]:
        """The document as other programs get it, with values by name (`docs/document.md`)."""
        from safelight.compat.named import tell

        return tell(self, registry)

    @staticmethod
    def from_named(tree: Any, registry: Registry) -> Document:
        """The document that another program returns.

        What came back as it went out is saved as it was. Raises DocumentError, which names the place, for
        what is not of that form.
        """
        from safelight.compat.named import take

        return take(tree, registry)

    def node(self, id: str, registry: Registry | None = None) -> SavedNode | PromptNode:
        """The node with this id, on the canvas or inside a subgraph; KeyError if there is none."""
        for node in chain(self.nodes(registry), self.inner_nodes(registry) if ":" in id else ()):
            if node.id == id:
                return node
        raise KeyError(id)

    def definitions(self) -> dict[str, dict[str, Any]]:
        """The subgraph definitions by id, those inside others too; the last of each id counts."""
        return {entry["id"]: entry for entry in self.definition_entries()}

    def definition_entries(self) -> Iterator[dict[str, Any]]:
        """Every subgraph definition in the file, those inside others too."""
        waiting = [self.tree] if self.dialect == "editor" else []
        while waiting:
            holder = waiting.pop().get("definitions")
            entries = holder.get("subgraphs") if isinstance(holder, dict) else None
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                    yield entry
                    waiting.append(entry)


def _prompt(texts: Mapping[str, str]) -> dict[str, Any]:
    """What the workflow was sent as, if that is told and can be read."""
    try:
        tree = notation.parse(texts.get("prompt", ""))
    except DocumentError:
        return {}
    return tree if isinstance(tree, dict) else {}


def _inner_texts(text: str) -> dict[str, str]:
    """The texts in a comment that is JSON: `{"prompt": ..., "workflow": ...}`, each again as text or not."""
    try:
        tree = notation.parse(text) if text.lstrip().startswith("{") else None
    except DocumentError:
        return {}
    found = (
        {key: tree[key] for key in ("workflow", "prompt") if key in tree} if isinstance(tree, dict) else {}
    )
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in found.items()}


def _dialect(tree: Any) -> Dialect:
    if not isinstance(tree, dict):
        raise DocumentError("it is JSON, but not an object", remedy=REMEDY)
    if isinstance(tree.get("nodes"), list):
        _check_nodes(tree["nodes"])
        return "editor"
    if not tree:
        raise DocumentError("it holds no nodes", remedy=REMEDY)
    typed = [isinstance(node, dict) and isinstance(node.get("class_type"), str) for node in tree.values()]
    if all(typed):
        return "api"
    if any(typed):
        first = list(tree)[typed.index(False)]
        raise DocumentError(f"its entry '{first}' names no class_type", remedy="Repair or remove that entry.")
    raise DocumentError("it is JSON, but has neither 'nodes' nor entries with a class_type", remedy=REMEDY)


def _check_nodes(nodes: list[Any]) -> None:
    for place, node in enumerate(nodes):
        good = isinstance(node, dict) and isinstance(node.get("type"), str)
        if not good or not is_id(node.get("id")):
            raise DocumentError(f"entry {place} of its nodes has no id or no type", remedy=REMEDY)
