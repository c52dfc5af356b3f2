"""The pulse: a worker is heard of while it imports, and after a beat that failed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from safelight.message import Beat
from safelight.worker import device, pulse
from safelight.worker.pulse import Pulse

SLOW = """
import threading
begun, go_on = threading.Event(), threading.Event()
begun.set()
assert go_on.wait(60)
used = lambda device: 5
release = lambda: None
"""


def test_a_module_that_another_thread_still_imports_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "safelight_residency_of_this_test"
    (tmp_path / f"{name}.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(device, "RESIDENCY", name)
    importing = Thread(target=importlib.import_module, args=(name,))
    importing.start()
    half: Any = None
    while half is None or not hasattr(half, "go_on"):
        half = sys.modules.get(name)
    assert half.begun.wait(60)
    assert (device.imported(name), device.held("cpu")) == (None, 0)
    device.let_go(models=True)
    half.go_on.set()
    importing.join(60)
    assert (device.imported(name), device.held("cpu")) == (half, 5)


def test_a_beat_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "INTERVAL", 0.01)
    failures, heard = iter([AttributeError("half imported"), RuntimeError("again")]), Event()

    def beat() -> Beat:
        for failure in failures:
            raise failure
        return Beat(1, [], None, {})

    one = Pulse(beat, lambda _beat: heard.set())
    assert heard.wait(60)
    one.close()
