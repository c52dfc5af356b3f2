"""One visit to an editor: it is loaded, a graph is opened, handled and written in, and all of it is timed."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.web import clock, hand
from bench.web.editor import HEIGHT, WIDTH, Editor
from bench.web.graph import Grid

GESTURES = ("pan", "drag", "zoom", "whole")


@dataclass
class Visit:
    """What was measured: milliseconds, and at the end megabytes."""

    load: float = 0.0
    """From the address to an editor that answers, with its first graph."""
    open: float = 0.0
    """From a chosen file to its graph, drawn, and an editor that answers."""
    frames: dict[str, list[float]] = field(default_factory=dict)
    keys: list[float] = field(default_factory=list)
    script: int = 0
    """Bytes of JavaScript that the first load needs, compressed."""
    heap: float = 0.0
    process: float = 0.0
    elements: int = 0


def visit(browser: Any, editor: Editor, url: str, file: Path, count: int) -> Visit:
    """Visit an editor with a new browser."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_default_timeout(120_000)
    editor.prepare(page, url)
    scripts: list[Any] = []
    page.on("response", lambda got: got.request.resource_type == "script" and scripts.append(got))
    page.goto(url)
    seen = Visit(load=clock.settled(page, editor.ready))
    seen.script = sum(len(gzip.compress(one.body(), 9)) for one in scripts if one.ok)
    page.wait_for_timeout(500)
    seen.open = clock.opened(
        page, lambda: page.set_input_files(editor.field, file), editor.shows(file.stem, count)
    )
    page.wait_for_timeout(500)
    _weigh(browser, page, seen)
    _handle(page, editor, Grid(count), seen)
    return seen


def _handle(page: Any, editor: Editor, grid: Grid, seen: Visit) -> None:
    """Gestures at zoom 1, then with the whole graph in view, then typing."""
    editor.near(page, grid)
    seen.frames["pan"] = clock.frames(page, lambda: hand.pan(page, editor.screen(page, grid.ground)))
    editor.near(page, grid)
    seen.frames["drag"] = clock.frames(page, lambda: hand.drag(page, editor.screen(page, grid.title)))
    editor.near(page, grid)
    seen.frames["zoom"] = clock.frames(page, lambda: hand.zoom(page, editor.screen(page, grid.ground)))
    editor.whole(page, grid)
    seen.frames["whole"] = clock.frames(page, lambda: hand.pan(page, editor.screen(page, grid.ground)))
    editor.near(page, grid)
    page.mouse.click(*editor.screen(page, grid.text))
    page.wait_for_function("() => document.activeElement.tagName === 'TEXTAREA'")
    seen.keys = clock.keys(page, lambda: hand.type(page))


def _weigh(browser: Any, page: Any, seen: Visit) -> None:
    """What the page holds once all that can be let go is let go."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    seen.heap = tools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    seen.elements = tools.send("Memory.getDOMCounters")["nodes"]
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    own = [psutil.Process(one["id"]).memory_full_info().uss for one in found if one["type"] == "renderer"]
    seen.process = max(own) / 1e6
