"""Run: one execution of a graph, demand-driven from its roots.

A cell is demanded; it is found in the store, or its sources are demanded and it runs when they are there.
All of that is bookkeeping under one lock; bodies run without it, in their lanes. The thread that starts the
run is the device lane, so that a chain of plain nodes never changes threads. There is no recursion: depth
costs nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from glob import escape
from threading import Condition, RLock
from time import monotonic, perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from safelight.core.bind import Stopped, Watched, bind, outputs_of
from safelight.core.cell import DONE, NEW, RUNNING, WAITING, Cell, Waiter, Wake
from safelight.core.checkpoint import DiskCheckpoint
from safelight.core.context import Context
from safelight.core.error import Cancelled, SafelightError
from safelight.core.event import NodeFinished, NodeStarted, NodeWarned
from safelight.core.expansion import Expansion
from safelight.core.failure import failure, is_cancel, is_memory
from safelight.core.graph import Link, Node
from safelight.core.key import place
from safelight.core.outcome import Blocked, Expand
from safelight.core.report import Report, State
from safelight.core.spec import NodeSpec
from safelight.core.store.record import Record
from safelight.core.store.tier import Found
from safelight.core.stream.flow import Flow
from safelight.core.trail import Trails

if TYPE_CHECKING:
    from safelight.core.engine import Engine, Job
    from safelight.core.journal import Journal

GRACE = 1.0
"""Seconds that running bodies get to notice that the run is over."""


class Work:
    """What is kept of one call of a body; most calls need nothing but the defaults."""

    arguments: Mapping[str, Any] = MappingProxyType({})
    context: Context | None = None
    watched: Watched | None = None
    """The tensors that the body was given, if any."""
    seconds = 0.0
    trail: Mapping[str, str] = MappingProxyType({})
    """Files that what an expansion gave depends on, beside those that keys name."""

    def note(self, record: Record) -> None:
        """Bring what the body told its context into the record."""
        context = self.context
        if context is not None:
            record.shown = context.shown or None
            record.reads = tuple((str(ref.path), ref.digest) for ref in context.reads)
            record.writes = tuple(str(path) for path in context.writes)

    @property
    def checkpoint(self) -> DiskCheckpoint | None:
        """The body's checkpoint, if it had one."""
        checkpoint = self.context.checkpoint if self.context is not None else None
        return checkpoint if isinstance(checkpoint, DiskCheckpoint) else None


