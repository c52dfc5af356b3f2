"""Fairness: what comes in hundreds is dealt with in turns, so that answers get in between."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from types import SimpleNamespace
from typing import Any

from server import socket
from server.job import projection
from server.job.row import ResultText
from server.pool import child
from server.pool.child import Child
from server.socket import Socket

CHATTER = """
import sys
from safelight.message import Answer, frame
sys.stdout.buffer.write(b"".join(frame(Answer(number)) for number in range(400)))
"""


def busiest_turn(work: Callable[[Callable[[], None]], Coroutine[Any, Any, None]]) -> tuple[int, int]:
    """How often `work` took note of something in all, and within one turn of the event loop."""
    turns: Counter[int] = Counter()

    async def run() -> None:
        turn = itertools.count()
        now = next(turn)

        async def pass_turns() -> None:
            nonlocal now
            while True:
                now = next(turn)
                await asyncio.sleep(0)

        others = asyncio.create_task(pass_turns())
        await work(lambda: turns.update([now]))
        others.cancel()

    asyncio.run(run())
    return turns.total(), max(turns.values())


def test_a_worker_that_reports_much_at_once_does_not_hold_up_answers() -> None:
    async def work(note: Callable[[], None]) -> None:
        await Child("worker-1", lambda _report: note()).live([sys.executable, "-c", CHATTER], os.environ)

    total, most = busiest_turn(work)
    assert total == 400
    assert most <= child.TURN


def test_a_client_with_many_messages_in_line_does_not_hold_up_answers() -> None:
    class Connection:
        closed = True

        def __init__(self, note: Callable[[], None]) -> None:
            self.note = note
            self.all = asyncio.Event()

        async def send_str(self, text: str) -> None:
            self.note()
            if text == "message 199":
                self.all.set()

    async def work(note: Callable[[], None]) -> None:
        connection = Connection(note)
        client = Socket("ann", connection, None)  # type: ignore[arg-type]
        for number in range(200):
            client.send(f"message {number}")
        await connection.all.wait()
        await client.close()

    total, most = busiest_turn(work)
    assert total == 200
    assert most <= socket.TURN


def test_a_long_history_does_not_hold_up_answers() -> None:
    class Kept:
        async def items(self, seqs: Sequence[int]) -> dict[int, str]:
            await asyncio.sleep(0)
            return dict.fromkeys(seqs, "[]")

        async def results(self, _seqs: Sequence[int]) -> dict[int, ResultText]:
            return {}

    async def work(note: Callable[[], None]) -> None:
        found: Any = [SimpleNamespace(seq=seq, id=f"job {seq}", state="done") for seq in range(1000)]
        async for _part in projection.history(Kept(), found):  # type: ignore[arg-type]
            note()

    total, most = busiest_turn(work)
    assert total == 1000 + len("{}")
    assert most <= projection.TURN + 1
