from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from safelight.core.event import NodeStarted
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.worker.warmth import Warmth, is_light

SLOW = "import time\ntime.sleep(0.3)\n"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two modules that take a while to import."""
    names = ["slow_to_import_1", "slow_to_import_2"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(SLOW)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield names
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry().load("nodes")


def graph() -> Graph:
    made = Graph()
    made.add("text", "PrimitiveString", value="x")
    made.add("picture", "EmptyImage")
    return made


def test_a_body_that_may_import_waits_for_the_import_under_way_and_no_other_begins_until_the_job_ends(
    modules: list[str], registry: Registry
) -> None:
    told: list[str] = []
    begun = Event()
    warmth = Warmth(lambda name, _seconds: (told.append(name), begun.set())[0], [*modules])
    warmth.start()
    heard = warmth.before_bodies(graph(), registry)
    heard(NodeStarted("text"))
    assert told == []
    heard(NodeStarted("picture"))
    assert told == modules[:1]
    time.sleep(0.6)
    assert told == modules[:1]
    warmth.release()
    deadline = time.monotonic() + 10
    while not warmth.done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert told == modules


def test_what_cannot_be_imported_does_not_keep_anybody_waiting(
    caplog: Any, registry: Registry, modules: list[str]
) -> None:
    told: list[str] = []
    warmth = Warmth(lambda name, _seconds: told.append(name), ["there_is_no_such_module", modules[0]])
    warmth.start()
    thread = Thread(target=lambda: (time.sleep(0.5), warmth.hold()), daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert told == modules[:1]
    assert "there_is_no_such_module cannot be imported" in caplog.text


def test_nodes_of_texts_and_numbers_are_light_and_those_of_pictures_and_models_are_not(
    registry: Registry,
) -> None:
    assert all(is_light(registry.find(id)) for id in ("PrimitiveString", "StringReplace", "PreviewAny"))
    assert not any(is_light(registry.find(id)) for id in ("EmptyImage", "KSampler", "SaveImage", "nowhere"))