class Run:
    """The state of one execution. Made and used by `Engine.run`, once."""

    def __init__(self, engine: Engine, job: Job, keys: dict[str, bytes]) -> None:
        self.engine = engine
        self.store = engine.store
        self.job = job
        self.nodes = job.nodes
        self.keys = keys
        self.specs: dict[str, NodeSpec] = {}
        self.late: set[str] = set()
        """Roots that are run for their effect: what they give is read from disk only if somebody asks."""
        self.spoiled = False
        """Some body changed an input in place."""
        self.inside: set[Context] = set()
        """The contexts of bodies that are running."""
        self.tainted: set[str] = set()
        """Nodes with results made under other than the planned arithmetic, or from such: not to be stored."""
        self.trails = Trails(self)
        self.cells: dict[str, Cell] = {}
        self.reports: dict[str, Report] = {}
        self.turn = RLock()
        self.changed = Condition(self.turn)
        self.idle = False
        """The device lane sleeps, and is to be woken when something changed."""
        self.calls: deque[Callable[[], None]] = deque()
        self.device: list[Cell | Callable[[], None]] = []
        self.inflight = 0
        self.open = 0
        self.ending: str | None = None
        self.error: SafelightError | None = None
        self.flow = Flow(self)
        job.cancel.listen(self._cancelled)

    # -- from the outside in

    def execute(self, order: Iterable[tuple[str, Node, NodeSpec]], roots: Sequence[str]) -> None:
        """Run the roots to their end, in this thread and its lanes."""
        with self.turn:
            self.admit(order)
            self.late.update(root for root in roots if self.specs[root].effect)
            for root in roots:
                self.flow.begin(root, self.root_done)
            self.pump()
        self._drive()
        self.flow.calls.finish()
        for context in list(self.inside):  # bodies that did not end in time
            _clean(context)

    def finished(self) -> Collection[str]:
        """The nodes that were asked for their result and have it."""
        if self.ending is None:
            return self.reports.keys()
        return {id for id, report in self.reports.items() if report.state != "failed"}

    def admit(self, order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        """Take note of validated nodes, sources first; their keys are there already."""
        specs = self.specs
        streaming = self.flow.chart.streaming
        for id, _, spec in order:
            specs[id] = spec
            streaming = streaming or spec.streams
        if streaming:
            self.flow.chart.extend(order)

    def root_done(self) -> None:
        """One root less to wait for."""
        self.open -= 1

    def _drive(self) -> None:
        """The device lane: take what is ready, last in first out, until every root is done."""
        while True:
            with self.turn:
                task = self._next()
            if task is None:
                return
            if task.__class__ is Cell:
                self.work(task)
            else:
                task()  # type: ignore[operator]

    def _next(self) -> Cell | Callable[[], None] | None:
        while self.ending is None:
            if self.device:
                return self.device.pop()
            if self.calls:
                self.pump()
            elif self.open == 0 and self.inflight == 0:
                return None
            elif self.inflight == 0 and not self.flow.pace.unpark():
                raise RuntimeError("the run waits for something that nothing makes")
            elif self.inflight:
                self._sleep(None)
        until = monotonic() + GRACE
        while self.inflight and (left := until - monotonic()) > 0:
            self._sleep(left)
        return None

    def _sleep(self, seconds: float | None) -> None:
        self.idle = True
        self.changed.wait(seconds)
        self.idle = False

    def wake(self) -> None:
        """Let the device lane look again at what there is to do."""
        if self.idle:
            self.changed.notify_all()

    def pump(self) -> None:
        """Make the calls that became due; they may make others due."""
        calls = self.calls
        while calls:
            calls.popleft()()

    def _cancelled(self) -> None:
        """May be called by any thread, also by a signal handler in one that holds the lock."""
        if self.ending is None:
            self.ending = "cancelled"
            self.error = Cancelled()
        self.engine.loop.cancel()
        with self.turn:
            self.wake()

    # -- demand

    def cell(self, id: str) -> Cell:
        """The cell of a node that runs once."""
        cell = self.cells.get(id)
        if cell is None:
            cell = self.cells[id] = Cell(id, self.nodes[id], self.specs[id], self.keys[id])
        return cell

    def wait_for_cell(self, cell: Cell, wake: Wake) -> None:
        """Demand a cell and hold `wake` back until it is done."""
        if cell.state != DONE:
            cell.wait(wake)
            self.demand(cell)

    def demand(self, first: Cell) -> None:
        """See to it that a cell gets its result: from the store, or from its sources and its body."""
        stack = [first]
        find, late = self.store.find, self.late
        stored, journal = not self.job.fresh, self.job.journal
        while stack:
            cell = stack.pop()
            if cell.state != NEW:
                continue
            if stored and cell.spec.cached and not cell.forced:
                found = find(cell.key, cell.id in late)
                if found.__class__ is Found:
                    self.settle(cell, found.record, found.place)
                    continue
                if found is not None:
                    cell.miss = found  # type: ignore[assignment]
            elif journal is not None and cell.key in journal and not cell.forced:
                kept = journal.find(cell.key, self.store.digest_of)
                if kept is not None:
                    self.settle(cell, kept, "disk")
                    continue
            cell.state = WAITING
            cell.pending = 1
            if cell.index is None and not self.flow.chart.streaming:
                self._wire(cell, stack)
            else:
                self.flow.supply.wire(cell, stack)
            cell.pending -= 1
            if not cell.pending:
                self.ready(cell)

    def _wire(self, cell: Cell, stack: list[Cell]) -> None:
        """Demand the sources of a cell in a graph without streams."""
        by_name, cells = cell.spec.by_name, self.cells
        for name, given in cell.node.inputs.items():
            if given.__class__ is Link:
                one = by_name.get(name)
                if one is None or one.lazy:
                    continue
                source = cells.get(given[0]) or self.cell(given[0])
                source.users += 1
                if source.state != DONE:
                    source.wait(cell)
                    if source.state == NEW:
                        stack.append(source)

    def ready(self, waiter: Waiter) -> None:
        """Everything that `waiter` waited for is there."""
        if waiter.__class__ is Wake:
            self.calls.append(waiter.call)
            return
        cell: Cell = waiter  # type: ignore[assignment]
        cell.state = RUNNING
        spec = cell.spec
        if spec.asynchronous:
            self.inflight += 1
            self.engine.loop.submit(self._work_async(cell))
        elif spec.lane == "io":
            self.submit(lambda: self.work(cell))
        else:
            self.device.append(cell)

    def submit(self, call: Callable[[], None]) -> None:
        """Run a call on an io thread."""

        def counted() -> None:
            if self.ending is None:
                call()
            self._landed()

        self.inflight += 1
        self.engine.threads.submit(counted)

    def submit_call(self, call: Callable[[], None]) -> None:
        """Run a call in the device lane."""
        self.device.append(call)

    def _landed(self) -> None:
        with self.turn:
            self.inflight -= 1
            self.wake()

    # -- work

    def work(self, cell: Cell) -> None:
        """Run a cell's body here and now."""
        work = Work()
        try:
            arguments = self._begin(cell, work)
            if arguments is not None:
                started = perf_counter()
                outcome = cell.spec.function(**arguments)
                work.seconds = perf_counter() - started
                self._end(cell, work, outcome)
        except BaseException as error:
            self.failed(cell, error, work.context)

    async def _work_async(self, cell: Cell) -> None:
        work = Work()
        try:
            arguments = self._begin(cell, work)
            if arguments is not None:
                started = perf_counter()
                outcome = await cell.spec.function(**arguments)
                work.seconds = perf_counter() - started
                self._end(cell, work, outcome)
        except Stopped as stop:
            self.deliver(cell, work, stop.outcome or Blocked())
        except BaseException as error:
            self.failed(cell, error, work.context)
        finally:
            self._landed()

    def _begin(self, cell: Cell, work: Work) -> dict[str, Any] | None:
        """The arguments of a body that is to run now; None if it is blocked, or waits for a source again."""
        arguments = self._bind(cell, work)
        if arguments.__class__ is Blocked:
            self.deliver(cell, work, arguments)
            return None
        if arguments is not None:
            self._enter(cell, work, arguments)
        return arguments  # type: ignore[no-any-return]

    def _end(self, cell: Cell, work: Work, outcome: Any) -> None:
        """A body returned: see what it did to its inputs, and take what it gave."""
        if work.watched is not None:
            self._check_changed(cell, work.watched)
        self.deliver(cell, work, outcome)

    def _bind(self, cell: Cell, work: Work) -> Any:
        """The arguments of a body; None if a source was let go of or spoiled: then it is demanded anew."""
        if not self.spoiled and not self.flow.chart.streaming:
            return bind(self, cell, work)
        with self.turn:
            if self._sources_there(cell):
                return bind(self, cell, work)
            cell.state = NEW
            self.demand(cell)
            self.pump()
            self.wake()
        return None

    def _sources_there(self, cell: Cell) -> bool:
        by_name = cell.spec.by_name
        eager = [(by_name[name], link) for name, link in cell.node.links if name in by_name]
        return all(one.lazy or self.flow.supply.is_there(cell, one, link) for one, link in eager)

    def _enter(self, cell: Cell, work: Work, arguments: dict[str, Any]) -> None:
        """Announce a body, and give it a context if it takes one."""
        if self.job.listener is not None:
            self.job.listener(NodeStarted(cell.id, cell.index))
        work.arguments = arguments
        name = cell.spec.context
        if name is not None:
            work.context = arguments[name] = self.engine.context(self.job, cell)
            self.inside.add(work.context)

    def _check_changed(self, cell: Cell, watched: Watched) -> None:
        """A stored tensor that the body changed in place is no longer what its key says."""
        for name in watched.changed():
            given = cell.node.inputs[name]
            if isinstance(given, Link):
                with self.turn:
                    self.store.drop(self.flow.supply.key_of(cell, given))
                    self.flow.supply.spoil(cell, given)
                    self.spoiled = True
            text = f"{cell.spec.id} changed its input '{name}' in place; the stored value was dropped"
            self.warn(cell, text)

    def warn(self, cell: Cell, text: str) -> None:
        """Tell whoever watches that a node misbehaved."""
        self.job.notices.append(f"node '{cell.id}' ({cell.spec.id}): {text}")
        if self.job.listener is not None:
            self.job.listener(NodeWarned(cell.id, text))

    # -- results

    def deliver(self, cell: Cell, work: Work, outcome: Any) -> None:
        """Take what a body returned."""
        if outcome.__class__ is Expand:
            with self.turn:
                Expansion(self, cell, work, outcome).begin()
                self.pump()
                self.wake()
            return
        self.deliver_outputs(cell, work, outputs_of(cell.spec, outcome))

    def deliver_outputs(self, cell: Cell, work: Work, outputs: tuple[Any, ...]) -> None:
        """Make the record of a cell's outputs, store it and tell those who wait."""
        spec = cell.spec
        if self.tainted and any(link.node in self.tainted for _, link in cell.node.links):
            self.tainted.add(cell.id)
        if spec.streams:
            outputs = self.flow.calls.open(cell, outputs)
        record = Record(outputs, spec.id, work.seconds)
        checkpoint = None
        if work.context is not None:
            self.inside.discard(work.context)
            work.note(record)
            checkpoint = work.checkpoint
        if self.trails.any or record.reads:
            self.trails.note(cell, work, record)
        if spec.streams:
            self.flow.calls.hold(cell, work)
        else:
            self.keep(cell, record, checkpoint)
        with self.turn:
            self.settle(cell, record, "ran", checkpoint)
            if self.calls:
                self.pump()
            self.wake()

    def keep(self, cell: Cell, record: Record, checkpoint: DiskCheckpoint | None = None) -> None:
        """Store a record, unless its node must not be found again or its arithmetic was not the planned one.

        Only when it is stored is the node's half-done state worth nothing.
        """
        done = checkpoint.done if checkpoint is not None else None
        if self.job.journal is not None:
            self._note_down(self.job.journal, cell, record)
        if cell.spec.cached and cell.id not in self.tainted and not self.job.fresh:
            self.store.put(cell.key, record, passing=cell.index is not None, then=done)
        elif done is not None:
            done()

    def _note_down(self, journal: Journal, cell: Cell, record: Record) -> None:
        """Have files that were written survive a loss of power, and keep what no store may for this job."""
        journal.secure(record.writes)
        kept = not (cell.spec.cached or cell.spec.streams or self.job.fresh or cell.id in self.tainted)
        if kept:
            journal.keep(place(cell.id, cell.index), cell.key, record)

    def settle(
        self, cell: Cell, record: Record, state: State, checkpoint: DiskCheckpoint | None = None
    ) -> None:
        """A cell has its result: report it, let go of its sources, and wake those who wait for it."""
        cell.record = record
        cell.state = DONE
        if record.trail:
            self.trails.any = True
        if state == "ran":
            self._release(cell)
        self._report(cell, record, state, checkpoint)
        waiters = cell.waiters
        if waiters is not None:
            cell.waiters = None
            for waiter in waiters:
                waiter.pending -= 1
                if not waiter.pending:
                    self.ready(waiter)

    def arrived(self, waiter: Waiter) -> None:
        """One thing less to wait for."""
        waiter.pending -= 1
        if not waiter.pending:
            self.ready(waiter)

    def _release(self, cell: Cell) -> None:
        """Let go of sources that nobody else uses; who asks again finds them in the store."""
        if cell.index is not None or self.flow.chart.streaming:
            return
        cells, by_name = self.cells, cell.spec.by_name
        for name, given in cell.node.inputs.items():
            if given.__class__ is Link:
                one = by_name.get(name)
                source = cells.get(given[0]) if one is not None and not one.lazy else None
                if source is not None and source.users:
                    source.users -= 1
                    if (
                        not source.users
                        and source.spec.cached
                        and given[0] not in self.tainted
                        and not self.job.fresh
                    ):
                        del cells[given[0]]

    def _report(self, cell: Cell, record: Record, state: State, checkpoint: DiskCheckpoint | None) -> None:
        report = self.reports.get(cell.id)
        if report is None:
            report = self.reports[cell.id] = Report(cell.spec.id, state)
        if state == "ran":
            report.state = state
            report.seconds += record.seconds
        elif report.state != "ran":
            report.state = state
        if cell.index is not None:
            report.items += 1
            report.ran += state == "ran"
        if cell.miss:
            report.why = cell.miss
        if record.told:
            self._report_told(cell, report, record, state)
        if checkpoint is not None:
            report.resumed = checkpoint.taken_up or report.resumed
            report.began = checkpoint.began or report.began
            report.why = checkpoint.refused or report.why
        if self.job.listener is not None:
            seconds = record.seconds if state == "ran" else 0.0
            self.job.listener(NodeFinished(cell.id, state, seconds, record.shown or {}, cell.index))

    def _report_told(self, cell: Cell, report: Report, record: Record, state: State) -> None:
        """Report a blocked output, what is shown and what was written; items of a stream add to it later."""
        if record.blocked is not None:
            report.blocked = record.blocked
        if not (cell.spec.streams and state == "ran"):
            report.add(record)

    def value(self, cell: Cell, link: Link) -> Any:
        """The value that a link brings to a cell whose sources are done."""
        if self.flow.chart.streaming:
            return self.flow.supply.value(cell, link)
        record = self.cells[link[0]].record
        assert record is not None
        return record.outputs[link[1]]

    # -- failures

    def failed(self, cell: Cell, error: BaseException, context: Context | None) -> None:
        """A body raised: try again with less memory if that is what it lacked, else end the run."""
        if context is not None:
            self.inside.discard(context)
            _clean(context)
        if self.ending is not None:
            return
        if is_memory(error) and self._relieve(cell, error):
            return
        problem = failure(cell, error)
        with self.turn:
            if self.ending is None:
                self.ending = "cancelled" if is_cancel(error) else "failed"
                self.error = Cancelled() if is_cancel(error) else problem
                if self.ending == "failed":
                    report = self.reports[cell.id] = Report(cell.spec.id, "failed")
                    report.why = str(problem)
            self.engine.loop.cancel()
            self.wake()

    def _relieve(self, cell: Cell, error: BaseException) -> bool:
        """Run a node again with more memory or a thriftier plan; False when the ladder has no rung left."""
        level = self.job.levels.get((cell.id, cell.index), 0)
        plan = self.engine.relief(level) if self.engine.relief is not None else None
        if plan is None:
            return False
        self.job.levels[(cell.id, cell.index)] = level + 1
        self.warn(cell, f"memory ran out; it is tried again {plan.text}")
        with self.turn:
            if plan.plan is not None:
                self.job.plans[(cell.id, cell.index)] = plan.plan
                self.tainted.add(cell.id)
            self.ready(cell)
            self.wake()
        return True


def _clean(context: Context) -> None:
    """Remove reserved files that a body did not get to fill, and drafts; what it wrote is the user's."""
    for path in context.writes:
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()
            for draft in path.parent.glob(f".{escape(path.name)}.*.part"):
                draft.unlink()
