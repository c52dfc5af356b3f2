"""A plant: jobs in SQLite, real worker processes with toy nodes, and the dispatch between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from safelight import Graph
from safelight.core.event import Event
from safelight.message import Ended
from server.dispatch import Dispatch
from server.job.face import Jobs
from server.job.record import Ending, Job, NewJob, Summary
from server.job.store import JobStore
from server.pool import Limits, LocalPool, Lost, Notice

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
COLD = ("--cold", "--module", "toy_nodes")


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> float:
    """Wait until something is so; returns how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never came to be"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


@dataclass
class Heard:
    """Takes the place of those who tell clients: notes what it is told, and when."""

    happened_: list[tuple[str, Event]] = field(default_factory=list)
    ends: dict[str, list[Ended]] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    starts: list[str] = field(default_factory=list)
    previews: list[bytes] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    recalls: list[str] = field(default_factory=list)

    def started(self, job: Job) -> None:
        self.starts.append(job.id)

    def happened(self, job: Job, event: Event, preview: bytes = b"", format: str = "jpeg") -> None:
        self.happened_.append((job.id, event))
        if preview:
            self.previews.append(preview)

    def ended(self, job: Job, ended: Ended) -> Ending:
        self.ends.setdefault(job.id, []).append(ended)
        return Ending(ended.status, outputs=ended.outputs, nodes=ended.nodes, error=ended.error)  # type: ignore[arg-type]

    def settled(self, job: Job) -> None:
        self.told[job.id] = time.monotonic()

    def dropped(self, job: Job) -> None:
        self.drops.append(job.id)

    def recalled(self, job: Summary) -> None:
        self.recalls.append(job.id)

    def saw(self, job: str, kind: type) -> bool:
        """Whether a job told of such an event."""
        return any(id == job and isinstance(event, kind) for id, event in self.happened_)


@dataclass
class Plant:
    """All that runs jobs, without the web around it."""

    data: Path
    jobs: Jobs
    pool: LocalPool
    dispatch: Dispatch
    heard: Heard

    async def put(self, id: str, type: str, /, client: str = "c", **inputs: Any) -> None:
        """Queue a job of one toy node."""
        graph = Graph()
        graph.add("1", type, **inputs)
        await self.put_graph(id, graph, client)

    async def put_graph(self, id: str, graph: Graph, client: str = "c", **fields: Any) -> None:
        """Queue a job."""
        tree = {
            one: {"class_type": node.type, "inputs": plain(node.inputs)} for one, node in graph.nodes.items()
        }
        new = NewJob(
            id, dump(tree), fields.pop("roots", ()), dump(graph.as_tree()), client_id=client, **fields
        )
        await self.jobs.accept(new)

    async def end_of(self, id: str, seconds: float = PATIENCE) -> Job:
        """The job when it has ended and that was told."""
        await until(lambda: id in self.heard.told, seconds)
        job = await self.jobs.get(id)
        assert job is not None
        return job

    async def ready(self, count: int = 1) -> None:
        """Wait for idle workers."""
        await until(lambda: sum(one.state == "idle" for one in self.pool.workers()) == count)

    @property
    def worker(self) -> Any:
        """The only worker."""
        (worker,) = self.pool.workers()
        return worker


def plain(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in inputs.items()}


def dump(tree: Any) -> str:
    import json

    return json.dumps(tree)


Body = Callable[[Plant], Awaitable[Any]]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A function that starts a plant, does something with it, and shuts it down."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{Path(__file__).parent}")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def run(body: Body, workers: int = 1, options: tuple[str, ...] = COLD, **limits: Any) -> Any:
        async def whole() -> Any:
            jobs = Jobs(JobStore(tmp_path / "jobs.sqlite"))
            pool = LocalPool(tmp_path, workers, limits=Limits(**limits), options=options)
            heard = Heard()
            dispatch = Dispatch(tmp_path, jobs, pool, heard)
            await dispatch.start()
            await pool.start()
            try:
                return await body(Plant(tmp_path, jobs, pool, dispatch, heard))
            finally:
                await dispatch.close()
                await pool.close()
                await jobs.close()

        return asyncio.run(whole())

    return run


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A function that starts a pool alone, does something with it and what it hears, and closes it."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{Path(__file__).parent}")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def run(
        body: Callable[[LocalPool, list[Notice]], Coroutine[Any, Any, Any]],
        workers: int = 1,
        options: tuple[str, ...] = COLD,
        **limits: Any,
    ) -> Any:
        async def whole() -> Any:
            notices: list[Notice] = []
            pool = LocalPool(tmp_path, workers, limits=Limits(**limits), options=options)
            pool.hear = lambda _name, notice: notices.append(notice)
            await pool.start()
            try:
                return await body(pool, notices)
            finally:
                await pool.close()

        return asyncio.run(whole())

    return run


__all__ = ["Lost"]
