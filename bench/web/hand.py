"""What a hand does, as real input: the same path in the same steps in every editor, as frames come."""

from __future__ import annotations

import time
from typing import Any

from bench.web.graph import Point

FRAME = 1 / 60
REACH, STEPS = 360, 26
NOTCH = 69.0
"""A notch of the wheel, at which both editors zoom by a factor of 1.1."""
NOTCHES = 22
"""As many as lead from zoom 1 to a little more than 0.1, beyond which ComfyUI's does not go."""
WORDS = "a fox in the snow"
LONGEST = 8.0
"""Seconds after which a gesture ends, done or not."""


def pan(page: Any, start: Point) -> None:
    """Drag the ground with the middle button, three times the same way and three times back."""
    end = start[0] + REACH, start[1] - REACH / 2
    ends = time.monotonic() + LONGEST
    for way in ((start, end),) * 3 + ((end, start),) * 3:
        page.mouse.move(*way[0])
        page.mouse.down(button="middle")
        _move(page, *way, ends)
        page.mouse.up(button="middle")


def drag(page: Any, start: Point) -> None:
    """Drag a node to and fro, twice."""
    end = start[0] + REACH / 2, start[1] + REACH / 4
    ends = time.monotonic() + LONGEST
    page.mouse.move(*start)
    page.mouse.down()
    for way in ((start, end), (end, start)) * 2:
        _move(page, *way, ends)
    page.mouse.up()


def _move(page: Any, start: Point, end: Point, ends: float) -> None:
    for at in range(1, STEPS + 1):
        if time.monotonic() > ends:
            return
        part = at / STEPS
        page.mouse.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)


def zoom(page: Any, place: Point) -> None:
    """Turn the wheel, out and in, twice."""
    page.mouse.move(*place)
    begun = time.monotonic()
    for turn in (1, -1, 1, -1):
        for _ in range(NOTCHES):
            if time.monotonic() - begun > LONGEST:
                return
            next = time.monotonic() + FRAME
            page.mouse.wheel(0, turn * NOTCH)
            time.sleep(max(0.0, next - time.monotonic()))


def type(page: Any) -> None:
    """Write a few words, at the pace of a quick writer."""
    begun = time.monotonic()
    for letter in WORDS:
        if time.monotonic() - begun > LONGEST:
            break
        page.keyboard.press("Space" if letter == " " else letter)
        page.wait_for_timeout(50)
