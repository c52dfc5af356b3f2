"""Catalogue: the node types that the server knows, and `/object_info` as bytes, packed once a change."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from safelight.compat import node_info
from safelight.core.draft import write_whole
from safelight.core.folder import PLAIN_KINDS, Folders
from safelight.core.registry import Registry
from safelight.core.widget import File
from server.answer import dump
from server.foreign import with_packs

logger = logging.getLogger("safelight.server")
COMPRESSION = 5


@dataclass(frozen=True, slots=True)
class Body:
    """One answer, ready to be sent plainly or packed."""

    plain: bytes
    packed: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Made:
    """An answer, and what it was made of: the packs, and the files by kind."""

    body: Body
    packs: Mapping[str, Any]
    listed: dict[str, list[str]]


class Catalogue:
    """Built-in node types, which are loaded when first asked for, and what the worker last said of packs."""

    def __init__(self, folders: Folders, cache: Path) -> None:
        self.folders = folders
        self._file = cache / "packs.json"
        self._lock = Lock()
        self._cached: Made | None = None

    @cached_property
    def registry(self) -> Registry:
        """The built-in node types. The first call takes a fifth of a second."""
        with self._lock:
            return self.__dict__.get("registry") or Registry().load("nodes")

    @cached_property
    def everything(self) -> Registry:
        """The built-in node types, and those of packs as far as the server can check them."""
        return with_packs(self.registry, self.packs)

    @cached_property
    def packs(self) -> dict[str, Any]:
        """Node types of packs by id, in the shape of `/object_info`, as a worker last reported them."""
        try:
            tree = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            logger.warning("what is known of packs cannot be read, so the worker is waited for: %s", error)
            return {}
        return tree if isinstance(tree, dict) else {}

    def pack_of(self, type: str) -> str:
        """The pack that has a node type; nothing if none has."""
        found = self.packs.get(type)
        module = str(found.get("python_module") or "") if isinstance(found, dict) else ""
        root, _, rest = module.partition(".")
        return rest.partition(".")[0] if root == "custom_nodes" else ""

    def learn(self, packs: Mapping[str, Any]) -> None:
        """Take in what a worker reports of its packs, and keep it for the next start."""
        if dict(packs) != self.packs:
            self.packs = dict(packs)
            self.__dict__.pop("everything", None)
            write_whole(self._file, dump(self.packs))

    def kinds(self) -> list[str]:
        """The kinds of model files: those that nodes choose from, and further folders under `models`."""
        wanted = {
            one.widget.kind for spec in self.registry for one in spec.inputs if isinstance(one.widget, File)
        }
        folder = self.folders.data / "models"
        there = {entry.name for entry in folder.iterdir() if entry.is_dir()} if folder.is_dir() else set()
        return sorted((wanted | there | set(self.folders.builtin)) - set(PLAIN_KINDS))

    def info(self, id: str) -> dict[str, Any] | None:
        """One node type as clients read it; None if it is not known."""
        spec = self.registry.find(id)
        if spec is not None:
            return node_info(spec, self.folders.names)
        found = self.packs.get(id)
        return found if isinstance(found, dict) else None

    def body(self) -> Body:
        """Every node type, made anew when its files, as far as types list them, or packs are others."""
        packs, before = self.packs, self._cached
        if before is not None and before.packs is packs and before.listed == self._listed(before.listed):
            return before.body
        listed: dict[str, list[str]] = {}
        names = _remembering(self.folders.names, listed)
        tree = {spec.id: node_info(spec, names) for spec in self.registry}
        plain = dump({**packs, **tree}).encode()
        tag = f'"{blake2b(plain, digest_size=12).hexdigest()}"'
        body = Body(plain, gzip.compress(plain, COMPRESSION, mtime=0), tag)
        self._cached = Made(body, packs, listed)
        return body

    def _listed(self, kinds: Iterable[str]) -> dict[str, list[str]]:
        return {kind: self.folders.names(kind) for kind in kinds}


def _remembering(
    names: Callable[[str], list[str]], known: dict[str, list[str]]
) -> Callable[[str], list[str]]:
    """The same list of files for each question within one answer; `known` is filled with them."""

    def remembered(kind: str) -> list[str]:
        if kind not in known:
            known[kind] = names(kind)
        return known[kind]

    return remembered
