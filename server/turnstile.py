"""Turnstile: requests that bring work are begun a few at a time; those that only look get in between."""

from __future__ import annotations

import asyncio
from collections import deque

AT_ONCE = 8
"""Requests that are begun in one turn of the event loop."""


class Turnstile:
    """Lets those who `enter` through in their order. It holds nobody up once they are through."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._free = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def enter(self) -> None:
        """Wait for one's turn, if many came together."""
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)
        if self._free and not self._waiting:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        await place

    def _turn(self) -> None:
        """Let the next few through, once in each turn of the loop."""
        self._free = self._at_once
        while self._waiting and self._free:
            place = self._waiting.popleft()
            if not place.done():  # its client has gone
                place.set_result(None)
                self._free -= 1
        self._turning = bool(self._waiting)
        if self._turning:
            asyncio.get_running_loop().call_soon(self._turn)
