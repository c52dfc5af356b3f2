"""Iteration: a loop as it is run, by copies of its body, one after the other.

A copy is called like its node, and by the place of the iteration: `5.0`, `5.1`; within two loops `5.0.2`.
What differs between copies stands in their inputs only, the index and the item among them, so the key of each
tells what it depends on: a longer list computes what is new, and a body that does not ask whether an
iteration is the last one does not depend on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from safelight.core.cell import DONE, Cell, Wake
from safelight.core.error import GraphError, Where
from safelight.core.event import NodeProgressed
from safelight.core.expansion import Expansion
from safelight.core.graph import Graph, Link, Node
from safelight.core.key import SLOTS, digest
from safelight.core.loop import ACCUMULATE, Loop
from safelight.core.outcome import Blocked, Expand, Item
from safelight.core.plan import Plan, key_of

if TYPE_CHECKING:
    from safelight.core.run.run import Run
    from safelight.core.run.work import Work

INDEX, FIRST, LAST, ITEM, CURRENT = range(5)
GIVEN = ("iteration_index", "is_first", "is_last", "list_item", "current_iteration_value")
"""What the start of a loop gives, by slot."""
INITIAL, NEXT, OUTPUT, TERMINATIONS = (
    "initial_iteration_value",
    "next_iteration_value",
    "output_value",
    "terminations.",
)


@dataclass(slots=True)
class Stage:
    """One iteration: what is waited for before the next one begins, and the nodes that were made for it."""

    outputs: list[Link] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)


class Repetition(Expansion):
    """The copies join the run; when the last iteration is over, the end of the loop is done."""

    def __init__(self, run: Run, cell: Cell, work: Work, plan: Plan) -> None:
        super().__init__(run, cell, work, Expand(Graph()))
        self.loop: Loop = run.loops[cell.id]
        self.plan = plan
        self.indices = plan.iterations.indices
        self.stages: list[Stage] = []
        self.outputs: list[Link] = []
        self.kept: set[str] = set()

    def begin(self) -> None:
        """Admit the copies and go through the iterations. Called with the run's lock held."""
        run, loop = self.run, self.loop
        run.unrolled |= {*loop.body, loop.start}
        end, current = run.nodes[loop.end], run.nodes[loop.start].inputs.get(INITIAL)
        for place in range(len(self.indices)):
            if run.schedule.ending is not None:
                return
            turn = Turn(self, place, current)
            self._admit_stage(turn.stage())
            if NEXT in end.inputs:
                current = turn.moved(end.inputs[NEXT])
        self.outputs = [link for stage in self.stages for link in stage.outputs]
        self.kept = {link.node for link in self.outputs}
        if not self.stages:
            run.account.warn(self.cell, "the loop has no iterations, so nothing that needs it is run")
        self._go_on(0)

    def _admit_stage(self, stage: Stage) -> None:
        """Take in one iteration at a time: a loop may have thousands, and is to end when it is told to."""
        self.stages.append(stage)
        self.admit([*(link.node for link in stage.outputs), *stage.roots])

    def named(self, id: str, place: int) -> str:
        """What the copy of a node in an iteration is called."""
        mine = "" if self.cell.index is None else f".{self.cell.index}"
        return f"{id}{mine}.{place}"

    # -- from iteration to iteration

    def _go_on(self, place: int) -> None:
        """Go through the iterations from one on. Called with the run's lock held."""
        run = self.run
        while run.schedule.ending is None and place < len(self.stages):
            self._let_go(place - 2)
            if run.job.listener is not None:
                run.job.listener(NodeProgressed(self.cell.id, place, len(self.stages)))
            wake = Wake(lambda after=place + 1: self._go_on(after))  # type: ignore[misc]
            self._want(self.stages[place], wake)
            if wake.release():
                return
            place += 1
        run.schedule.device.append(self._finish_loop)

    def _want(self, stage: Stage, wake: Wake) -> None:
        for link in stage.outputs:
            self.want(link, wake)
        for root in stage.roots:
            wake.pending += self.run.flow.ends(root)
            self.run.flow.begin(root, lambda: self.root_done(wake))

    def _let_go(self, place: int) -> None:
        """Let go of what an iteration made that is over for long; who asks for it again finds it stored."""
        cells = self.run.demand.cells
        for id in self.stages[place].nodes if place >= 0 else ():
            cell = cells.get(id)
            over = cell is not None and cell.state == DONE and id not in self.kept
            if cell is not None and over and self.run.delivery.is_stored(cell):
                del cells[id]

    # -- the end

    def _finish_loop(self) -> None:
        try:
            items = [item for link in self.outputs for item in self._items(link)]
            self.work.trail = dict(pair for link in self.outputs for pair in self.trail(link).items())
            begun = (link for _, link in self.run.nodes[self.loop.start].links)
            self.hand_on_taint([*self.outputs, *begun])
            self.run.delivery.deliver_outputs(self.cell, self.work, (items,))
            with self.run.schedule.turn:
                self.kept.clear()
                for place in range(len(self.stages)):
                    self._let_go(place)
        except BaseException as error:
            self.run.faults.raised(self.cell, error, self.work.context)

    def _items(self, link: Link) -> Iterator[Item]:
        """What one iteration gives, known by what it was made of; blocked values are left out."""
        run, tap = self.run, (link.node, link.slot)
        source = SLOTS[link.slot] + run.keys[link.node]
        trail = tuple(self.trail(link).items())
        if not run.flow.chart.feeds_of(tap):
            value = run.demand.value(self.cell, link)
            if value.__class__ is not Blocked:
                yield Item(value, digest(source).hex(), trail)
            return
        outcome = run.flow.gathering.collectors[tap].outcome
        for number, value in enumerate(() if outcome.__class__ is Blocked else outcome):
            yield Item(value, digest(b"%d;" % number, source).hex(), trail)


