"""Start: what a visitor sees while the server cannot give the first graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

FIRST = "**/templates/text_to_image.json"


def test_the_first_graph_is_asked_for_again_until_it_comes(visit: Any, address: str) -> None:
    page = visit()
    failures = iter(range(3))
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if next(failures, None) is None:
            route.continue_()
        else:
            route.fulfill(status=503, body='{"error": {"message": "not ready"}}')

    page.route(FIRST, answer)
    page.goto(address)
    page.get_by_text("not ready. Trying again.").wait_for()
    page.wait_for_selector("article.node")
    page.get_by_text("Trying again").wait_for(state="detached")
    assert len(asked) == 4


def test_a_first_graph_that_is_not_there_is_said_to_be_missing(visit: Any, address: str) -> None:
    page = visit()
    page.route(FIRST, lambda route: route.fulfill(status=404, body="no such file"))
    page.goto(address)
    page.get_by_text("The first graph cannot be opened: no such file").wait_for()
    page.locator(".canvas-empty", has_text="Double-click to add a node").wait_for()
    page.get_by_role("button", name="Open a template").click()
    page.get_by_placeholder("Search saved workflows and templates").wait_for()


BEHIND = """() => [...document.querySelectorAll('.react-flow__edge')].filter((edge) => {
  const path = edge.querySelector('.wire-line');
  const matrix = path.getScreenCTM();
  const boxes = [...document.querySelectorAll('article.node')].map((one) => one.getBoundingClientRect());
  return Array.from({ length: 60 }, (_, n) =>
    path.getPointAtLength((path.getTotalLength() * n) / 59).matrixTransform(matrix)
  ).some(({ x, y }) => boxes.some((box) =>
    x > box.left + 10 && x < box.right - 10 && y > box.top - 2 && y < box.bottom + 2));
}).map((edge) => edge.dataset.id)"""
"""The wires that run behind a node, where nobody can follow them."""

ZOOM = "() => new DOMMatrix(document.querySelector('.react-flow__viewport').style.transform).a"


def test_the_shipped_workflows_open_large_enough_to_be_read_and_no_wire_runs_behind_a_node(
    editor: Any, tmp_path: Path
) -> None:
    zooms = {}
    for path in sorted((Path(__file__).parents[2] / "workflows").glob("*.json")):
        tree = json.loads(path.read_text())
        editor.open(tree, tmp_path, path.name)
        expect(editor.page.locator(".react-flow__edge")).to_have_count(len(tree["links"]))
        zooms[path.stem] = editor.page.evaluate(ZOOM)
        assert editor.page.evaluate(BEHIND) == [], path.stem
    assert min(zooms[name] for name in ("text_to_image", "image_to_image", "inpaint")) >= 0.85
    assert min(zooms.values()) >= 0.55, zooms
