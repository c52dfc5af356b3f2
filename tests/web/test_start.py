"""Start: what a visitor sees while the server cannot give the first graph."""

from __future__ import annotations

from typing import Any

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
