"""Fixtures for a pack's own tests: `pack`, its node types, and `bench`, to run them on."""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from safelight.core.registry import Registry
from safelight.testing.bench import Bench


@pytest.fixture
def pack(request: pytest.FixtureRequest) -> Registry:
    """The node types of the pack that the test lies in: the nearest folder above with an `__init__.py`."""
    return load(_root(Path(request.path)))


@pytest.fixture
def bench(pack: Registry, tmp_path: Path) -> Iterator[Bench]:
    """A bench with the pack's nodes."""
    made = Bench(tmp_path / "data", pack)
    yield made
    made.close()


def _root(test: Path) -> Path:
    """The pack's folder: the outermost package around a test, not reaching beyond `custom_nodes`."""
    found = [
        folder
        for folder in test.parents
        if (folder / "__init__.py").is_file() and folder.name != "custom_nodes"
    ]
    if not found:
        pytest.fail(f"{test} lies in no pack: no folder above it has an __init__.py")
    return found[0]


def load(folder: Path) -> Registry:
    """Import a pack of nodes under `@node` from its folder."""
    name = f"custom_nodes.{folder.name}"
    registry = Registry()
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    root = sys.modules[name]
    registry.collect(root)
    for found in pkgutil.walk_packages(root.__path__, f"{name}."):
        last = found.name.rpartition(".")[2]
        if not last.startswith("test") and last not in ("conftest",):
            registry.collect(importlib.import_module(found.name))
    return registry
