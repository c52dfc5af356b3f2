"""The editor in a real browser, before a real server with a real worker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ELSEWHERE = os.environ.get("SAFELIGHT_EDITOR", "")
"""A built editor other than the one in web/dist, to try one beside another."""
BUILT = Path(ELSEWHERE or ROOT / "web" / "dist") / "index.html"
KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open('safelight', 1);
  asked.onsuccess = () => {
    const read = asked.result.transaction('documents').objectStore('documents').getAll();
    read.onsuccess = () => { asked.result.close(); done(read.result.find((one) => one.active)); };
  };
})"""
"""What the editor keeps in the browser's own store: the open document by name."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why there is no browser test where there is no browser or no built editor."""
    why = "no Chromium is installed" if CHROMIUM is None else "the editor is not built"
    if CHROMIUM is None or not BUILT.is_file():
        for item in items:
            if Path(__file__).parent in item.path.parents and item.path.name != "test_unit.py":
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a worker and a data folder of its own."""
    data = tmp_path_factory.mktemp("data")
    command = [sys.executable, "-m", "safelight", "serve", "--port", "0", "--data", str(data), "--no-open"]
    if ELSEWHERE:
        command += ["--front-end", ELSEWHERE]
    with (data / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    assert server.stdout is not None
    found = re.search(r"http://\S+/", server.stdout.readline())
    assert found, (data / "log").read_text()
    yield found[0]
    server.terminate()
    server.wait(20)
    server.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A new window of a new visitor, with the first graph open. Nothing may go wrong in it unnoticed."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_selector("article.node")
    page.wait_for_function("() => document.querySelectorAll('article.node').length >= 8")
    yield page
    context.close()
    assert wrong == []


class Editor:
    """What a person does with the editor, in words."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def node(self, id: str) -> Any:
        """A node by its id."""
        return self.page.locator(f'.react-flow__node[data-id="{id}"]')

    def pick(self, id: str, *, many: bool = False) -> None:
        """Choose a node by its title bar."""
        self.node(id).locator(".node-title").click(modifiers=["Shift"] if many else [])

    def socket(self, id: str, handle: str) -> tuple[float, float]:
        """Where a socket is."""
        box = self.node(id).locator(f'.dot[data-handleid="{handle}"]').bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: tuple[float, float], end: tuple[float, float], button: str = "left") -> None:
        """Press, move, let go."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down(button=button)
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        mouse.up(button=button)

    def keys(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def open(self, tree: dict[str, Any], tmp_path: Path, name: str = "graph.json") -> None:
        """Open a document through the file field."""
        path = tmp_path / name
        path.write_text(json.dumps(tree))
        self.page.set_input_files("#open-file", path)
        self.page.wait_for_timeout(300)

    def document(self) -> dict[str, Any]:
        """The document as the editor keeps it."""
        self.page.wait_for_timeout(100)
        self.page.evaluate("dispatchEvent(new Event('pagehide'))")  # what is open is kept at once
        self.page.wait_for_timeout(150)
        kept: dict[str, Any] = self.page.evaluate(KEPT)["document"]
        return kept

    def values(self, id: str) -> dict[str, Any]:
        """The values of a node."""
        (node,) = (one for one in self.document()["nodes"] if one["id"] == id)
        values: dict[str, Any] = node["values"]
        return values

    def wires(self) -> set[str]:
        """The wires as short texts."""
        return {
            f"{one['from']}.{one['slot']} > {one['to']}.{one['input']}" for one in self.document()["links"]
        }


@pytest.fixture
def wrap() -> type[Editor]:
    """Makes an editor of any window."""
    return Editor


@pytest.fixture
def editor(page: Any) -> Editor:
    """The editor with the first graph open."""
    return Editor(page)


def _graph(
    *nodes: tuple[str, dict[str, Any]], wires: tuple[tuple[int, int, int, str, str], ...] = ()
) -> dict[str, Any]:
    """A document by name: nodes in a row, and wires (from, slot, to, input, type) between them by number."""
    return {
        "format": "safelight",
        "version": 1,
        "nodes": [
            {
                "id": str(n + 1),
                "type": type,
                "title": "",
                "pos": [n * 320, 0],
                "size": [240, 120],
                "mode": "run",
                "values": values,
            }
            for n, (type, values) in enumerate(nodes)
        ],
        "links": [
            {"id": n + 1, "from": str(a), "slot": slot, "to": str(b), "input": name, "type": type}
            for n, (a, slot, b, name, type) in enumerate(wires)
        ],
        "groups": [],
    }


@pytest.fixture
def graph() -> Any:
    """Makes small graphs."""
    return _graph
