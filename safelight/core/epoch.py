"""Epoch: what the code, the libraries and the arithmetic are, as part of every key.

When any of it changes, results made before are no longer found, and `--explain` names the part that changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from safelight.core.spec import NodeSpec

PROCESS = os.urandom(20)
_sources: dict[str, tuple[tuple[int, int], bytes]] = {}


class Epoch:
    """Named parts that hold for every node (`plan`, `libraries`, ...), and each node's module."""

    def __init__(self, parts: Mapping[str, str] | None = None) -> None:
        self.parts = dict(sorted((parts or {}).items()))
        self._shared = hashlib.blake2b(repr(self.parts).encode(), digest_size=20).digest()

    def of(self, spec: NodeSpec) -> bytes:
        """The epoch of one node type."""
        return self._shared + code_digest(spec)

    def parts_of(self, spec: NodeSpec) -> dict[str, str]:
        """The parts by name, for the explanation."""
        return {**self.parts, f"the code of {spec.module}": code_digest(spec).hex()}


_declared: dict[str, bytes] = {}


def declare(package: str, digest: bytes) -> None:
    """Say what stands for the code of everything in a package, such as all files of a pack of nodes."""
    _declared[package] = digest


def _declaration(module: str) -> bytes | None:
    """What was said of the package that a module lies in, if anything was."""
    while module:
        if module in _declared:
            return _declared[module]
        module = module.rpartition(".")[0]
    return None


def code_digest(spec: NodeSpec) -> bytes:
    """Digest of the source that computes a node: its module, and what it uses of the same pack or folder.

    Where there is no source (a node typed into a session), the function's own code and this process stand for
    it, so that another process never finds such results.
    """
    said = _declaration(spec.module) if _declared else None
    if said is not None:
        return said
    module = sys.modules.get(spec.module)
    path = getattr(module, "__file__", None)
    if module is None or path is None or not os.path.isfile(path):
        code = getattr(spec.function, "__code__", None)
        return _hash(PROCESS, repr((code and code.co_code, code and code.co_consts, spec.module)).encode())
    return _hash(*(_source(file) for file in sorted(_used(module))))


def _used(module: ModuleType) -> set[str]:
    """The files of a module and of all modules of its pack or folder whose names it uses, at any depth."""
    pack, folder = module.__name__.partition(".")[0], os.path.dirname(module.__file__ or "")
    found: set[str] = set()
    waiting = [module]
    while waiting:
        one = waiting.pop()
        file = getattr(one, "__file__", None)
        if file is None or file in found:
            continue
        if one.__name__.partition(".")[0] != pack and os.path.dirname(file) != folder:
            continue
        if not os.path.isfile(file):
            continue
        found.add(file)
        names = {getattr(value, "__module__", None) for value in vars(one).values()}
        waiting.extend(value for value in vars(one).values() if isinstance(value, ModuleType))
        waiting.extend(sys.modules[name] for name in names if isinstance(name, str) and name in sys.modules)
    return found


def _source(file: str) -> bytes:
    """Digest of one file, read again only if it looks different."""
    status = os.stat(file)
    mark = (status.st_mtime_ns, status.st_size)
    known = _sources.get(file)
    if known is None or known[0] != mark:
        known = _sources[file] = (mark, _hash(Path(file).read_bytes()))
    return known[1]


def _hash(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"".join(parts), digest_size=20).digest()


@cache
def package_digest(name: str) -> str:
    """Hex digest of all Python sources of a package, which is not imported."""
    spec = importlib.util.find_spec(name)
    digest = hashlib.blake2b(digest_size=20)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(root).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
