"""Loops: what stands between a `StartLoop` and its `EndLoop`, written out as many times as it is to run.

So each iteration is made of plain nodes with keys of their own: a longer loop computes only what is new. Only
loops whose number of iterations can be told from the file can be written out; others stay, and are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from safelight.compat.notice import Notice
from safelight.core.error import SafelightError, Where
from safelight.core.graph import Graph, Link, Node
from safelight.core.registry import Registry
from safelight.core.shape import fold, shaped

START, END, GATHER = "StartLoop", "EndLoop", "CreateList"
INDEX, FIRST, LAST, ITEM, VALUE = range(5)
HOLDER = "PrimitiveInt"
CALCULATED = frozenset({HOLDER, "PrimitiveFloat", "ComfyMathExpression", "ComfyNumberConvert"})
"""Types that give numbers, and need nothing but numbers."""
DEEPEST = 20
"""How many of them may stand in a row."""
MOST = 100
"""The most iterations that are written out."""


@dataclass(frozen=True, slots=True)
class _Loop:
    start: str
    end: str
    body: frozenset[str]
    steps: range


def unroll(graph: Graph, registry: Registry) -> tuple[Graph, list[Notice]]:
    """The graph with its loops written out, inner ones first, and a notice for each that could not be."""
    notices: list[Notice] = []
    if END in registry or not any(node.type == END for node in graph.nodes.values()):
        return graph, notices
    skipped: set[str] = set()
    while (end := _innermost(graph, skipped)) is not None:
        found = _loop(graph, registry, end)
        if isinstance(found, str):
            skipped.add(end)
            where = Where(node=end, type=END, title=graph[end].title or None)
            notices.append(Notice(found, where))
        else:
            graph = _written(graph, found)
    return graph, notices


def _innermost(graph: Graph, skipped: set[str]) -> str | None:
    """An end of a loop that no other, that is still to be written out, feeds."""
    ends = [id for id, node in graph.nodes.items() if node.type == END and id not in skipped]
    for id in ends:
        before = graph.ancestors([id]) - {id}
        if not any(other in before for other in ends):
            return id
    return None


def _loop(graph: Graph, registry: Registry, end: str) -> _Loop | str:
    """The loop that ends at a node, or why it cannot be written out."""
    before = graph.ancestors([end])
    starts = [id for id in before if graph[id].type == START]
    inner = [
        id for id in starts if not any(id in graph.ancestors([other]) for other in starts if other != id)
    ]
    if len(inner) != 1:
        return "there is not one StartLoop that it belongs to"
    (start,) = inner
    if any(name.startswith("terminations.") for name in graph[end].inputs):
        return "it ends early on a condition, which is not possible yet"
    steps = _steps(graph, registry, graph[start])
    if steps is None:
        return (
            "how often it runs is known only when other nodes have run, which is not possible yet; "
            "enter a number in its StartLoop"
        )
    if not 0 < len(steps) <= MOST:
        return f"it runs {len(steps)} times; 1 to {MOST} are possible"
    return _Loop(start, end, frozenset(_after(graph, start, before) - {start, end}), steps)


def _after(graph: Graph, start: str, among: set[str]) -> set[str]:
    """The nodes of some that a node feeds, through others too."""
    users: dict[str, list[str]] = {}
    for id in among:
        for _, link in graph[id].links:
            users.setdefault(link.node, []).append(id)
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = [user for user in users.get(waiting.pop(), ()) if user not in found]
        found.update(fresh)
        waiting += fresh
    return found


def _steps(graph: Graph, registry: Registry, start: Node) -> range | None:
    """The indices of a loop, where these are numbers, or can be calculated from such."""
    mode = str(start.inputs.get("mode", "simple")).lower()
    names = {"simple": ["num_iterations"], "for": ["start_iteration_index", "max_iteration", "step"]}.get(
        mode
    )
    given = [_held(graph, registry, start.inputs.get(f"mode.{name}")) for name in names or ()]
    numbers = [number for number in given if isinstance(number, int) and not isinstance(number, bool)]
    if not given or len(numbers) != len(given) or (mode == "for" and not numbers[2]):
        return None
    return range(*numbers)


def _held(graph: Graph, registry: Registry, value: Any, depth: int = 0) -> Any:
    """The value itself, where a wire comes from nodes that only hold or calculate numbers of the file."""
    if not isinstance(value, Link):
        return value
    node = graph.nodes.get(value.node)
    if node is None or node.type not in CALCULATED or depth > DEEPEST:
        return None
    given = {name: _held(graph, registry, one, depth + 1) for name, one in node.inputs.items()}
    if node.type == HOLDER:
        return given.get("value")
    spec = registry.find(node.type)
    if spec is None or not all(isinstance(one, (int, float, str)) for one in given.values()):
        return None
    try:
        shape = shaped(spec, given)
        outcome = spec.function(**(fold(shape, given) if shape.nested else given))
        outputs = outcome if isinstance(outcome, tuple) else (outcome,)
        return outputs[value.slot] if 0 <= value.slot < len(outputs) else None
    except (SafelightError, ArithmeticError, ValueError, TypeError):
        return None


def _written(graph: Graph, loop: _Loop) -> Graph:
    nodes = {id: node for id, node in graph.nodes.items() if id not in loop.body | {loop.start, loop.end}}
    end, start = graph[loop.end], graph[loop.start]
    current = start.inputs.get("initial_iteration_value")
    outputs = []
    for place, index in enumerate(loop.steps):
        given = {INDEX: index, FIRST: place == 0, LAST: place == len(loop.steps) - 1, VALUE: current}

        def moved(value: Any, place: int = place, given: dict[int, Any] = given) -> Any:
            if not isinstance(value, Link):
                return value
            if value.node == loop.start:
                return given.get(value.slot)
            return Link(f"{value.node}.{place}", value.slot) if value.node in loop.body else value

        for id in loop.body:
            inputs = {name: moved(value) for name, value in graph[id].inputs.items()}
            inputs = {name: value for name, value in inputs.items() if value is not None}
            nodes[f"{id}.{place}"] = Node(graph[id].type, inputs, graph[id].title)
        outputs.append(moved(end.inputs.get("output_value")))
        current = moved(end.inputs.get("next_iteration_value"))
    if end.inputs.get("accumulate"):
        gathered = {f"inputs.input{place}": output for place, output in enumerate(outputs)}
        nodes[loop.end] = Node(GATHER, gathered, end.title)
        return Graph(nodes)
    last = outputs[-1]
    return Graph({id: Node(node.type, {name: last if _is(value, loop.end) else value
                                       for name, value in node.inputs.items()}, node.title)
                  for id, node in nodes.items()})  # fmt: skip


def _is(value: Any, id: str) -> bool:
    return isinstance(value, Link) and value.node == id
