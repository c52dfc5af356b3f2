"""The jobs of a server: real routes, sockets and store; an engine in this process stands in for workers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nodes.utilities.looping.end import end_loop
from nodes.utilities.looping.start import start_loop
from safelight import Context, Image, Model, Number, Registry, Seed, Text, node
from safelight.core.cancel import Cancel
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.error import BadInput
from safelight.core.event import Event, NodeProgressed
from safelight.core.folder import Folders
from safelight.core.graph import Graph
from safelight.core.outcome import Blocked, Expand
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.core.widget import Choice, File
from safelight.message import Ended, plain
from safelight.setting import Settings
from server.app import _answering
from server.catalogue import Catalogue
from server.guard import Guard
from server.hub import Hub
from server.job import Job, Jobs, JobStore, Summary
from server.log import Ring
from server.option import Options
from server.route import history, job, prompt, queue, socket
from server.state import STATE, State
from server.translation import Translation


@node("Paint", category="toy", title="Paint")
def paint(
    ctx: Context,
    *,
    text: Annotated[str, Text()] = "",
    seed: Annotated[int, Seed()] = 0,
    steps: Annotated[int, Number(min=1, max=100)] = 2,
    style: Annotated[str, Choice(of=("oil", "ink"))] = "oil",
) -> Any:
    """Paint a picture in steps."""
    if text == "fail":
        raise ValueError("the brush broke")
    for step in range(steps):
        ctx.progress(step + 1, steps, b"a picture")
    return f"{text} {seed}"


@node("Save", category="toy", effect=True)
def save(ctx: Context, *, images: Image, filename_prefix: Annotated[str, Text()] = "x") -> None:
    """Save a picture."""
    ctx.show("images", [{"filename": f"{filename_prefix}.png", "subfolder": "", "type": "output"}])


@node("Silent", category="toy", effect=True, cached=True)
def silent(*, images: Image) -> None:
    """Do something that shows nothing."""


@node("Load", category="toy")
def load(*, name: Annotated[str, File("checkpoints")]) -> Model:
    """Load a model."""
    return name


@node("Use", category="toy")
def use(*, model: Model) -> Any:
    """Use a model."""
    return f"by {model}"


@node("Endless", category="toy", cached=False)
def endless(ctx: Context) -> Any:
    """Run until it is cancelled."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        ctx.check()
        time.sleep(0.005)
    return "never"


@node("Twice", category="toy")
def twice(*, images: Image) -> Any:
    """Paint again, with a node of its own."""
    graph = Graph()
    inner = graph.add("brush", "Paint", text="again")
    return Expand(graph, [inner])


@node("Retouch", category="toy")
def retouch(*, images: Image) -> Any:
    """Change a picture a little."""
    return f"{images}!"


@node("Block", category="toy")
def block(*, images: Image) -> Any:
    """Give nothing on."""
    return Blocked("there is nothing to see")


@node("Refuse", category="toy", effect=True)
def refuse(*, images: Image) -> None:
    """Find fault with an input."""
    raise BadInput("images", "the picture is upside down", "Turn it.")


NODES = (paint, save, silent, load, use, endless, twice, retouch, block, refuse, start_loop, end_loop)


class Player:
    """Takes jobs and runs them in a thread of this process, as a pool and its dispatch would."""

    def __init__(self, jobs: Jobs, hub: Hub, data: Path, registry: Registry) -> None:
        self.jobs = jobs
        self.told = Translation(hub)
        self.cancels: dict[str, Cancel] = {}
        self.freed: list[tuple[bool, bool]] = []
        self.faults: list[dict[str, Any]] = []
        digests = Digests()
        store = Store(MemoryStore(10**8), digest_of=digests.of)
        self.engine = Engine(registry, store, Folders(data), digests=digests)

    async def run_next(self) -> Job | None:
        taken = await self.jobs.take("w1")
        if taken is not None:
            await self.run(taken)
        return taken

    async def run_all(self) -> None:
        while await self.run_next() is not None:
            pass

    async def run(self, taken: Job) -> None:
        cancel = self.cancels[taken.id] = Cancel()
        loop = asyncio.get_running_loop()

        def heard(event: Event) -> None:
            loop.call_soon_threadsafe(self.told.happened, taken, event)
            if isinstance(event, NodeProgressed):  # a worker sends the picture later, when it is encoded
                loop.call_soon_threadsafe(self.told.happened, taken, event, event.preview, "png")

        self.told.started(taken)
        graph = Graph.from_tree(taken.tree())
        result = await asyncio.to_thread(
            lambda: self.engine.run(graph, list(taken.roots), listener=heard, cancel=cancel)
        )
        await asyncio.sleep(0)
        nodes = {
            id: {"type": report.type, "state": report.state, "blocked": report.blocked}
            for id, report in result.nodes.items()
        }
        outputs = {id: plain(report.shown) for id, report in result.nodes.items() if report.shown}
        error = result.error.as_dict() if result.error is not None else None
        ended = Ended(taken.id, taken.attempt, result.status, result.seconds, error, nodes, outputs)
        await self.jobs.finish(taken.id, self.told.ended(taken, ended))
        self.told.settled(taken)

    async def cancel(self, id: str) -> Any:
        before = await self.jobs.cancel(id)
        if id in self.cancels:
            self.cancels[id].cancel()
        if before == "queued" and (job := await self.jobs.get(id)) is not None:
            await self.recalled(job)
        return before

    async def recalled(self, job: Summary) -> None:
        if job.attempt:
            self.told.recalled(job)

    async def free(self, models: bool, memory: bool) -> None:
        self.freed.append((models, memory))

    async def ask(self, question: str, payload: Any, *, patience: float) -> Any:
        assert question == "validate"
        return self.faults

    def workers(self) -> list[Any]:
        return []


