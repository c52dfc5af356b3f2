"""Loops: which nodes are repeated, and whether they can be.

A node that opens a loop (`NodeSpec.opens`) and the one that closes it stand in the graph like others; so do
the nodes between them, which never run themselves: copies of them do, one set for each iteration (see
`safelight.core.iteration`). What only leads to something that is shown or saved belongs to the loop as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from safelight.core.error import LoopError, Where
from safelight.core.graph import Graph, Node
from safelight.core.registry import Registry

ACCUMULATE = "accumulate"
NEST = "Connect 'iteration_index' of the outer StartLoop to 'parent_iteration' of the inner one."
Users: TypeAlias = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop: its two ends, and what is between them."""

    start: str
    end: str
    body: frozenset[str]
    """All nodes that are made anew in each iteration, with loops that stand in this one."""
    effects: tuple[str, ...] = ()
    """What is run in each iteration for what it does: nodes, and the ends of inner loops that have such."""
    inner: tuple[Loop, ...] = ()
    """The loops that stand in this one, at any depth."""

    def renamed(self, suffix: str) -> Loop:
        """The same loop among nodes whose ids end in `suffix`."""
        return Loop(
            self.start + suffix,
            self.end + suffix,
            frozenset(id + suffix for id in self.body),
            tuple(id + suffix for id in self.effects),
            tuple(one.renamed(suffix) for one in self.inner),
        )


class Loops:
    """The loops of a graph, and what is wrong with them."""

    def __init__(self, nodes: Mapping[str, Node], registry: Registry) -> None:
        self.nodes = nodes
        self.registry = registry
        self.problems: dict[str, LoopError] = {}
        """By the id of the node that a problem is told of."""
        specs = [spec for type in {node.type for node in nodes.values()} if (spec := registry.find(type))]
        opening = {spec.id for spec in specs if spec.opens is not None}
        closing = {spec.id for spec in specs if spec.closes}
        self._starts = [id for id, node in nodes.items() if node.type in opening] if opening else []
        self._ends = [id for id, node in nodes.items() if node.type in closing] if closing else []
        self.pairs = self._paired() if self._starts or self._ends else {}
        """The end of each start."""
        self.ids = frozenset(nodes if self._starts or self._ends else ())
        """The nodes of a graph that has loops."""
        self.by_end = {one.end: one for one in self._made()} if self.pairs else {}

    def root(self, id: str) -> str:
        """What is to be run where a node is asked for: the end of the outermost loop that it stands in."""
        around = [one for one in self.by_end.values() if id in one.body or id == one.start]
        return max(around, key=lambda one: len(one.body)).end if around else id

    # -- which end belongs to which start

    def _paired(self) -> dict[str, str]:
        """The end of each start; inner loops come first."""
        graph = Graph.over(dict(self.nodes))
        before = {id: graph.ancestors([id]) - {id} for id in [*self._starts, *self._ends]}
        pairs: dict[str, str] = {}
        for end in sorted(self._ends, key=lambda id: sum(other in before[id] for other in self._ends)):
            around = [id for id in self._starts if id in before[end] and id not in pairs]
            nearest = [id for id in around if all(one == id or one in before[id] for one in around)]
            if nearest:
                pairs[nearest[0]] = end
            else:
                closed = {start: pairs[start] for start in pairs if start in before[end]}
                self._unpaired(end, around, closed)
        for start in self._starts:
            if start not in pairs and start not in self.problems:
                self._refuse(start, "no EndLoop closes it", "Connect what it is to repeat to an EndLoop.")
        return pairs

    def _unpaired(self, end: str, around: list[str], closed: Mapping[str, str]) -> None:
        """Tell what keeps an end from a start: the open ones before it meet, or others close them."""
        if not around and closed:
            others = ", ".join(f"'{start}', which '{by}' closes already" for start, by in closed.items())
            self._refuse(end, f"no StartLoop leads to it but {others}", "Give it a StartLoop of its own.")
            return
        if not around:
            self._refuse(end, "no StartLoop leads to it", "Connect a StartLoop to what it ends.")
            return
        names = " and ".join(f"'{id}'" for id in around)
        for id in (end, *around):
            self._refuse(id, f"the loops that begin at {names} meet, and neither stands in the other", NEST)

    def _refuse(self, id: str, problem: str, remedy: str, input: str | None = None) -> None:
        node = self.nodes[id]
        where = Where(node=id, type=node.type, input=input, title=node.title)
        self.problems[id] = LoopError(problem, where=where, remedy=remedy)

    # -- what stands between them

    @cached_property
    def _users(self) -> Users:
        users: dict[str, list[str]] = {}
        for id, node in self.nodes.items():
            for _, link in node.links:
                users.setdefault(link.node, []).append(id)
        return users

    def _after(self, starts: Iterable[str]) -> set[str]:
        """What nodes feed, through others too."""
        found: set[str] = set()
        waiting = list(starts)
        while waiting:
            fresh = [user for user in self._users.get(waiting.pop(), ()) if user not in found]
            found.update(fresh)
            waiting += fresh
        return found

    def _made(self) -> list[Loop]:
        bodies = {end: self._body(start, end) for start, end in self.pairs.items()}
        starts = {end: start for start, end in self.pairs.items()}
        made: dict[str, Loop] = {}
        for end in sorted(bodies, key=lambda id: len(bodies[id])):
            body, start = bodies[end], starts[end]
            inner = tuple(one for one in made.values() if one.end in body)
            made[end] = Loop(start, end, body, self._effects(body, inner), inner)
        return list(made.values())

    def _body(self, start: str, end: str) -> frozenset[str]:
        """What is repeated; told is what leads out of it in another way than through its end."""
        inside, later = self._after([start]) - {end}, self._after([end])
        body = inside - later
        for id in sorted(body | {start}):
            for user in self._users.get(id, ()):
                if user in later:
                    self._escaped(user, id, start, end)
        outer = [one for one, other in self.pairs.items() if other in body and one not in body]
        for one in outer:
            self._escaped(self.pairs[one], one, start, end)
        self._check_control(start, end, inside)
        return frozenset(body)

    def _escaped(self, user: str, source: str, start: str, end: str) -> None:
        input = next((name for name, link in self.nodes[user].links if link.node == source), None)
        problem = f"it takes what the loop from '{start}' makes in each iteration past its end, '{end}'"
        self._refuse(user, problem, f"Connect it to the output of '{end}' instead.", input)

    def _check_control(self, start: str, end: str, inside: set[str]) -> None:
        for name, link in self.nodes[end].links:
            if name == ACCUMULATE and (link.node in inside or link.node == start):
                problem = "whether to accumulate cannot be decided anew in each iteration"
                self._refuse(end, problem, "Connect a node from outside of the loop, or set it here.", name)

    def _effects(self, body: frozenset[str], inner: tuple[Loop, ...]) -> tuple[str, ...]:
        """What is to be run of a body for what it does; of an inner loop, its end."""
        known = {spec.id for spec in self.registry if spec.effect}
        found: dict[str, None] = {}
        for id, node in self.nodes.items():
            if id in body and node.type in known:
                around = [one for one in inner if id in one.body]
                found[max(around, key=lambda one: len(one.body)).end if around else id] = None
        return tuple(found)
