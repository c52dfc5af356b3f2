"""Reach: phones, people who do not see the canvas, the light theme, and a server that goes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def test_the_graph_is_a_list_in_the_order_in_which_it_runs(editor: Any) -> None:
    editor.keys("l")
    names = [one.inner_text() for one in editor.page.locator(".outline-node header button").all()]
    assert names.index("Load Checkpoint") < names.index("What to show") < names.index("KSampler")
    assert names[-1] == "Save Image"
    editor.page.locator(".outline-node").get_by_role("spinbutton", name="steps").click()
    editor.page.keyboard.type("9")
    editor.keys("Enter")
    assert editor.values("6")["steps"] == 9
    assert editor.node("6").get_by_role("spinbutton", name="steps").get_attribute("aria-valuenow") == "9"


def test_on_a_phone_the_graph_is_a_list_first(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(address)
    page.get_by_role("button", name="Graph", exact=True).click()
    page.locator(".outline-node").first.wait_for()
    page.get_by_role("button", name="Close").click()
    assert page.locator("canvas.far").is_visible()
    page.close()


def test_nodes_and_sockets_have_names_and_edges_take_no_focus(editor: Any) -> None:
    assert editor.page.get_by_role("article", name="KSampler, node 6").count() == 1
    assert editor.page.locator(".react-flow__edge[tabindex]").count() == 0


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed in web/")
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_serious(editor: Any, theme: str) -> None:
    if theme == "light":
        editor.page.get_by_role("button", name="Switch between dark and light").click()
    for keys in ("l", "u", "g", "q", "Control+k"):
        editor.keys(keys)
        editor.page.wait_for_timeout(150)
        editor.page.evaluate(AXE.read_text())
        found = editor.page.evaluate("axe.run()")["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_theme_stays_after_a_reload(editor: Any) -> None:
    editor.page.get_by_role("button", name="Switch between dark and light").click()
    editor.page.reload()
    editor.page.wait_for_selector("html[data-theme=light]")


def test_without_a_connection_work_goes_on_and_it_comes_back(editor: Any) -> None:
    editor.page.context.set_offline(True)
    editor.keys("Control+Enter")
    editor.page.get_by_text("The server could not do this").or_(
        editor.page.get_by_text("No connection")
    ).first.wait_for()
    editor.pick("5")
    editor.keys("Delete")
    assert len(editor.document()["nodes"]) == 7
    editor.page.context.set_offline(False)
    editor.page.reload()
    editor.page.wait_for_function("() => document.querySelectorAll('article.node').length == 7")
