"""Bind: from a cell's inputs to the arguments of its body, and from what the body returned to outputs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from safelight.core.cell import Cell, Wake
from safelight.core.error import NodeFailed, Where
from safelight.core.graph import Link
from safelight.core.outcome import Blocked
from safelight.core.shape import fold
from safelight.core.socket import Lazy, Many
from safelight.core.spec import InputSpec, NodeSpec
from safelight.core.store.record import mark_of
from safelight.core.store.tier import PLAIN, tensors_in
from safelight.core.widget import shown

if TYPE_CHECKING:
    import asyncio

    from safelight.core.run.run import Run
    from safelight.core.run.work import Work


MISSING: Any = object()


class Stopped(BaseException):
    """An awaited input turned out to be blocked, or an empty stream: the body ends here."""

    def __init__(self, outcome: Blocked | None) -> None:
        super().__init__()
        self.outcome = outcome


class Watched:
    """Tensors that a body was given, to see afterwards whether it changed one in place."""

    __slots__ = ("tensors",)

    def __init__(self) -> None:
        self.tensors: list[tuple[Any, object, str]] = []

    def add(self, name: str, value: Any) -> None:
        self.tensors.extend((tensor, mark_of(tensor), name) for tensor in tensors_in(value))

    def changed(self) -> set[str]:
        """The inputs whose tensors were changed."""
        return {name for tensor, mark, name in self.tensors if mark_of(tensor) != mark}


def bind(run: Run, cell: Cell, work: Work) -> Any:
    """The arguments by name; Blocked if something that the body needs is. Containers are the body's own."""
    arguments: dict[str, Any] = {}
    by_name = cell.spec.by_name
    for name, given in cell.node.inputs.items():
        one = by_name.get(name)
        if one is None:
            continue
        if given.__class__ is not Link:
            value = literal(one, given)
        elif one.raw.get("rawLink"):
            value = [given.node, given.slot]
        elif one.lazy:
            value = LazyInput(run, cell, one, given)
        else:
            value = run.flow.supply.collected(cell, given) if one.many else run.demand.value(cell, given)
        if value.__class__ not in PLAIN:
            if value.__class__ is Blocked:
                return value
            value = _own(one, value)
            work.watched = work.watched or Watched()
            work.watched.add(name, value)
        elif value.__class__ is int and one.type == "FLOAT":
            value = float(value)
        arguments[name] = value
    return fold(cell.spec, arguments) if cell.spec.nested else arguments


def literal(one: InputSpec, given: Any) -> Any:
    """A value that the graph itself holds, as the input takes it."""
    value = [given] if one.many and given.__class__ is not list else given
    return Lazy.of(_own(one, value)) if one.lazy else value


def _own(one: InputSpec, value: Any) -> Any:
    """A value as the body gets it: in containers of its own, whole numbers as real ones where it says so."""
    if isinstance(value, Lazy):
        return value
    if one.many:
        return Many([_own_item(one, item) for item in value])
    return _own_item(one, value)


def _own_item(one: InputSpec, value: Any) -> Any:
    return float(value) if value.__class__ is int and one.type == "FLOAT" else fresh(value)


def fresh(value: Any) -> Any:
    """The same leaves in containers of their own."""
    kind = value.__class__
    if kind is dict:
        return {name: fresh(item) for name, item in value.items()}
    if kind is list:
        return [fresh(item) for item in value]
    return tuple(map(fresh, value)) if kind is tuple else value


def is_same(one: Any, other: Any) -> bool:
    """Whether two values hold the very same leaves, in containers of the same shape."""
    kind = one.__class__
    if kind is not other.__class__:
        return False
    if kind is dict:
        return one.keys() == other.keys() and all(is_same(one[name], other[name]) for name in one)
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other) if kind in PLAIN else one is other


def outputs_of(spec: NodeSpec, outcome: Any) -> tuple[Any, ...]:
    """What a body returned, slot by slot. Raises NodeFailed when that does not fit the declaration."""
    count = len(spec.outputs)
    if outcome.__class__ is Blocked:
        return (outcome,) * count
    if spec.single:
        outputs: tuple[Any, ...] = (outcome,) if count else ()
    else:
        outputs = tuple(outcome) if isinstance(outcome, (tuple, list)) else (outcome,)
    if len(outputs) != count:
        raise NodeFailed(
            f"it gave {len(outputs)} outputs but declares {count}",
            where=Where(type=spec.id),
            remedy="This is a mistake in the node's code.",
        )
    for slot, unlike in spec.checks:
        value = outputs[slot]
        if value.__class__ is not Blocked and (wanted := unlike(value)):
            raise _unlike(spec, slot, value, wanted)
    return outputs


def _unlike(spec: NodeSpec, slot: int, value: Any, wanted: str) -> NodeFailed:
    output = spec.outputs[slot]
    name = f" '{output.name}'" if output.name != output.type else ""
    shape = getattr(value, "shape", None)
    given = shown(value) if shape is None else f"a {type(value).__name__} of shape {tuple(shape)}"
    return NodeFailed(
        f"its output{name} is declared {output.type}, which is {wanted}, but it gave {given}",
        where=Where(type=spec.id),
        remedy="This is a mistake in the node's code.",
    )


class LazyInput(Lazy[Any]):
    """A linked input that is demanded when it is awaited."""

    def __init__(self, run: Run, cell: Cell, one: InputSpec, link: Link) -> None:
        self._run = run
        self._cell = cell
        self._one = one
        self._link = link

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._fetch().__await__()

    async def _fetch(self) -> Any:
        run, cell, link = self._run, self._cell, self._link
        await self._until(lambda wake: run.flow.supply.reach(cell, self._one, link, wake))
        if run.flow.supply.is_empty(self._one, link):
            raise Stopped(None)
        value = MISSING
        while value is MISSING:  # what was there may have been let go of before it could be taken
            await self._until(lambda wake: run.flow.supply.want(cell, self._one, link, wake))
            with run.schedule.turn:
                if run.flow.supply.is_there(cell, self._one, link):
                    value = (
                        run.flow.supply.collected(cell, link)
                        if self._one.many
                        else run.demand.value(cell, link)
                    )
        if value.__class__ is Blocked:
            raise Stopped(value)
        return _own(self._one, value)

    async def _until(self, demand: Callable[[Wake], None]) -> None:
        """Wait until everything that `demand` ties to its wake is there."""
        import asyncio

        run = self._run
        loop = asyncio.get_running_loop()
        there = loop.create_future()
        with run.schedule.turn:
            wake = Wake(lambda: _call_soon(loop, there))
            demand(wake)
            waiting = wake.release()
            run.schedule.awaiting += waiting
            run.schedule.go_on()
        if waiting:
            try:
                await there
            finally:
                with run.schedule.turn:
                    run.schedule.awaiting -= 1


def _call_soon(loop: asyncio.AbstractEventLoop, future: asyncio.Future[None]) -> None:
    loop.call_soon_threadsafe(_arrive, future)


def _arrive(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
