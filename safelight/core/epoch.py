"""Epoch: what the code, the libraries and the arithmetic are, as part of every key.

When any of it changes, results made before are no longer found, and `--explain` names the part that changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from safelight.core.spec import NodeSpec


class Epoch:
    """Named parts that hold for every node (`plan`, `libraries`, ...), and each node's module."""

    def __init__(self, parts: Mapping[str, str] | None = None) -> None:
        self.parts = dict(sorted((parts or {}).items()))
        self._shared = hashlib.blake2b(repr(self.parts).encode(), digest_size=20).digest()

    def of(self, spec: NodeSpec) -> bytes:
        """The epoch of one node type."""
        return self._shared + module_digest(spec.module)

    def parts_of(self, spec: NodeSpec) -> dict[str, str]:
        """The parts by name, for the explanation."""
        return {**self.parts, f"the code of {spec.module}": module_digest(spec.module).hex()}


@cache
def module_digest(name: str) -> bytes:
    """Digest of a module's source file; of its name where there is no file."""
    module = sys.modules.get(name)
    path = getattr(module, "__file__", None)
    if path is None or not Path(path).is_file():
        return hashlib.blake2b(name.encode(), digest_size=20).digest()
    return hashlib.blake2b(Path(path).read_bytes(), digest_size=20).digest()


@cache
def package_digest(name: str) -> str:
    """Hex digest of all Python sources of a package, which is not imported."""
    spec = importlib.util.find_spec(name)
    digest = hashlib.blake2b(digest_size=20)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(root).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
