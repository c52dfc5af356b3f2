"""Packs written to a data folder, loaded, and run by a real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from safelight.compat.shims.loader import load_packs
from safelight.compat.shims.pack import PackReport
from safelight.compat.shims.trust import Trust
from safelight.core.engine import Engine
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.report import Result
from safelight.setting import Settings
from safelight.worker import open_engine


class House:
    """A data folder with packs, and an engine over it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.registry = Registry().load("nodes")
        self.engine: Engine = open_engine(
            data, Settings(threads=1, memory_cache_gib=0.1), registry=self.registry
        )

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.data / "custom_nodes" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def load(self, files: dict[str, str] | None = None, trust: Trust | None = None) -> list[PackReport]:
        self.write(files or {})
        return load_packs(
            self.data, self.registry, self.engine.folders, trust=trust or Trust.all(), plan=self.engine.plan
        )

    def run(self, graph: Graph, *roots: str, **more: Any) -> Result:
        return self.engine.run(graph, roots or None, **more)

    def value(self, graph: Graph, root: str, slot: int = 0) -> Any:
        return self.run(graph, root).raise_for_error().values[root][slot]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "data")
    yield made
    made.engine.close()


@pytest.fixture
def one(house: House) -> Callable[[str, str], House]:
    """Load one pack of one file, which has to succeed."""

    def load(name: str, text: str) -> House:
        (report,) = house.load({f"{name}/__init__.py": text})
        assert (report.state, report.failures, report.problem) == ("loaded", {}, "")
        return house

    return load
