"""What holds for every test: torch draws and rounds the same each time, so that none passes by luck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

SHARED = {"clients", "end_to_end", "server", "web", "worker"}
"""Folders whose tests run whole processes or a browser, which a machine in use by others can starve."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test of whole processes once more where it failed; the last line says how many needed it."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in SHARED:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where `pytest -n 2` deals tests out, keep those of whole processes one after another."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return "processes" if file.split("/")[1] in SHARED else file

    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Seed torch, on one thread, where a test brought it."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
