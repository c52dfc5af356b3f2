"""Reach: phones, people who do not see the canvas, the light theme, and a server that goes away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect


def test_the_graph_is_a_list_in_the_order_in_which_it_runs(editor: Any) -> None:
    editor.keys("l")
    editor.page.locator(".outline-node").nth(7).wait_for()
    names = [one.inner_text() for one in editor.page.locator(".outline-node header button").all()]
    assert names.index("Load Checkpoint") < names.index("What to show") < names.index("KSampler")
    assert names[-1] == "Save Image"
    editor.page.locator(".outline-node").get_by_role("spinbutton", name="steps").click()
    editor.page.keyboard.type("9")
    editor.keys("Enter")
    assert editor.values("6")["steps"] == 9
    expect(editor.node("6").get_by_role("spinbutton", name="steps")).to_have_attribute("aria-valuenow", "9")


def test_on_a_phone_the_graph_is_a_list_first(visit: Any, address: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(address)
    page.get_by_role("button", name="Graph", exact=True).click()
    page.locator(".outline-node").first.wait_for()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("canvas.far")).to_be_visible()


def test_nodes_and_sockets_have_names_and_edges_take_no_focus(editor: Any) -> None:
    expect(editor.page.get_by_role("article", name="KSampler, node 6")).to_have_count(1)
    expect(editor.page.locator(".react-flow__edge[tabindex]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_serious(editor: Any, theme: str, axe: str) -> None:
    if theme == "light":
        editor.page.get_by_role("button", name="Switch between dark and light").click()
    editor.page.evaluate(axe)
    for keys in ("l", "u", "g", "q", "Control+k"):
        editor.keys(keys)
        editor.rest()
        found = editor.page.evaluate("axe.run()")["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_theme_stays_after_a_reload(editor: Any) -> None:
    editor.page.get_by_role("button", name="Switch between dark and light").click()
    editor.page.reload()
    editor.page.wait_for_selector("html[data-theme=light]")


def test_without_a_connection_work_goes_on_and_it_comes_back(editor: Any) -> None:
    editor.page.context.set_offline(True)
    editor.keys("Control+Enter")
    editor.page.get_by_text("The server cannot be reached, so this was not done.").wait_for()
    editor.pick("5")
    editor.keys("Delete")
    assert len(editor.document()["nodes"]) == 7
    editor.page.context.set_offline(False)
    editor.page.reload()
    editor.page.wait_for_function("() => document.querySelectorAll('article.node').length == 7")


def test_who_wants_no_motion_gets_none(visit: Any, address: str) -> None:
    page = visit(reduced_motion="reduce")
    page.goto(address)
    page.wait_for_selector("article.node")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((one) => { const style = getComputedStyle(one);"
        " return parseFloat(style.transitionDuration) > 0.001"
        " || (style.animationName !== 'none' && parseFloat(style.animationDuration) > 0.001);"
        " }).map((one) => one.className)"
    )
    assert moving == []


def test_letters_are_as_large_as_a_person_chose_and_nothing_is_cut_off(
    large: Any, address: str, wrap: Any
) -> None:
    page = large.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    expect(page.locator("article.node").first).to_be_visible()
    editor = wrap(page)
    editor.rest()
    for asked, least, most in ((".run-button", 22, 30), (".bar-title", 22, 30), (".node-title", 9, 14)):
        size = page.locator(asked).first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        assert least <= size <= most, f"{asked} has letters of {size} pixels"
    editor.keys("Control+k")
    page.locator(".palette").wait_for()
    beyond = page.evaluate(
        "[...document.querySelectorAll('.bar button, .bar input, .palette')].filter((one) => {"
        " const box = one.getBoundingClientRect();"
        " return box.right > innerWidth || box.bottom > innerHeight; }).map((one) => one.className)"
    )
    assert beyond == []
