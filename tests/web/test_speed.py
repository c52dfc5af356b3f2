"""What makes large graphs feel light, without a clock: what is loaded, drawn and left undrawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.web.graph import document

expect = pytest.importorskip("playwright.sync_api").expect
MOST = 250_000
SWITCHES = """() => {
  const canvas = document.querySelector('.canvas');
  window.__switches = [];
  new MutationObserver(() => window.__switches.push('far' in canvas.dataset ? 'boxes' : 'nodes'))
    .observe(canvas, { attributes: true, attributeFilter: ['data-far'] });
}"""
ADDED = """() => {
  window.__added = 0;
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((one) => [...one.addedNodes]))
      if (node.querySelector?.('article.node')) window.__added += 1;
  }).observe(document.body, { childList: true, subtree: true });
}"""
TURN = """(notches) => {
  const pane = document.querySelector('.react-flow__pane');
  const turn = { deltaY: 69, clientX: 700, clientY: 450, bubbles: true, cancelable: true };
  for (let notch = 0; notch < notches; notch += 1) pane.dispatchEvent(new WheelEvent('wheel', turn));
}"""
"""Notches of the wheel, all at once: however slow the machine is, the hand does not rest between them."""
PANNED = """() => {
  const flow = document.querySelector('.react-flow');
  window.__panned = [];
  new MutationObserver(() => window.__panned.push(flow.hasAttribute('data-panning')))
    .observe(flow, { attributes: true, attributeFilter: ['data-panning'] });
}"""

GROUND = """() => {
  const place = (_, at) => [30 + (at % 40) * 32, 860 - Math.floor(at / 40) * 36];
  const places = Array.from({ length: 40 * 20 }, place);
  return places.find(([x, y]) => document.elementFromPoint(x, y)?.classList.contains('react-flow__pane'));
}"""


def test_the_first_load_takes_little_script_and_that_compressed(
    visit: Callable[..., Any], address: str
) -> None:
    page = visit()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    scripts: set[str] = set()
    sizes: dict[str, int] = {}

    def answered(told: dict[str, Any]) -> None:
        if told["type"] == "Script":
            scripts.add(told["requestId"])

    network.on("Network.responseReceived", answered)
    network.on(
        "Network.loadingFinished",
        lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}),
    )
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector("article.node")
    loaded = [sizes[one] for one in scripts if one in sizes]
    assert loaded, "no script was seen to load"
    assert 0 < sum(loaded) <= MOST


def test_many_nodes_are_boxes_while_one_draws_back_and_nodes_when_the_hand_rests(
    editor: Any, tmp_path: Path
) -> None:
    editor.open(document(1000), tmp_path)
    editor.keys("Alt+1")
    editor.page.wait_for_selector("article.node")
    editor.rest()
    editor.page.evaluate(SWITCHES)
    editor.page.evaluate(TURN, 8)
    editor.page.wait_for_function("() => window.__switches.join() === 'boxes,nodes'")
    editor.page.wait_for_selector("article.node")
    expect(editor.page.locator("canvas.far")).to_be_hidden()


def test_a_few_nodes_stay_nodes_while_one_draws_back(editor: Any) -> None:
    editor.page.evaluate(SWITCHES)
    percent = editor.page.locator(".zoom-percent")
    before = percent.inner_text()
    editor.page.evaluate(TURN, 4)
    expect(percent).not_to_have_text(before)
    assert editor.page.evaluate("window.__switches") == []


def test_a_graph_that_is_seen_from_afar_is_opened_without_one_of_its_nodes(
    editor: Any, tmp_path: Path
) -> None:
    editor.page.evaluate(ADDED)
    editor.open(document(1000), tmp_path)
    expect(editor.page.locator("canvas.far")).to_be_visible()
    assert editor.page.evaluate("window.__added") == 0


def test_while_the_view_is_shifted_it_is_one_layer_and_afterwards_it_is_not(editor: Any) -> None:
    editor.rest()
    editor.page.evaluate(PANNED)
    x, y = editor.page.evaluate(GROUND)
    editor.drag((x, y), (x + 60, y - 40), button="middle")
    editor.page.wait_for_function("() => window.__panned[0] === true && window.__panned.at(-1) === false")
