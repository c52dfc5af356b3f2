"""Who may import whom, read from the source: the import table of the design, held by a machine."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("safelight", "nodes", "server", "custom_nodes")
HEAVY = ("torch", "diffusers", "transformers", "accelerate")
TENSORS = (
    "torch",
    "diffusers",
    "transformers",
    "tokenizers",
    "safetensors",
    "numpy",
    "scipy",
    "PIL",
    "spandrel",
    "av",
)
PROGRAM = tuple(
    f"safelight.{name}"
    for name in (
        "__main__",
        "adoption",
        "cli",
        "graph",
        "home",
        "hub",
        "model",
        "script",
        "setting",
        "tensor",
        "worker",
        "workflow",
    )
)
"""What puts a program together from the halves: the command line, the worker, and what both stand on."""
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


@dataclass(frozen=True)
class Layer:
    """What one package may import: at any time, and only inside functions."""

    may: tuple[str, ...]
    lazily: tuple[str, ...] = ()


TABLE = {
    "safelight.core": Layer(("safelight.core", "networkx", "safetensors")),
    "safelight.diffusion": Layer(("safelight.diffusion", *TENSORS)),
    "safelight.compat": Layer(("safelight.core", "safelight.compat")),
    "safelight.compat.shims": Layer(("safelight.core", "safelight.compat"), ("safelight.diffusion", "torch")),
    "safelight.compat.shims.module": Layer(
        ("safelight.core", "safelight.compat", "safelight.diffusion", *TENSORS, "aiohttp"),
        ("tqdm", "nodes", "comfy"),
    ),
    "safelight": Layer(("safelight.core",), ("safelight.diffusion", "safelight.workflow")),
    "safelight.testing": Layer(
        ("safelight.core", "safelight.testing", "safelight.tensor", "pytest"),
        ("safelight.diffusion", "torch"),
    ),
    **dict.fromkeys(
        PROGRAM,
        Layer(("safelight", "safelight.core", "safelight.compat", *PROGRAM), ("safelight.diffusion",)),
    ),
    "safelight.message": Layer(("safelight.core", "safelight.message")),
    "safelight.worker": Layer(
        ("safelight", "safelight.core", "safelight.compat", "safelight.message", *PROGRAM),
        ("safelight.diffusion", "torch", "PIL"),
    ),
    **{
        f"safelight.{name}": Layer(
            ("safelight", "safelight.core", "safelight.compat", *PROGRAM), ("safelight.diffusion", *libraries)
        )
        for name, libraries in {
            "adoption": ("yaml",),
            "hub": ("huggingface_hub", "tqdm"),
            "workflow": ("PIL",),
        }.items()
    },
    "nodes": Layer(("safelight", "nodes"), ("safelight.diffusion",)),
    "custom_nodes": Layer(
        ("safelight", "safelight.testing", "custom_nodes"), ("safelight.diffusion", "torch")
    ),
    "safelight.cli.serve": Layer(
        ("safelight", "safelight.core", "safelight.compat", *PROGRAM), ("safelight.diffusion", "server")
    ),
    "server": Layer(
        (
            "safelight",
            "safelight.core",
            "safelight.compat",
            "safelight.home",
            "safelight.hub",
            "safelight.message",
            "safelight.model",
            "safelight.script",
            "safelight.setting",
            "server",
            "aiohttp",
        ),
        ("PIL",),
    ),
}
"""By package, the longest name that fits; `safelight` alone means the public API in its `__init__`."""


@dataclass(frozen=True)
class Edge:
    """One import of `target` in `source`; lazy if it happens inside a function."""

    source: str
    target: str
    line: int
    lazy: bool

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}{' inside a function' if self.lazy else ''}"


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def exists(module: str, root: Path) -> bool:
    place = root.joinpath(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def is_type_checking(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in {getattr(test, "id", ""), getattr(test, "attr", "")}


def imports(tree: ast.AST, lazy: bool = False) -> Iterator[tuple[ast.stmt | ast.Call, bool]]:
    """Each import statement and `import_module("...")` call, and whether it runs inside a function."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        elif isinstance(child, ast.If) and is_type_checking(child.test):
            for other in child.orelse:
                yield from imports(ast.Module([other], []), lazy)
        else:
            if isinstance(child, ast.Call) and called(child) in ("import_module", "__import__"):
                yield child, lazy
            yield from imports(
                child, lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            )


