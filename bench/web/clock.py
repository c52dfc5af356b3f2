"""Times as a page itself takes them: of frames, of keys, and of a graph that was opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FRAMES = """() => {
  const kept = { times: [], going: true };
  let last = performance.now();
  const tick = (now) => {
    kept.times.push(now - last);
    last = now;
    if (kept.going) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.__frames = kept;
}"""
STOP = "() => { window.__frames.going = false; return window.__frames.times.slice(2); }"
KEYS = """() => {
  window.__keys = [];
  const begun = (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.__keys.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  };
  addEventListener('keydown', begun, true);
}"""
CHOSEN = """() => {
  const note = () => { window.__chosen = performance.now(); };
  addEventListener('change', note, { capture: true, once: true });
}"""
SETTLED = """(there) => new Promise((done) => {
  let quick = 0;
  let last = performance.now();
  const look = (now) => {
    quick = now - last < 100 && there() ? quick + 1 : 0;
    last = now;
    if (quick === 3) done(performance.now());
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def settled(page: Any, ask: str) -> float:
    """Wait until a condition holds and frames follow each other quickly; milliseconds of the page's time."""
    page.wait_for_function(f"() => {ask}", timeout=120_000)
    now: float = page.evaluate(f"({SETTLED})(() => {ask})")
    return now


def opened(page: Any, choose: Callable[[], None], ask: str) -> float:
    """Milliseconds from when a file was chosen until its graph is drawn and the page answers."""
    page.evaluate(CHOSEN)
    choose()
    now = settled(page, ask)
    begun: float = page.evaluate("window.__chosen")
    return now - begun


def frames(page: Any, act: Callable[[], None]) -> list[float]:
    """The time of each frame, in milliseconds, while something is done."""
    page.evaluate(FRAMES)
    act()
    times: list[float] = page.evaluate(STOP)
    return times


def keys(page: Any, act: Callable[[], None]) -> list[float]:
    """Milliseconds from each key to the end of the frame that shows it, while something is typed."""
    page.evaluate(KEYS)
    act()
    times: list[float] = page.evaluate("() => window.__keys")
    return times
