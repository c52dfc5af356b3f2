"""Plan: which iterations a loop has, once what decides that has run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

from safelight.core.bind import LazyInput, literal
from safelight.core.cell import Cell
from safelight.core.error import BadInput, NodeFailed, SafelightError
from safelight.core.graph import Link
from safelight.core.key import fresh_key
from safelight.core.outcome import Iterations
from safelight.core.shape import fold
from safelight.core.spec import InputSpec
from safelight.core.store.codec import Unstorable

if TYPE_CHECKING:
    from safelight.core.run.run import Run

MOST = 10_000
"""The most iterations that a loop may have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The iterations of a loop, and the key of each item."""

    iterations: Iterations
    keys: tuple[bytes, ...] = ()


async def plan_of(run: Run, cell: Cell) -> Plan:
    """The iterations of the loop that a cell ends: its start tells them, of inputs that are awaited."""
    loop = run.loops.get(cell.id)
    if loop is None:
        raise NodeFailed("the start of its loop is not known", remedy="Connect it to a StartLoop.")
    start, spec = run.nodes[loop.start], run.specs[loop.start]
    assert spec.opens is not None
    try:
        names = signature(spec.opens).parameters
        given = {}
        for one in spec.inputs:
            if one.name.partition(".")[0] in names:
                given[one.name] = await _given(run, cell, one, start.inputs.get(one.name, one.default))
        iterations = spec.opens(**(fold(spec, given) if spec.nested else given))
        _check_count(iterations.indices)
        keys = await asyncio.to_thread(lambda: tuple(key_of(run, item) for item in iterations.items or ()))
    except SafelightError as error:
        raise error.at(node=loop.start, type=start.type, title=start.title or None) from None
    return Plan(iterations, keys)


async def _given(run: Run, cell: Cell, one: InputSpec, value: Any) -> Any:
    """What an input of a loop's start has, a link's value included."""
    if not isinstance(value, Link):
        return literal(one, value)
    if not one.many and run.flow.chart.feeds_of((value.node, value.slot)):
        problem = f"it takes one value, and node '{value.node}' gives a list"
        raise BadInput(one.name, problem, "Take one item out of the list first.")
    return await LazyInput(run, cell, one, value)


def _check_count(indices: range) -> None:
    count = -((indices.start - indices.stop) // indices.step)
    if count > MOST:
        raise BadInput(
            "mode",
            f"the loop would run {count:,} times, and {MOST:,} are the most",
            "Let it run less often, or split the list.",
        )


def key_of(run: Run, value: Any) -> bytes:
    """What a value is; one that has no exact form is like nothing else."""
    try:
        return run.store.codec.digest(value)
    except Unstorable:
        return fresh_key()
