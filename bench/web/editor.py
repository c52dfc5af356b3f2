"""The editors that are measured: what is different about handling them, and nothing else."""

from __future__ import annotations

from typing import Any, Protocol

from bench.web.graph import Grid, Point

WIDTH, HEIGHT = 1440, 900


class Editor(Protocol):
    """How an editor is opened, asked and looked at."""

    name: str
    ready: str
    """A condition: the editor has started and shows its first graph."""
    field: str
    """The file field through which a workflow is opened."""

    def shows(self, name: str, count: int) -> str:
        """A condition: the graph of that file is the one in view."""

    def prepare(self, page: Any, url: str) -> None:
        """Spare the page what is only shown to those who come for the first time."""

    def near(self, page: Any, grid: Grid) -> None:
        """Look at the middle of the graph, at zoom 1."""

    def whole(self, page: Any, grid: Grid) -> None:
        """Look at the whole graph."""

    def screen(self, page: Any, place: Point) -> Point:
        """Where a place of the graph is on the screen."""


class Ours:
    """Safelight's."""

    name = "safelight"
    ready = "document.querySelectorAll('article.node').length > 0"
    field = "#open-file"

    def shows(self, name: str, count: int) -> str:
        """The tab in front is that of the file, and boxes or nodes are drawn."""
        tab = f"document.querySelector('[data-front] input')?.value === '{name}'"
        return f"{tab} && !!document.querySelector('canvas.far:not([hidden]), article.node')"

    def prepare(self, page: Any, url: str) -> None:
        """There is nothing of that kind."""

    def near(self, page: Any, grid: Grid) -> None:
        """With its keys: the whole graph, then zoom 1 around the middle."""
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+1")
        page.wait_for_timeout(400)
        page.keyboard.press("Alt+1")
        page.wait_for_timeout(600)

    def whole(self, page: Any, grid: Grid) -> None:
        """With its key."""
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+1")
        page.wait_for_timeout(600)

    def screen(self, page: Any, place: Point) -> Point:
        """By the transform of the part that moves."""
        x, y = page.evaluate(
            """([x, y]) => {
              const box = document.querySelector('.react-flow').getBoundingClientRect();
              const moved = getComputedStyle(document.querySelector('.react-flow__viewport')).transform;
              const at = new DOMMatrix(moved).transformPoint(new DOMPoint(x, y));
              return [at.x + box.x, at.y + box.y];
            }""",
            place,
        )
        return x, y


class Theirs:
    """ComfyUI's, as its package ships it, with the settings that it comes with."""

    name = "comfyui"
    ready = "window.app?.graph?.nodes?.length > 0"
    field = "#comfy-file-input"

    def shows(self, name: str, count: int) -> str:
        """Its graph has as many nodes."""
        return f"window.app?.graph?.nodes?.length === {count}"

    def prepare(self, page: Any, url: str) -> None:
        """No tour."""
        page.request.post(f"{url}/api/settings", data={"Comfy.TutorialCompleted": True})

    def near(self, page: Any, grid: Grid) -> None:
        """Through its own object: it has no key for zoom 1."""
        self._look(page, grid, 1)

    def whole(self, page: Any, grid: Grid) -> None:
        """As near as the other editor comes; its own key leaves a little more room around."""
        width, height = grid.size
        self._look(page, grid, min(1, 0.88 * WIDTH / width, 0.88 * (HEIGHT - 44) / height))

    def _look(self, page: Any, grid: Grid, zoom: float) -> None:
        page.evaluate(
            """([x, y, zoom, width, height]) => {
              const { ds } = app.canvas;
              ds.scale = zoom;
              ds.offset = [width / 2 / zoom - x, height / 2 / zoom - y];
              app.canvas.setDirty(true, true);
            }""",
            [*grid.centre, zoom, WIDTH, HEIGHT],
        )
        page.wait_for_timeout(600)

    def screen(self, page: Any, place: Point) -> Point:
        """By what its canvas keeps."""
        x, y = page.evaluate(
            "([x, y]) => { const { scale, offset } = app.canvas.ds;"
            " return [(x + offset[0]) * scale, (y + offset[1]) * scale]; }",
            place,
        )
        return x, y
