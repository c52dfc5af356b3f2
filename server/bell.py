"""Bell: whoever waits for a change of the jobs is woken by each, and looks for themselves."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung on the event loop, for any number of those who wait."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until it is rung, or for so long."""
        event = self._event
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
