"""A person before an editor, whose clicks, drags, keys and words are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bench.web.graph import Point


@dataclass
class Count:
    """What a task took."""

    clicks: int = 0
    drags: int = 0
    keys: int = 0
    texts: int = 0
    """Prompts, names and numbers that were typed in one go."""

    @property
    def total(self) -> int:
        """All that hands did."""
        return self.clicks + self.drags + self.keys + self.texts


class Person:
    """Handles a page as a person does, and counts it."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url
        self.count = Count()

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What is done here belongs to the scene and is not counted."""
        before = replace(self.count)
        yield
        self.count = before

    def click(self, target: Any, *, times: int = 1, button: str = "left", keys: tuple[str, ...] = ()) -> None:
        """Click on an element or a place. A key that is held meanwhile counts as one."""
        self.count.clicks += times
        self.count.keys += len(keys)
        if isinstance(target, tuple):
            for key in keys:
                self.page.keyboard.down(key)
            self.page.mouse.click(*target, click_count=times, button=button)
            for key in keys:
                self.page.keyboard.up(key)
        else:
            target.click(click_count=times, button=button, modifiers=list(keys))

    def drag(self, start: Point, end: Point) -> None:
        """Press, move, let go."""
        self.count.drags += 1
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=5)
        mouse.move(*end, steps=5)
        mouse.up()

    def press(self, *keys: str) -> None:
        """Press keys; those of one chord count as one."""
        for key in keys:
            self.count.keys += 1
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        """Type words or a number."""
        self.count.texts += 1
        self.page.keyboard.type(words)

    def choose_file(self, path: str, opening: Callable[[], None]) -> None:
        """Choose a file in the system's own dialogue, which counts as one more click."""
        with self.page.expect_file_chooser() as chooser:
            opening()
        self.count.clicks += 1
        chooser.value.set_files(path)

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until a condition of the page holds."""
        self.page.wait_for_function(condition, arg=argument)
