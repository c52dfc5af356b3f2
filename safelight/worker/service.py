"""Service: takes orders and runs jobs, one after the other, over an engine that lives as long as it does.

The main thread runs jobs, for that is where libraries expect to be used. Orders are read by a thread beside
it, which cancels and answers at once; others tell the server what happens and that the worker lives.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from queue import SimpleQueue
from threading import Lock, Thread
from time import perf_counter
from typing import Any, BinaryIO

from safelight.core.cancel import Cancel
from safelight.core.engine import Engine
from safelight.core.error import Cancelled, SafelightError
from safelight.core.event import Event
from safelight.core.folder import PLAIN_KINDS
from safelight.core.graph import Graph
from safelight.core.journal import Journal, folder_of
from safelight.core.report import Result
from safelight.core.widget import File
from safelight.message import Ask, Beat, Ended, Free, MessageError, Run, Stop, Warmed
from safelight.message import Cancel as CancelOrder
from safelight.worker import account
from safelight.worker.channel import Outbox, receive
from safelight.worker.device import devices, held, let_go
from safelight.worker.pack import PackKeeper
from safelight.worker.pulse import Pulse, resident
from safelight.worker.question import answer
from safelight.worker.teller import Teller
from safelight.worker.warmth import Warmth

logger = logging.getLogger("safelight.worker")
HELD_MAX = 16
"""Model files that are remembered as probably loaded."""


class Service:
    """One engine, and whoever speaks to it."""

    def __init__(self, engine: Engine, orders: BinaryIO, outbox: Outbox) -> None:
        self.engine = engine
        self.outbox = outbox
        self._orders = orders
        self._todo: SimpleQueue[Run | Free | Stop | frozenset[str]] = SimpleQueue()
        """Orders, and names of packs that are to be read anew."""
        self._packs = PackKeeper(engine, outbox.send, self._todo.put)
        self._warmth = Warmth(self._imported)
        self._lock = Lock()
        self._running: tuple[str, Cancel] | None = None
        self._teller: Teller | None = None
        self._called_off: set[str] = set()
        self._used: deque[str] = deque(maxlen=HELD_MAX)
        self._warm = False

    def serve(self, *, cold: bool, packs: bool = True) -> None:
        """Take orders until the last one; with `packs`, see to those of the data folder."""
        Thread(target=self._listen, name="safelight-orders", daemon=True).start()
        pulse = Pulse(self._beat, self.outbox.send)
        if not cold:
            self._warmth.start()
        if packs:
            self._packs.start()
        while not isinstance(order := self._todo.get(), Stop):
            match order:
                case Run():
                    self._run(order)
                case Free():
                    self._free(order)
                case frozenset():
                    self._reload(order)
        pulse.close()

    # -- orders

    def _listen(self) -> None:
        """Read orders; when the server is gone there is nobody to work for, and nothing left to tell."""
        try:
            while (order := receive(self._orders)) is not None:
                match order:
                    case CancelOrder():
                        self._cancel(order.job)
                    case Ask():
                        Thread(
                            target=self._answer, args=(order,), name="safelight-answer", daemon=True
                        ).start()
                    case Run() | Free():
                        self._todo.put(order)
                    case Stop():
                        self._stop(order)
        except MessageError as error:
            logger.error("the server is not understood: %s", error)
        os._exit(0)

    def _cancel(self, job: str) -> None:
        with self._lock:
            running = self._running
            if running is None or running[0] != job:
                self._called_off.add(job)
                return
        running[1].cancel()

    def _stop(self, order: Stop) -> None:
        """End what runs; the server takes it up again another time."""
        self._todo.put(order)
        with self._lock:
            running = self._running
        if running is not None:
            running[1].cancel()

    def _answer(self, ask: Ask) -> None:
        self.outbox.send(answer(self.engine, ask))

    def _free(self, order: Free) -> None:
        if order.memory:
            self.engine.store.memory.clear()
        if order.models:
            self._used.clear()
        let_go(models=order.models)

    def _reload(self, packs: frozenset[str]) -> None:
        self._warmth.hold()
        try:
            self._packs.reload(packs)
        except Exception:
            logger.exception("packs cannot be read anew")
        finally:
            self._warmth.release()

    # -- jobs

    def _run(self, run: Run) -> None:
        cancel = Cancel()
        self._packs.turn_to(run.client)
        with self._lock:
            self._running = (run.job, cancel)
            if run.job in self._called_off:
                self._called_off.discard(run.job)
                cancel.cancel()
        teller = self._teller = Teller(
            run.job, run.attempt, self.outbox.send, run.preview, self.engine.folders.first
        )
        try:
            end = self._result(run, cancel, teller)
        finally:
            self._teller = None
            teller.close()
            self._warmth.release()
            with self._lock:
                self._running = None
                self._called_off.clear()
        self.outbox.send(end)

    def _result(self, run: Run, cancel: Cancel, teller: Teller) -> Ended:
        graph: Graph | None = None
        started = perf_counter()
        try:
            graph = Graph.from_tree(run.graph)
            self._remember_models(graph)
            cancel.check()
            result = self._attempt(run, graph, cancel, teller)
            return account.ended(run, graph, result)
        except Cancelled as error:
            tree = account.error_tree(error, graph)
            return Ended(run.job, run.attempt, "cancelled", perf_counter() - started, tree)
        except SafelightError as error:
            return account.failed(run, error, graph)
        except Exception as error:
            logger.exception("job %s cannot be run", run.job)
            return account.failed(run, error, graph)

    def _attempt(self, run: Run, graph: Graph, cancel: Cancel, teller: Teller) -> Result:
        folder = folder_of(self.engine.folders.data, run.job)
        wait = self._warmth.before_bodies(graph, self.engine.registry)

        def heard(event: Event) -> None:
            teller(event)
            wait(event)

        result = self.engine.run(
            graph,
            run.roots,
            listener=heard,
            cancel=cancel,
            prompt=run.prompt,
            workflow=run.workflow,
            fresh=run.fresh,
            journal=Journal(folder, self.engine.store.codec, fresh=run.fresh),
        )
        if any(report.writes and report.state == "ran" for report in result.reports.values()):
            self.engine.store.flush()  # what was written is known for good before the end is told
        return result

    def _remember_models(self, graph: Graph) -> None:
        """Note which model files a job names: their weights will be here after it."""
        for node in graph.nodes.values():
            spec = self.engine.registry.find(node.type)
            for one in spec.inputs if spec is not None else ():
                name = node.inputs.get(one.name)
                if (
                    isinstance(one.widget, File)
                    and one.widget.kind not in PLAIN_KINDS
                    and isinstance(name, str)
                ):
                    if name in self._used:
                        self._used.remove(name)
                    self._used.append(name)

    # -- itself

    def _beat(self) -> Beat:
        running, teller = self._running, self._teller
        if teller is not None:
            teller.flush()
        bytes_held = held(self.engine.plan.device)
        stats: dict[str, Any] = {
            "warm": self._warm,
            "models": bytes_held,
            "devices": devices() if self._warm else [],
        }
        names = list(self._used) if bytes_held else []
        return Beat(resident(), names, running[0] if running is not None else None, stats)

    def _imported(self, name: str, seconds: float) -> None:
        if name == "torch":
            self._warm = True
            self.outbox.send(Warmed(str(sys.modules[name].__version__), devices(), seconds))
