"""Engine: runs graphs over one registry, one store and one set of folders."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple
from weakref import WeakSet

from safelight.core.cancel import Cancel
from safelight.core.cell import DONE, Cell
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.context import Context
from safelight.core.digest import Digests
from safelight.core.epoch import Epoch
from safelight.core.error import Cancelled, GraphError, Problems
from safelight.core.event import Listener, RunFinished, RunStarted
from safelight.core.explain import Ledger, explain
from safelight.core.folder import Folders
from safelight.core.graph import Graph, Node
from safelight.core.journal import Journal
from safelight.core.key import Key, Keys, unlike_any
from safelight.core.lane import Loop, Threads
from safelight.core.outcome import Blocked
from safelight.core.registry import Registry
from safelight.core.report import Result, Values
from safelight.core.run.run import Run
from safelight.core.spec import NodeSpec
from safelight.core.store.tier import Store
from safelight.core.validation import Walk, roots_of
from safelight.core.waypoint import Waypoints

COLLECT_EVERY = 100_000
"""New containers between two collections of garbage during a run."""


_open: WeakSet[Engine] = WeakSet()
_stores: WeakSet[Store] = WeakSet()
"""Those of open engines; a store that is still being written outlives its engine."""


class Rung(NamedTuple):
    """A step of the ladder for a node that ran out of memory: what was done, and a thriftier plan, if any."""

    text: str
    plan: Any = None


Relief = Callable[[int], Rung | None]


@dataclass
class Job:
    """What one run was asked to do, and what it needs along the way."""

    cancel: Cancel
    listener: Listener | None = None
    prompt: Mapping[str, Any] | None = None
    workflow: Mapping[str, Any] | None = None
    fresh: bool = False
    journal: Journal | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    walk: Walk = field(init=False)
    notices: list[str] = field(default_factory=list)
    levels: dict[tuple[str, int | None], int] = field(default_factory=dict)
    """How far up the ladder each cell went."""
    plans: dict[tuple[str, int | None], Any] = field(default_factory=dict)
    """Plans of their own, for cells that ran out of memory."""

    def graph(self) -> Graph:
        """The graph as it is now, expansions included."""
        return Graph.over(self.nodes)


class Engine:
    """Runs graphs, one after the other. `with` closes it at the end, which writes what is left."""

    def __init__(
        self,
        registry: Registry,
        store: Store,
        folders: Folders,
        *,
        epoch: Epoch | None = None,
        digests: Digests | None = None,
        plan: Any = None,
        checkpoints: Path | None = None,
        waypoints: Path | None = None,
        ledger: Ledger | None = None,
        relief: Relief | None = None,
    ) -> None:
        """`plan` is the arithmetic plan given to bodies; what of it matters for results is in `epoch`."""
        self.registry = registry
        self.store = store
        self.folders = folders
        self.digests = digests or Digests()
        self.epoch = epoch or Epoch()
        self.plan = plan
        self.checkpoints = checkpoints
        self.waypoints = Waypoints(waypoints, store.codec, repr(self.epoch.parts)) if waypoints else None
        self.ledger = ledger or Ledger()
        self.relief = relief
        self.keys = Keys(self.epoch, folders, self.digests)
        self.threads = Threads()
        self.loop = Loop()
        store.codec.register("blocked", Blocked, lambda blocked: blocked.message, Blocked)
        _open.add(self)
        _stores.add(store)

    def run(
        self,
        graph: Graph,
        roots: Iterable[str] | None = None,
        *,
        listener: Listener | None = None,
        cancel: Cancel | None = None,
        prompt: Mapping[str, Any] | None = None,
        workflow: Mapping[str, Any] | None = None,
        fresh: bool = False,
        journal: Journal | None = None,
    ) -> Result:
        """Run the roots (all nodes with an effect, if none are named) and what they need.

        `fresh` neither looks results up nor stores them. A `journal` makes this one of several attempts at
        the same job, of which those before were interrupted. Raises Problems if the graph cannot be run; what
        goes wrong later is in the result.
        """
        with _seldom_collected():
            asked = Job(Cancel() if cancel is None else cancel, listener, prompt, workflow, fresh, journal)
            return self._run(graph, roots, asked)

    def _run(self, graph: Graph, roots: Iterable[str] | None, job: Job) -> Result:
        started = perf_counter()
        asked = list(dict.fromkeys(roots_of(graph, self.registry) if roots is None else roots))
        job.nodes = dict(graph.nodes)
        walk = job.walk = Walk(job.graph(), self.registry, self.folders)
        problems = walk.extend(asked)
        if not asked:
            problems = [_nothing_to_do(graph, self.registry)]
        if problems:
            raise Problems(problems)
        order = walk.take_order()
        self.store.refresh()
        try:
            keys = self._keys(order, job)
        except Cancelled as cancelled:
            return Result("cancelled", perf_counter() - started, {}, error=cancelled)
        job.notices.extend(walk.found.notices)
        if job.listener is not None:
            job.listener(RunStarted(tuple(entry[0] for entry in order)))
        run = Run(self, job, keys)
        ends = {id: walk.loops.root(id) for id in asked}
        wanted = list(dict.fromkeys(ends.values()))
        run.forced.update(end for id, end in ends.items() if end != id)
        run.execute(order, wanted)
        past = self.ledger.past(graph.nodes)
        self.ledger.remember(graph, run)
        result = self._result(run, wanted, started)
        result.explained = lambda: explain(past, run, result)
        if job.listener is not None:
            job.listener(RunFinished(result.status, result.seconds))
        return result

    def _keys(self, order: list[tuple[str, Node, NodeSpec]], job: Job) -> dict[str, Key]:
        """The keys of all nodes; to hash a model file that is new takes seconds, so it can be cancelled."""
        keys: dict[str, Key] = {}
        self.digests.check = job.cancel.check
        self.keys.nonce = job.journal.nonce if job.journal is not None else unlike_any
        try:
            self.keys.extend(keys, order)
        except GraphError as error:
            raise Problems([error]) from error
        return keys

    def _result(self, run: Run, roots: list[str], started: float) -> Result:
        records = {}
        for root in roots:
            cell = run.demand.cells.get(root)
            if cell is not None and cell.state == DONE and cell.record is not None:
                records[root] = cell.record
        status = run.schedule.ending or "done"
        return Result(
            status,
            perf_counter() - started,
            run.account.reports,
            Values(records),
            error=run.schedule.error,
            notices=run.job.notices,
        )

    def context(self, job: Job, cell: Cell) -> Context:
        """The context for one call of a body."""
        checkpoint = None
        if self.checkpoints is not None and cell.spec.cached and not job.fresh:
            checkpoint = DiskCheckpoint(self.checkpoints, cell.key, self.store.codec, self.waypoints)
        return Context(
            folders=self.folders,
            digests=self.digests,
            cancel=job.cancel,
            node=cell.id,
            title=cell.node.title,
            plan=job.plans.get((cell.id, cell.index), self.plan),
            prompt=job.prompt,
            workflow=job.workflow,
            listener=job.listener,
            checkpoint=checkpoint,
            reserve=None if job.journal is None else partial(job.journal.reserve, cell.key, self.folders),
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left to write, and end the lanes."""
        _open.discard(self)
        _stores.discard(self.store)
        self.store.close()
        self.digests.save()
        self.ledger.save()
        self.threads.close()
        self.loop.close()


@atexit.register
def _close_open() -> None:
    """Close what nobody closed, since a thread that is cut off within native code aborts the process."""
    for engine in list(_open):
        engine.close()
    for store in list(_stores):
        store.close()


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Collect garbage seldom.

    A run makes many small objects that live until its end; looking at them all again and again would take a
    third of its time.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], COLLECT_EVERY), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _nothing_to_do(graph: Graph, registry: Registry) -> GraphError:
    unknown = [node.type for node in graph.nodes.values() if node.type not in registry]
    if unknown:
        names = ", ".join(f"'{name}'" for name in dict.fromkeys(unknown))
        return GraphError(
            f"there is nothing to run: no known node saves or shows anything (unknown: {names})",
            remedy=registry.suggestion(unknown[0]),
        )
    return GraphError(
        "there is nothing to run: no node saves or shows anything", remedy="Add a node such as SaveImage."
    )
