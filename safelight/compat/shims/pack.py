"""A pack: a folder or a file of nodes in `custom_nodes`, and what became of loading it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["loaded", "broken", "waiting", "conflict", "off"]
"""`waiting` is for a person's word, `conflict` with what is installed, `off` by its own name."""
LEFT_OUT = frozenset({"__pycache__", "node_modules", ".git", ".venv", "venv"})


@dataclass(frozen=True)
class Pack:
    """One pack as it lies there; nothing of it was run."""

    name: str
    path: Path

    @property
    def module(self) -> str:
        """The name that it is imported under."""
        return f"custom_nodes.{self.name.replace('.', '_x_')}"

    @property
    def entry(self) -> Path:
        """The file that is imported."""
        return self.path / "__init__.py" if self.path.is_dir() else self.path

    @property
    def enabled(self) -> bool:
        """Whether its name does not switch it off."""
        return not self.path.name.endswith(".disabled")

    def sources(self) -> Iterator[Path]:
        """Its Python files."""
        if self.path.is_file():
            yield self.path
            return
        for folder, inner, files in os.walk(self.path):
            inner[:] = sorted(one for one in inner if one not in LEFT_OUT)
            yield from (Path(folder) / file for file in sorted(files) if file.endswith(".py"))

    def digest(self) -> bytes:
        """A digest of all its code."""
        digest = hashlib.blake2b(digest_size=20)
        for file in self.sources():
            digest.update(str(file.relative_to(self.path.parent)).encode() + b"\0" + file.read_bytes())
        return digest.digest()


@dataclass
class PackReport:
    """What became of a pack."""

    name: str
    path: str
    state: State
    nodes: list[str] = field(default_factory=list)
    """The node types that it gave."""
    failures: dict[str, str] = field(default_factory=dict)
    """The node types that it has and that cannot be used, each with why."""
    problem: str = ""
    remedy: str = ""
    traceback: str = ""
    notices: list[str] = field(default_factory=list)
    web: str = ""
    """The folder of its page scripts, if it has any."""
    seconds: float = 0.0

    def as_tree(self) -> dict[str, Any]:
        """As plain values."""
        return dict(vars(self))


def packs_of(folders: Iterable[Path]) -> list[Pack]:
    """The packs that lie in folders, by name; of two with one name, that of the first folder."""
    found: dict[str, Pack] = {}
    for folder in folders:
        for pack in packs_in(folder):
            found.setdefault(pack.name, pack)
    return sorted(found.values(), key=lambda pack: pack.name)


def packs_in(folder: Path) -> list[Pack]:
    """The packs that lie in one folder, by name."""
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or path.name == "example_node.py.example":
            continue
        if path.is_dir() and ((path / "__init__.py").is_file() or path.name.endswith(".disabled")):
            found.append(Pack(path.name, path))
        elif path.suffix == ".py":
            found.append(Pack(path.stem, path))
    return found