class Turn:
    """One iteration of a loop, on its way into the graph."""

    def __init__(self, repetition: Repetition, place: int, current: Any) -> None:
        self.repetition = repetition
        self.run = repetition.run
        self.loop = repetition.loop
        self.place = place
        self.current = current

    def stage(self) -> Stage:
        """Put the copies of the body into the run, and say what of them is wanted."""
        run, loop, end = self.run, self.loop, self.run.nodes[self.loop.end]
        made = [self._copy(id) for id in loop.body]
        for one in loop.inner:
            inner = one.renamed(self._suffix)
            run.loops[inner.end] = inner
            run.forced.update({inner.end}.intersection(map(self._named, loop.effects)))
        roots = dict.fromkeys(map(self._named, loop.effects))
        for name, value in end.inputs.items():
            if name.startswith(TERMINATIONS) and isinstance(value, Link) and value.node in loop.body:
                roots[self._named(value.node)] = None
        return Stage(self._outputs(end), list(roots), made)

    def _outputs(self, end: Node) -> list[Link]:
        """What the iteration gives: all do where they accumulate, else only the last."""
        last = self.place == len(self.repetition.indices) - 1
        if OUTPUT not in end.inputs or not (last or self.repetition.work.arguments.get(ACCUMULATE)):
            return []
        value = self.moved(end.inputs[OUTPUT])
        return [value if isinstance(value, Link) else self._known(OUTPUT, value)]

    @property
    def _suffix(self) -> str:
        return self._named("")

    def _named(self, id: str) -> str:
        return self.repetition.named(id, self.place)

    def _copy(self, id: str) -> str:
        run, made = self.run, self._named(id)
        if made in run.job.walk.loops.ids:
            problem = f"its copy in iteration {self.place} would be called '{made}', as another node is"
            where = Where(node=id, type=run.nodes[id].type, title=run.nodes[id].title)
            raise GraphError(problem, where=where, remedy="Give one of them another id.")
        node = run.nodes[id]
        inputs = {name: self.moved(value) for name, value in node.inputs.items()}
        run.nodes[made] = Node(node.type, inputs, node.title)
        return made

    def moved(self, value: Any) -> Any:
        """What an input of the body has in this iteration."""
        if not isinstance(value, Link):
            return value
        if value.node == self.loop.start:
            return self._given(value.slot)
        return Link(self._named(value.node), value.slot) if value.node in self.loop.body else value

    def _given(self, slot: int) -> Link:
        """What the start of the loop gives in this iteration."""
        plan = self.repetition.plan
        if slot == CURRENT and isinstance(self.current, Link):
            return self.current
        if slot == ITEM and plan.iterations.items is not None:
            return self._known(GIVEN[ITEM], plan.iterations.items[self.place], plan.keys[self.place])
        last = len(self.repetition.indices) - 1
        values = {
            INDEX: self.repetition.indices[self.place],
            FIRST: self.place == 0,
            LAST: self.place == last,
            CURRENT: self.current,
        }
        return self._known(GIVEN[slot], values.get(slot))

    def _known(self, name: str, value: Any, key: bytes | None = None) -> Link:
        """A node that is done already, and gives a value."""
        place = f"{self._named(self.loop.start)}.{name}"
        return self.repetition.known(place, value, key or key_of(self.run, value))