def picture(text: str = "a cat", seed: int = 1, **inputs: Any) -> dict[str, Any]:
    """A prompt that paints one picture."""
    return {
        "1": {"class_type": "Paint", "inputs": {"text": text, "seed": seed, **inputs}},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}, "_meta": {"title": "Keep it"}},
    }


def endless_picture() -> dict[str, Any]:
    """A prompt that runs until it is cancelled."""
    return {
        "1": {"class_type": "Endless", "inputs": {}},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
    }


class House:
    """One server under test, and a client of it."""

    def __init__(self, client: TestClient[Any, Any], state: State, player: Player) -> None:
        self.client = client
        self.state = state
        self.jobs: Jobs = state.jobs
        self.hub: Hub = state.hub
        self.player = player

    paint = staticmethod(picture)
    endless = staticmethod(endless_picture)

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.client.get(path) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        async with self.client.post(path, data=data) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return json.loads(text) if text else None

    async def submit(self, prompt: Any = None, status: int = 200, **fields: Any) -> Any:
        return await self.post("/prompt", {"prompt": prompt or picture(), **fields}, status)

    async def connect(self, client: str) -> Ear:
        ear = Ear(await self.client.ws_connect(f"/ws?clientId={client}"))
        await ear.next()
        return ear


class Ear:
    """A socket that keeps what it hears."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Any] = []

    async def next(self) -> Any:
        message = await self.socket.receive(timeout=60)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        told = json.loads(message.data) if isinstance(message.data, str) else message.data
        self.heard.append(told)
        return told

    async def until(self, type: str) -> Any:
        while True:
            told = await self.next()
            if isinstance(told, dict) and told["type"] == type:
                return told["data"]

    async def until_over(self) -> list[Any]:
        """All that is told of a job, without what is told of the queue."""
        while True:
            data = await self.until("executing")
            if data["node"] is None:
                return [told for told in self.heard if not isinstance(told, dict) or told["type"] != "status"]


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[House]:
    (data / "models/checkpoints").mkdir(parents=True, exist_ok=True)
    (data / "models/checkpoints/sd.safetensors").touch()
    registry = Registry(function.spec for function in NODES)
    folders = Folders(data)
    catalogue = Catalogue(folders, data / "cache")
    catalogue.registry = registry
    jobs = Jobs(JobStore(data / "jobs.sqlite"))
    await jobs.recover()
    hub = Hub(jobs.count)
    jobs.listen(hub.queue_changed)
    player = Player(jobs, hub, data, registry)
    state = State(
        options=Options(data),
        settings=Settings(),
        folders=folders,
        catalogue=catalogue,
        guard=Guard("127.0.0.1"),
        log=Ring(),
        jobs=jobs,
        hub=hub,
        pool=player,
        dispatch=player,
    )
    app = web.Application(middlewares=[_answering])
    app[STATE] = state
    for module in (prompt, queue, history, job, socket):
        app.add_routes(module.ROUTES)
    async with TestClient(TestServer(app)) as client:
        yield House(client, state, player)
        await hub.close()
    player.engine.close()
    await jobs.close()


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[Callable[[House], Coroutine[Any, Any, None]]], None]:
    """A function that runs a test's body against a fresh server."""

    def run(body: Callable[[House], Coroutine[Any, Any, None]]) -> None:
        async def inside() -> None:
            async with opened(tmp_path) as house:
                await body(house)

        asyncio.run(inside())

    return run


@pytest.fixture
def house_of() -> Callable[[Path], Any]:
    return opened
