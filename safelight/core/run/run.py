"""The run itself: what its parts have in common, from the first demand to the last clean-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from safelight.core.graph import Node
from safelight.core.loop import Loop
from safelight.core.run.account import Account
from safelight.core.run.body import Bodies
from safelight.core.run.delivery import Delivery
from safelight.core.run.demand import Demand
from safelight.core.run.fault import Faults
from safelight.core.run.schedule import Schedule
from safelight.core.run.trail import Trails
from safelight.core.spec import NodeSpec
from safelight.core.stream.flow import Flow

if TYPE_CHECKING:
    from safelight.core.engine import Engine, Job


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
        self.tainted: set[str] = set()
        """Nodes with results made under other than the planned arithmetic, or from such: not to be stored."""
        self.order: list[tuple[str, Node, NodeSpec]] = []
        """All nodes, sources first; those that came by expansions last."""
        self.loops: dict[str, Loop] = dict(job.walk.loops.by_end)
        """By the node that ends it, loops within iterations of others included."""
        self.forced: set[str] = set()
        """Ends of loops in which something is shown or saved: they are run, whatever the store has."""
        self.unrolled: set[str] = set()
        """Nodes of loops that copies ran for, and so never run themselves."""
        self.account = Account(job)
        self.trails = Trails(self)
        self.schedule = Schedule(self)
        self.flow = Flow(self)
        self.demand = Demand(self)
        self.faults = Faults(self)
        self.delivery = Delivery(self)
        self.bodies = Bodies(self)
        job.cancel.listen(self.schedule.cancel)

    def execute(self, order: Iterable[tuple[str, Node, NodeSpec]], roots: Sequence[str]) -> None:
        """Run the roots to their end, in this thread and its lanes."""
        schedule = self.schedule
        with schedule.turn:
            self.admit(order)
            self.late.update(root for root in roots if self.specs[root].effect)
            for root in roots:
                self.flow.begin(root, schedule.root_done)
            schedule.pump()
        schedule.drive()
        self.flow.calls.finish()
        self.faults.clean_up()

    def admit(self, order: Iterable[tuple[str, Node, NodeSpec]]) -> None:
        """Take note of validated nodes, sources first; their keys are there already."""
        order = list(order)
        self.order += order
        specs, chart = self.specs, self.flow.chart
        streaming = chart.streaming
        for id, _, spec in order:
            specs[id] = spec
            streaming = streaming or spec.streams
        if streaming:
            chart.extend(order)

    def finished(self) -> Collection[str]:
        """The nodes that were asked for their result and have it."""
        reports = self.account.reports
        if self.schedule.ending is None:
            return reports.keys()
        return {id for id, report in reports.items() if report.state != "failed"}
