"""A server in a thread: its real routes, guard, store and sockets. No workers: jobs wait."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from safelight.core.error import SafelightError
from safelight.message import Run
from server.app import build
from server.listen import bind, listening
from server.option import Options
from server.pool.protocol import Hear, WorkerGone, WorkerInfo


class NoWorkers:
    """A pool without workers: jobs wait."""

    def __init__(self) -> None:
        self.hear: Hear = lambda _name, _notice: None

    async def start(self) -> None: ...

    async def submit(self, worker: str, run: Run) -> None:
        raise WorkerGone(worker)

    async def cancel(self, job: str) -> bool:
        return False

    async def free(self, models: bool, memory: bool) -> None: ...

    async def ask(self, question: str, payload: Any = None, *, patience: float = 30.0) -> Any:
        raise SafelightError("there is no worker")

    def workers(self) -> list[WorkerInfo]:
        return []

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def tree(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        return str(self.tree["error"]["message"])


@dataclass(frozen=True)
class Live:
    """A server that runs."""

    host: str
    port: int
    data: Path

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = HTTPConnection(self.host, self.port, timeout=20)
        try:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, data, headers or {})
            answer: HTTPResponse = connection.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})

    def post(self, path: str, tree: Any) -> Answer:
        return self.ask("POST", path, json.dumps(tree), {"Content-Type": "application/json"})

    def upload(self, path: str, name: str, data: bytes, **texts: str) -> Answer:
        body, type = form(name, data, **texts)
        return self.ask("POST", path, body, {"Content-Type": type})

    def raw(self, data: bytes, *, patience: float = 10.0) -> bytes:
        """Send bytes as they are; what comes until the server ends the connection, or stays silent."""
        with socket.create_connection((self.host, self.port), timeout=patience) as connection:
            connection.sendall(data)
            got = b""
            try:
                while part := connection.recv(2**16):
                    got += part
            except TimeoutError:
                got += b"(silence)"
            return got


def form(name: str, data: bytes, **texts: str) -> tuple[bytes, str]:
    """A form with one file, as browsers send it."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
        for key, text in texts.items()
    ]
    head = f'--edge\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n\r\n'.encode()
    return b"".join([*parts, head, data, b"\r\n--edge--\r\n"]), "multipart/form-data; boundary=edge"


@contextmanager
def alive(options: Options, *, silence: float = 15.0) -> Iterator[Live]:
    """A server without workers, from start to end."""
    bound = bind("127.0.0.1", 0)
    port = bound.getsockname()[1]
    ready = threading.Event()
    inside: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stop = asyncio.Event()
        inside.append((asyncio.get_running_loop(), stop))
        async with listening(build(replace(options, port=port), pool=NoWorkers()), bound, silence):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield Live("127.0.0.1", port, options.data)
    finally:
        loop, stop = inside[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One server for the tests of a module."""
    with alive(Options(tmp_path_factory.mktemp("data") / "home")) as server:
        yield server


@pytest.fixture(scope="session")
def start() -> Any:
    """How a test starts a server with options of its own."""
    return alive
