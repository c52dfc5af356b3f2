"""Progress: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

import pytest

from safelight.cli import progress
from safelight.cli.progress import Progress
from safelight.core.event import NodeFinished, NodeProgressed, NodeStarted


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "monotonic", clock)
    return clock


def listen(monkeypatch: pytest.MonkeyPatch, stream: Any) -> Progress:
    monkeypatch.setattr(sys, "stderr", stream)
    return Progress({"6": "KSampler"})


def sample(
    listener: Progress, clock: Clock, seconds_a_step: float, steps: int, item: int | None = None
) -> None:
    listener(NodeStarted("6", item))
    for step in range(1, steps + 1):
        clock.now += seconds_a_step
        listener(NodeProgressed("6", step, steps))
    listener(NodeFinished("6", "ran", steps * seconds_a_step, {}, item))


def test_a_terminal_shows_a_bar_with_steps_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    stream = Terminal()
    sample(listen(monkeypatch, stream), clock, 0.5, 4)
    frames = stream.getvalue().split("\r\x1b[2K")
    assert "KSampler  ━━━━━━━━━━━━━━━━━━──────  step 3 of 4, 2.0 steps/s, 0.5 s left" in frames
    assert re.sub(r"\x1b\[\d+m", "", frames[-1]) == "KSampler  2.0 s, 2.0 steps/s\n"


def test_a_slow_step_is_told_in_seconds_a_step(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    stream = Terminal()
    sample(listen(monkeypatch, stream), clock, 40.0, 4)
    assert "step 3 of 4, 40.0 s/step, 40.0 s left" in stream.getvalue()


def test_a_pipe_gets_a_line_now_and_then_and_no_control_characters(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    stream = io.StringIO()
    sample(listen(monkeypatch, stream), clock, 1.0, 12)
    assert stream.getvalue().splitlines() == [
        "KSampler: step 5 of 12, 1.0 steps/s, 7.0 s left",
        "KSampler: step 10 of 12, 1.0 steps/s, 2.0 s left",
        "KSampler  12.0 s, 1.0 steps/s",
    ]


def test_a_node_that_runs_per_item_gets_one_line_for_all(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    stream = io.StringIO()
    listener = listen(monkeypatch, stream)
    for item in range(30):
        sample(listener, clock, 0.1, 2, item)
    listener.close()
    assert stream.getvalue().splitlines()[-1] == "KSampler  30 times, 6.0 s"
    assert len(stream.getvalue().splitlines()) <= 2


def test_trifles_of_a_large_workflow_make_no_line(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    stream = io.StringIO()
    listener = listen(monkeypatch, stream)
    listener.names = {str(number): f"Node {number}" for number in range(100)}
    for node, seconds in (("1", 0.001), ("2", 1.0)):
        listener(NodeStarted(node))
        listener(NodeFinished(node, "ran", seconds, {}))
    assert stream.getvalue() == "Node 2  1.0 s\n"


def test_what_was_found_makes_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    listener = listen(monkeypatch, stream)
    listener(NodeFinished("6", "disk", 0.0, {}))
    listener.close()
    assert stream.getvalue() == ""
