"""Child: one life of one worker process, from its start to its end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from safelight.message import LENGTHS, Message, MessageError, frame, lengths, message
from server.pool.protocol import WorkerGone
from server.pool.tail import Tail

CHUNK = 1 << 16
TURN = 8
"""Reports that are heard before others in the event loop get their turn: hundreds may have come together."""
FLOOD = 1 << 24
"""Bytes of log a second above which the worker has to wait for its reader."""
LINGER = 0.5
"""Seconds that the log is read for after the process ended; what it started may hold it open."""
LAST_WORDS = 1.0
"""Seconds that a stuck process gets to say where it is stuck."""
PATIENCE = 20.0
"""Seconds for an order to fit into the pipe."""


class Child:
    """A process that was started. `hear` is told each message as it comes."""

    def __init__(self, name: str, hear: Callable[[Message], None]) -> None:
        self.name = name
        self.tail = Tail()
        self.heard = monotonic()
        """When it was last heard of."""
        self.reason = ""
        """Why it is being ended, if it is by us."""
        self._hear = hear
        self._process: Process | None = None
        self._log = logging.getLogger(f"safelight.worker.{name}")

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid if self._process is not None else None

    async def live(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Start the process and hear it until it ends; returns why it ended."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=dict(environment), stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
        except OSError as error:
            return f"it cannot be started ({error})"
        process = self._process
        log = asyncio.create_task(self._read_log(process))
        try:
            await self._read_reports(process)
            code = await process.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(log), LINGER)
        finally:
            log.cancel()
            if process.returncode is None:
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
        return self.reason or why(code)

    async def send(self, order: Message) -> None:
        """Send an order. WorkerGone if it does not get there."""
        pipe = self._process.stdin if self._process is not None else None
        if pipe is None or pipe.is_closing() or self.reason:
            raise WorkerGone(self.name)
        try:
            pipe.write(frame(order))
            async with asyncio.timeout(PATIENCE):
                await pipe.drain()
        except (OSError, TimeoutError) as error:
            raise WorkerGone(self.name) from error

    def end(self, reason: str) -> None:
        """Kill it, for this reason."""
        self.reason = self.reason or reason
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end_stuck(self, reason: str) -> None:
        """Kill it when it has said where it is stuck."""
        self.reason = self.reason or reason
        if self._process is not None and sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGABRT)  # Python writes the stacks of all threads
            await asyncio.sleep(LAST_WORDS)
        self.end(reason)

    async def gone(self, seconds: float) -> bool:
        """Wait for the end; tells whether it came."""
        if self._process is None:
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), seconds)
        return self._process.returncode is not None

    async def _read_reports(self, process: Process) -> None:
        assert process.stdout is not None
        try:
            for number in itertools.count(1):
                header, body = lengths(await process.stdout.readexactly(LENGTHS.size))
                data = await process.stdout.readexactly(header + body)
                self.heard = monotonic()
                self._tell(message(data[:header], data[header:]))
                if number % TURN == 0:
                    await asyncio.sleep(0)
        except asyncio.IncompleteReadError:
            return
        except MessageError as error:
            self.end(f"it cannot be understood: {error}")

    def _tell(self, report: Message) -> None:
        try:
            self._hear(report)
        except Exception:  # noqa: BLE001 - a mistake of the server's must not end its worker
            self._log.exception("what %s reports cannot be dealt with", self.name)

    async def _read_log(self, process: Process) -> None:
        """Read all that it writes, so that it need not wait; only a flood has to."""
        assert process.stderr is not None
        second, read = monotonic(), 0
        while data := await process.stderr.read(CHUNK):
            for line in self.tail.feed(data):
                self._log.info("%s", line)
            read += len(data)
            if monotonic() - second >= 1:
                second, read = monotonic(), 0
            elif read > FLOOD:
                await asyncio.sleep(second + 1 - monotonic())


def why(code: int) -> str:
    """What an exit code says."""
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"it was ended by {name}{hint}"


def environment() -> dict[str, str]:
    """What a worker finds in its environment."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
