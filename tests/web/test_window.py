"""The window: dark or light as the system is, and a map that covers nothing that matters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_the_systems_theme_is_shown_until_another_is_chosen(visit: Any, wrap: Any, address: str) -> None:
    page = visit(color_scheme="light")
    page.goto(address)
    editor, root = wrap(page), page.locator("html")
    page.wait_for_selector("article.node")
    expect(root).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    editor.keys("Control+k")
    page.keyboard.type("switch between dark")
    editor.keys("Enter")
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    page.wait_for_selector("article.node")
    expect(root).to_have_attribute("data-theme", "light")


def test_the_map_covers_no_node_that_was_gone_to_and_stays_away_when_it_is_put_away(
    editor: Any, tmp_path: Path, graph: Any
) -> None:
    tree = graph(*[("Note", {"text": f"{n} in a row"}) for n in range(11)], ("Note", {"text": "lima"}))
    for n, node in enumerate(tree["nodes"]):
        node["pos"] = [n % 4 * 320, n // 4 * 220]
    editor.open(tree, tmp_path)
    page = editor.page
    corner, last = page.locator(".corner"), editor.node("12")
    assert not overlap(last.bounding_box(), corner.bounding_box())
    x, y = corner.bounding_box()["x"], corner.bounding_box()["y"]
    head = editor.head("12")
    editor.drag((head["x"] + 30, head["y"] + 8), (x + 60, y + 30))
    assert overlap(last.bounding_box(), corner.bounding_box())
    editor.keys("Escape", "Control+f")
    page.keyboard.type("lima")
    editor.keys("Enter")
    editor.until(lambda: not overlap(last.bounding_box(), corner.bounding_box()))
    editor.keys("Alt+m")
    expect(page.locator(".map")).to_have_count(0)
    page.reload()
    page.wait_for_selector("article.node")
    expect(page.locator(".map")).to_have_count(0)
    page.get_by_role("button", name="Show or hide the map").click()
    expect(page.locator(".map")).to_have_count(1)