def called(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def targets(statement: ast.stmt | ast.Call, source: str, package: bool, root: Path) -> Iterator[str]:
    """The modules that one import reaches: `from a import b` is `a.b` if that is a module of ours."""
    match statement:
        case ast.Import(names=names):
            yield from (name.name for name in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            above = source.split(".")[: len(source.split(".")) - level + package] if level else []
            origin = ".".join([*above, *([module] if module else [])])
            for name in names:
                inner = f"{origin}.{name.name}"
                yield inner if origin.split(".")[0] in OURS and exists(inner, root) else origin
        case ast.Call(args=[ast.Constant(value=str(name)), *_]):
            yield name


def edges(root: Path) -> Iterator[Edge]:
    for path in sorted(path for package in OURS for path in (root / package).rglob("*.py")):
        if "tests" in path.relative_to(root).parts:  # those of a pack
            continue
        source, package = module_name(path, root), path.name == "__init__.py"
        for statement, lazy in imports(ast.parse(path.read_text(encoding="utf-8"))):
            for target in targets(statement, source, package, root):
                yield Edge(source, target, statement.lineno, lazy)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer(module: str) -> Layer:
    fits = [name for name in TABLE if within(module, name)]
    return TABLE[max(fits, key=len)]


def allowed(edge: Edge) -> bool:
    if edge.target.split(".")[0] in sys.stdlib_module_names:
        return True
    rule = layer(edge.source)
    names = rule.may + (rule.lazily if edge.lazy else ())
    return any(edge.target == name if name == "safelight" else within(edge.target, name) for name in names)


def test_every_import_is_in_the_table_of_the_design() -> None:
    found = list(edges(ROOT))
    assert len(found) > 50
    assert [str(edge) for edge in found if not allowed(edge)] == []


@pytest.mark.parametrize(
    ("place", "code", "fine"),
    [
        ("safelight/core/run.py", "import torch", False),
        ("safelight/core/run.py", "def f():\n    import torch", False),
        (
            "safelight/core/run.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
            True,
        ),
        (
            "safelight/core/run.py",
            "import typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n    import torch",
            False,
        ),
        ("safelight/core/run.py", "import importlib\nimportlib.import_module('torch')", False),
        ("safelight/core/run.py", "import networkx, json", True),
        ("safelight/core/run.py", "from ..diffusion import noise", False),
        ("safelight/core/run.py", "from . import key", True),
        ("safelight/diffusion/noise.py", "from safelight.core import key", False),
        ("safelight/diffusion/noise.py", "from safelight import core", False),
        ("safelight/__init__.py", "from safelight import diffusion", False),
        ("safelight/__init__.py", "def __getattr__(name):\n    from safelight import diffusion", True),
        ("safelight/compat/document.py", "import nodes", False),
        ("nodes/ksampler.py", "from safelight import node", True),
        ("nodes/ksampler.py", "from safelight import diffusion", False),
        ("nodes/ksampler.py", "def f():\n    from safelight import diffusion", True),
        ("nodes/ksampler.py", "from safelight.core.spec import NodeSpec", False),
        ("nodes/ksampler.py", "def f():\n    import server", False),
        ("server/route.py", "def f():\n    from safelight import diffusion", False),
        ("server/route.py", "import nodes", False),
    ],
)
def test_the_check_tells_a_good_import_from_a_bad_one(
    tmp_path: Path, place: str, code: str, fine: bool
) -> None:
    for package in ("core", "diffusion", "compat"):
        (tmp_path / "safelight" / package).mkdir(parents=True)
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(code)
    assert all(allowed(edge) for edge in edges(tmp_path)) is fine


@pytest.mark.parametrize(
    "place",
    ["safelight/__init__.py", "safelight/core", "safelight/compat", "safelight/cli", "nodes", "server"],
)
def test_all_but_the_worker_imports_without_torch(place: str) -> None:
    paths = [path for pattern in (place, f"{place}.py", f"{place}/**/*.py") for path in ROOT.glob(pattern)]
    modules = [
        module_name(path, ROOT)
        for path in paths
        if path.is_file() and path.stem != "__main__" and "shims" not in path.parts
    ]
    code = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_modules_are_named_for_what_they_hold() -> None:
    names = {
        path
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        if path.stem in NAMES_THAT_SAY_NOTHING
    }
    assert names == set()
