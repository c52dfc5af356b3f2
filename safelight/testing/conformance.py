"""What every pack should keep to, as one check that says all that it found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight.core.error import BadInput
from safelight.core.registry import Registry
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Number, Seed, Text, Toggle
from safelight.testing.bench import Bench
from safelight.testing.sample import same, sample

GENERAL = frozenset({"*", "COMBO"})


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a node does not keep."""

    node: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.node}: {self.text} ({self.rule})"


def check_pack(specs: Iterable[NodeSpec] | Registry) -> None:
    """Assert that node types keep the rules; the message lists every breach."""
    found = list(breaches(specs))
    assert not found, "\n".join(map(str, found))


def breaches(specs: Iterable[NodeSpec] | Registry) -> Iterator[Breach]:
    """All that node types do against the rules.

    Each is documented, its defaults are within their own ranges, and, where values for all its inputs can be
    made up, it gives what it declares, the same twice, and leaves its inputs as they are.
    """
    for spec in specs:
        yield from _declared(spec)
        yield from _behaved(spec)


def _declared(spec: NodeSpec) -> Iterator[Breach]:
    if not spec.doc.strip():
        yield Breach(spec.id, "documented", "it has no docstring to be its tooltip")
    if not spec.category:
        yield Breach(spec.id, "documented", "it has no category, so it is nowhere in the menu")
    for one in spec.inputs:
        if one.widget is not None and not one.tip:
            yield Breach(spec.id, "documented", f"its input '{one.name}' has no tip")
        refusal = _default_refusal(one)
        if refusal:
            yield Breach(spec.id, "defaults", f"the default of its input '{one.name}' is refused: {refusal}")


def _default_refusal(one: InputSpec) -> str:
    if one.widget is None or one.default is REQUIRED or one.default is None or isinstance(one.widget, File):
        return ""
    refusal = one.widget.refusal(one.default)
    return refusal[0] if refusal else ""


def _behaved(spec: NodeSpec) -> Iterator[Breach]:
    inputs = _inputs(spec)
    if inputs is None or spec.effect:
        return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), [spec])
        try:
            yield from _run(bench, spec, inputs)
        finally:
            bench.close()


def _run(bench: Bench, spec: NodeSpec, inputs: dict[str, Any]) -> Iterator[Breach]:
    first = bench.result(spec.id, inputs)
    if isinstance(first.error, BadInput):
        return  # it says in words that it does not take what was made up
    if first.error is not None:
        yield Breach(spec.id, "runs", f"it fails on plain inputs: {first.error}")
        return
    if first.notices:
        yield Breach(spec.id, "inputs", "; ".join(first.notices))
    if any(output.many for output in spec.outputs):
        return
    values = tuple(first.values["node"])
    if not spec.cached:
        return
    again = Bench(bench.data, [spec])
    second = tuple(again.result(spec.id, _inputs(spec) or {}).values["node"])
    again.close()
    if not all(map(same, values, second)):
        yield Breach(spec.id, "deterministic", "it gives something else the second time; say `cached=False`")


def _inputs(spec: NodeSpec) -> dict[str, Any] | None:
    """Made-up values for what has to be given; None if there is none for some type."""
    made: dict[str, Any] = {}
    for one in spec.inputs:
        if one.default is not REQUIRED:
            continue
        value = _value(one)
        if value is None:
            return None
        made[one.name] = value
    return made


def _value(one: InputSpec) -> Any:
    match one.widget:
        case Number(min=low, integer=whole):
            return int(low or 1) if whole else float(low or 0.5)
        case Seed():
            return 1
        case Text():
            return "text"
        case Toggle():
            return True
        case Choice() as choice:
            return next(iter(choice.options), None)
        case File():
            return None
    return None if one.type in GENERAL else sample(one.type.split(",")[0])
