"""Measure the editor in headless Chromium: `python -m bench.web [nodes ...]`.

For each size: time until a graph is open, then frames while panning at zoom 1, dragging a node, zooming with
the wheel and panning with the whole graph in view, the time from a key to its letter, and the heap.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.web.graph import document
from bench.web.stage import stage

CHROMIUM = "/usr/bin/chromium"
SIZES = (100, 500, 1000, 2000)
SECONDS = 1.2
FRAMES = """() => {
  window.__frames = []; window.__going = true; let last = performance.now();
  const tick = (now) => {
    window.__frames.push(now - last); last = now;
    if (window.__going) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
TYPING = """() => {
  window.__keys = [];
  addEventListener('keydown', () => {
    const at = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.__keys.push(performance.now() - at);
      channel.port2.postMessage(0);
    });
  }, true);
}"""
READY = """() => new Promise((done) => {
  const look = () => {
    const there = document.querySelector('.react-flow__node, canvas.far:not([hidden])');
    requestAnimationFrame(there ? () => requestAnimationFrame(() => done(performance.now())) : look);
  };
  look();
})"""
HANDLE = """() => {
  const heads = [...document.querySelectorAll('.node-head')].map((one) => one.getBoundingClientRect());
  const inside = heads.filter((one) => one.top > 60 && one.left > 0 && one.right < 1400 && one.bottom < 850);
  const far = (one) => Math.hypot(one.x - 600, one.y - 400);
  const [head] = inside.sort((one, other) => far(one) - far(other));
  return [head.x + head.width / 2, head.y + head.height / 2];
}"""


def main(sizes: list[int]) -> None:
    """Print one line for each size."""
    print(
        "nodes  open ms  pan@1 fps/p95  drag fps/p95  zoom fps/p95  pan-all fps/p95  type med/p95 ms  heap MB"
    )
    with sync_playwright() as play, stage() as address:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
        )
        for size in sizes:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(address)
            page.wait_for_selector("#open-file", state="attached")
            page.wait_for_timeout(500)
            print(measure(page, size), flush=True)
            page.close()


def measure(page: Page, size: int) -> str:
    """One size, as a line."""
    opened = open_graph(page, size)
    page.evaluate("window.gc && gc()")
    heap = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    near(page)
    pan = frames(page, lambda: stroke(page, (700, 860), sideways=True))
    drag = frames(page, lambda: drag_node(page))
    zoom = frames(page, lambda: wheel(page))
    fit(page)
    whole = frames(page, lambda: stroke(page, (20, 880), sideways=True))
    keys = typing(page)
    return (
        f"{size:5d}  {opened:7.0f}  {pan:>13}  {drag:>12}  {zoom:>12}  {whole:>15}  {keys:>15}  {heap:7.1f}"
    )


def open_graph(page: Page, size: int) -> float:
    """Open a graph through the file field; milliseconds until it is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph{size}.json"
        path.write_text(json.dumps(document(size)))
        begun = page.evaluate("performance.now()")
        page.set_input_files("#open-file", path)
        ready: float = page.evaluate(READY)
    page.wait_for_timeout(400)
    return ready - begun


def near(page: Page) -> None:
    """Zoom 1 in the middle of the graph."""
    page.mouse.click(700, 860)
    page.keyboard.press("Alt+1")
    page.wait_for_timeout(500)


def fit(page: Page) -> None:
    """Everything in view."""
    page.mouse.move(20, 880)
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+1")
    page.wait_for_timeout(900)


def frames(page: Page, act: Callable[[], None]) -> str:
    """Frames a second and the 95th percentile of a frame's time while something is done."""
    page.evaluate(FRAMES)
    act()
    times: list[float] = page.evaluate("() => { window.__going = false; return window.__frames.slice(2); }")
    page.wait_for_timeout(300)
    return f"{1000 * len(times) / sum(times):.0f} / {percentile(times):.0f}"


def percentile(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def stroke(page: Page, start: tuple[int, int], *, sideways: bool) -> None:
    """Drag to and fro from a point for a while."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    end, step = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        step += 1
        swing = abs((step * 14) % 800 - 400)
        page.mouse.move(x + (swing if sideways else 0), y - swing // 2)
    page.mouse.up(button="middle")


def drag_node(page: Page) -> None:
    """Drag the node whose title bar is nearest to the middle."""
    x, y = page.evaluate(HANDLE)
    page.mouse.move(x, y)
    page.mouse.down()
    end, step = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + (step * 7) % 160, y + (step * 5) % 90)
    page.mouse.up()


def wheel(page: Page) -> None:
    """Zoom out and in over the middle."""
    page.mouse.move(700, 450)
    end, step = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.wheel(0, 60 if step % 60 < 30 else -60)


def typing(page: Page) -> str:
    """Milliseconds from a key to the frame after it: median and 95th percentile."""
    page.keyboard.press("Control+f")
    page.keyboard.type("CLIP Text")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    page.wait_for_selector("textarea:focus")
    page.evaluate(TYPING)
    for letter in "a fox in the snow at dawn, soft light":
        page.keyboard.press(letter if letter != " " else "Space")
        page.wait_for_timeout(25)
    times: list[float] = page.evaluate("window.__keys")
    page.keyboard.press("Escape")
    return f"{statistics.median(times):.0f} / {percentile(times):.0f}"


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or list(SIZES))
