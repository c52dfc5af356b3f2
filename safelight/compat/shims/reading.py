"""A static reading of a pack: which nodes it says it has, and what its code could do, with file and line.

Nothing of it is run or imported. It shows what is written plainly; code that hides what it does is not found
out, which is why the question is whether its author is trusted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from safelight.compat.shims.pack import Pack

Access: TypeAlias = Literal["network", "programs", "files", "code", "installs"]

MODULES: dict[str, Access] = {
    "requests": "network",
    "urllib": "network",
    "urllib3": "network",
    "httpx": "network",
    "socket": "network",
    "ftplib": "network",
    "aiohttp": "network",
    "websocket": "network",
    "websockets": "network",
    "huggingface_hub": "network",
    "paramiko": "network",
    "smtplib": "network",
    "subprocess": "programs",
    "pty": "programs",
    "ctypes": "code",
    "pickle": "code",
    "dill": "code",
    "marshal": "code",
    "pip": "installs",
}
CALLS: dict[str, Access] = {
    "os.system": "programs",
    "os.popen": "programs",
    "os.execv": "programs",
    "os.spawnv": "programs",
    "os.startfile": "programs",
    "os._exit": "programs",
    "os.kill": "programs",
    "os.remove": "files",
    "os.unlink": "files",
    "os.rmdir": "files",
    "os.rename": "files",
    "os.replace": "files",
    "os.chmod": "files",
    "shutil.rmtree": "files",
    "shutil.move": "files",
    "shutil.copy": "files",
    "shutil.copyfile": "files",
    "shutil.copytree": "files",
    "open": "files",
    "eval": "code",
    "exec": "code",
    "compile": "code",
    "__import__": "code",
    "importlib.import_module": "code",
    "torch.load": "code",
    "torch.hub.load": "network",
    "torch.hub.download_url_to_file": "network",
}
METHODS: dict[str, Access] = {
    "write_text": "files",
    "write_bytes": "files",
    "unlink": "files",
    "rmtree": "files",
    "from_pretrained": "network",
    "urlretrieve": "network",
    "urlopen": "network",
}
WRITING = frozenset("wax+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a pack's code that could reach out."""

    access: Access
    what: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.access}: {self.what} ({self.file}:{self.line})"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pack's code says of itself."""

    nodes: tuple[str, ...]
    findings: tuple[Finding, ...]
    unreadable: tuple[str, ...]

    @property
    def accesses(self) -> tuple[Access, ...]:
        """What it could reach, each kind once."""
        return tuple(dict.fromkeys(one.access for one in self.findings))


def read(pack: Pack) -> Reading:
    """Read all code of a pack."""
    nodes: list[str] = []
    findings: list[Finding] = []
    unreadable: list[str] = []
    for file in pack.sources():
        name = file.relative_to(pack.path.parent).as_posix()
        try:
            tree = ast.parse(file.read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError) as error:
            unreadable.append(f"{name}: {error}")
            continue
        known = _aliases(tree)
        for one in ast.walk(tree):
            findings.extend(Finding(access, what, name, line) for access, what, line in _found(one, known))
            nodes.extend(_ids(one))
    return Reading(tuple(dict.fromkeys(nodes)), tuple(dict.fromkeys(findings)), tuple(unreadable))


def _aliases(tree: ast.AST) -> dict[str, str]:
    """What names that were imported stand for."""
    known: dict[str, str] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            known.update({name.asname: name.name for name in one.names if name.asname})
        elif isinstance(one, ast.ImportFrom) and one.module and not one.level:
            known.update({name.asname or name.name: f"{one.module}.{name.name}" for name in one.names})
    return known


def _found(one: ast.AST, known: dict[str, str]) -> Iterator[tuple[Access, str, int]]:
    """What one place of the code could do."""
    match one:
        case ast.Import(names=names, lineno=line):
            for name in names:
                access = MODULES.get(name.name.partition(".")[0])
                if access is not None:
                    yield access, f"import {name.name}", line
        case ast.ImportFrom(module=str(module), level=0, lineno=line):
            access = MODULES.get(module.partition(".")[0])
            if access is not None:
                yield access, f"from {module} import", line
        case ast.Call(lineno=line):
            called = _dotted(one.func, known)
            access = CALLS.get(called) or METHODS.get(called.rpartition(".")[2])
            if access is not None and not (called == "open" and not _writes(one)):
                yield access, f"{called}(...)", line


def _dotted(function: ast.expr, known: dict[str, str]) -> str:
    parts: list[str] = []
    at = function
    while isinstance(at, ast.Attribute):
        parts.append(at.attr)
        at = at.value
    if isinstance(at, ast.Name):
        parts.append(known.get(at.id, at.id))
    return ".".join(reversed(parts))


def _writes(call: ast.Call) -> bool:
    """Whether `open` is called for more than reading; it is, if that cannot be told."""
    mode = (
        call.args[1]
        if len(call.args) > 1
        else next((one.value for one in call.keywords if one.arg == "mode"), None)
    )
    if mode is None:
        return False
    return not isinstance(mode, ast.Constant) or not WRITING.isdisjoint(str(mode.value))


def _ids(one: ast.AST) -> Iterator[str]:
    """The ids of node types that stand there plainly."""
    match one:
        case ast.Assign(targets=[ast.Name(id="NODE_CLASS_MAPPINGS")], value=ast.Dict(keys=keys)):
            yield from (
                key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
        case ast.Call(func=ast.Name(id="node"), args=[ast.Constant(value=str(id)), *_]):
            yield id
        case ast.keyword(arg="node_id", value=ast.Constant(value=str(id))):
            yield id
