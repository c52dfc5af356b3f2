"""Shelf: texts that were asked for lately, up to a bound: clients ask for the queue all the time."""

from __future__ import annotations

from collections import OrderedDict

SIZE = 8 * 2**20
"""Characters of all texts together."""
LONGEST = SIZE // 16
"""Characters of a text that is kept: a longer one would push out many."""


class Shelf:
    """Texts by number, each of which never changes. Used on the event loop alone."""

    def __init__(self, size: int = SIZE, longest: int = LONGEST) -> None:
        self._most, self._longest = size, longest
        self._texts: OrderedDict[int, str] = OrderedDict()
        self.size = 0

    def get(self, number: int) -> str | None:
        """The text, if it is still there."""
        text = self._texts.get(number)
        if text is not None:
            self._texts.move_to_end(number)
        return text

    def put(self, number: int, text: str) -> None:
        """Keep a text; those that were not asked for the longest go for it."""
        if len(text) > self._longest or number in self._texts:
            return
        self._texts[number] = text
        self.size += len(text)
        while self.size > self._most:
            self.size -= len(self._texts.popitem(last=False)[1])
