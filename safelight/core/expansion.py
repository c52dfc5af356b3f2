"""Expansion: a graph that a body returned, run in the node's place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from safelight.core.bind import is_same
from safelight.core.cell import DONE, Cell, Wake
from safelight.core.error import NodeFailed, Problems, Where
from safelight.core.graph import Link, Node
from safelight.core.key import SLOTS, Key, digest
from safelight.core.outcome import Expand
from safelight.core.socket import ANY
from safelight.core.spec import NodeSpec, OutputSpec
from safelight.core.store.record import Record
from safelight.core.store.tier import PLAIN

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.run.work import Work

VALUE = NodeSpec(
    "safelight.value", lambda: None, outputs=(OutputSpec("value", ANY),), title="given value", cached=False
)
"""Stands for a value that a body put into its graph."""


class Expansion:
    """The inner nodes join the run under ids `parent.n`; when their outputs are there, the parent is done."""

    def __init__(self, run: Run, cell: Cell, work: Work, expand: Expand) -> None:
        self.run = run
        self.cell = cell
        self.expand = expand
        self.work = work
        self.prefix = cell.id if cell.index is None else f"{cell.id}.{cell.index}"

    def begin(self) -> None:
        """Admit the inner nodes and wait for what they give. Called with the run's lock held."""
        run = self.run
        for id, node in self.expand.graph.nodes.items():
            run.nodes[self._inner(id)] = Node(node.type, self._inputs(id, node), node.title)
        outputs = [self._moved(value) for value in self.expand.outputs]
        roots = [value.node for value in outputs if isinstance(value, Link)]
        roots += [self._inner(id) for id, node in self.expand.graph.nodes.items() if self._is_effect(node)]
        self.admit(roots)
        self._wait(outputs, roots)

    def admit(self, roots: Iterable[str]) -> None:
        """Check nodes that were added to the run, and those that feed them, and let the run know them."""
        run = self.run
        problems = run.job.walk.extend(roots)
        if problems:
            raise Problems(problems)
        order = run.job.walk.take_order()
        run.engine.keys.extend(run.keys, [entry for entry in order if entry[0] not in run.keys])
        run.admit(order)

    def _is_effect(self, node: Node) -> bool:
        spec = self.run.engine.registry.find(node.type)
        return spec is not None and spec.effect

    def _inner(self, id: str) -> str:
        return f"{self.prefix}.{id}"

    def _moved(self, value: Any) -> Any:
        """A link to an inner node, by its full id; links to nodes outside stay as they are."""
        if isinstance(value, Link) and value.node in self.expand.graph:
            return Link(self._inner(value.node), value.slot)
        return value

    def _inputs(self, id: str, node: Node) -> dict[str, Any]:
        return {name: self._input(id, name, value) for name, value in node.inputs.items()}

    def _input(self, id: str, name: str, value: Any) -> Any:
        if isinstance(value, Link):
            return self._moved(value)
        if value.__class__ in PLAIN:
            return value
        return self._value_node(f"{self._inner(id)}.{name}", id, name, value)

    def _value_node(self, place: str, id: str, name: str, value: Any) -> Link:
        """A node that is done already and gives `value`. Its key says where the value comes from."""
        key = self._source_key(value) or digest(b"expand", self.cell.key, f"{id}\0{name}".encode())
        return self.known(place, value, key)

    def known(self, place: str, value: Any, key: Key) -> Link:
        """A node that is done already and gives `value`, which is known by a key."""
        run = self.run
        run.nodes[place] = Node(VALUE.id, {}, "")
        run.specs[place] = VALUE
        run.keys[place] = key
        run.job.walk.entered[place] = False
        made = run.demand.cells[place] = Cell(place, run.nodes[place], VALUE, key)
        made.state = DONE
        made.record = Record((value,), type=VALUE.id)
        return Link(place, 0)

    def _source_key(self, value: Any) -> bytes | None:
        """The key of the body's own input that holds this very value, as it came; None if there is none."""
        changed = self.work.watched.changed() if self.work.watched is not None else set()
        for name, bound in self.work.arguments.items():
            given = self.cell.node.inputs.get(name)
            if bound is not value or not isinstance(given, Link) or name in changed:
                continue
            if is_same(value, self.run.demand.value(self.cell, given)):
                return digest(SLOTS[given.slot], self.run.flow.supply.key_of(self.cell, given))
        return None

    def _wait(self, outputs: list[Any], roots: list[str]) -> None:
        run = self.run
        wake = Wake(lambda: run.schedule.device.append(lambda: self._finish(outputs)))
        for value in outputs:
            if isinstance(value, Link):
                self.want(value, wake)
        linked = {value.node for value in outputs if isinstance(value, Link)}
        for root in roots:
            if root not in linked:
                wake.pending += run.flow.ends(root)
                run.flow.begin(root, lambda: self.root_done(wake))
        if not wake.release():
            wake.call()

    def want(self, link: Link, wake: Wake) -> None:
        """Hold `wake` back until what a link brings is there: one value, or all of a stream."""
        run, tap = self.run, (link.node, link.slot)
        if run.flow.chart.feeds_of(tap):
            run.flow.gathering.collect(tap, wake)
            return
        cell = run.demand.cell(link.node)
        cell.users += 1
        run.demand.wait(cell, wake)

    def root_done(self, wake: Wake) -> None:
        """A root that `wake` waits for is complete."""
        self.run.schedule.root_done()
        self.run.schedule.arrived(wake)

    def _finish(self, outputs: list[Any]) -> None:
        """All inner outputs are there: they are the parent's."""
        try:
            values = tuple(self._value(slot, value) for slot, value in enumerate(outputs))
            links = [value for value in outputs if isinstance(value, Link)]
            self.work.trail = dict(pair for link in links for pair in self.trail(link).items())
            self._check(values)
            self.hand_on_taint(links)
            self.run.delivery.deliver_outputs(self.cell, self.work, values)
        except BaseException as error:
            self.run.faults.raised(self.cell, error, self.work.context)

    def _value(self, slot: int, value: Any) -> Any:
        if not isinstance(value, Link):
            return value
        flow = self.run.flow
        tap = (value.node, value.slot)
        if not flow.chart.feeds_of(tap):
            return self.run.demand.value(self.cell, value)
        if slot < len(self.cell.spec.outputs) and self.cell.spec.outputs[slot].many:
            return flow.gathering.collectors[tap].outcome
        raise NodeFailed(
            f"its output {slot} is one value, but the graph that it returned gives many there",
            where=Where(type=self.cell.spec.id),
            remedy="Declare the output as Many, or gather inside the graph.",
        )

    def trail(self, link: Link) -> dict[str, str]:
        """The files that what a link brings depends on."""
        tap = (link.node, link.slot)
        gathered = self.run.flow.gathering.collectors.get(tap)
        return gathered.trail if gathered is not None else dict(self.run.trails.of(tap, None))

    def hand_on_taint(self, links: Iterable[Link]) -> None:
        """What comes of results that are not to be stored is not to be stored as the parent's either."""
        tainted = self.run.tainted
        if any(link.node in tainted for link in links):
            tainted.add(self.cell.id)

    def _check(self, values: tuple[Any, ...]) -> None:
        if len(values) != len(self.cell.spec.outputs):
            raise NodeFailed(
                f"its graph has {len(values)} outputs but {len(self.cell.spec.outputs)} are declared",
                where=Where(type=self.cell.spec.id),
                remedy="This is a mistake in the node's code.",
            )
