"""`safelight nodes`: what node types there are, and the manual page of each."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from itertools import groupby

from safelight import home
from safelight.cli.outcome import DONE
from safelight.cli.speech import paint
from safelight.cli.table import table
from safelight.compat import object_info
from safelight.core.registry import Registry
from safelight.core.spec import REQUIRED, InputSpec, NodeSpec
from safelight.core.widget import Choice, File, Number, Seed, shown

FEW = 8
OWN_FOLDERS = ("input", "output", "styles")
"""Kinds of files that do not lie below models."""


def main(args: Namespace) -> int:
    """Print the catalogue, or one node's page."""
    registry = Registry().load("nodes")
    if args.markdown:
        from safelight.cli.reference import reference

        print(reference(registry), end="")
    elif args.stubs:
        from safelight.cli.stub import stubs

        print(stubs(registry), end="")
    elif args.json:
        print(json.dumps(object_info(registry, home.folders(home.locate(args.data), prepared=False).names)))
    else:
        for line in _page(registry.get(args.name)) if args.name else _catalogue(registry):
            print(line)
    return DONE


def _catalogue(registry: Registry) -> Iterator[str]:
    """Every node type with the first sentence of its description, menu by menu."""
    specs = sorted(registry, key=lambda spec: (spec.category, spec.id))
    wide = max(len(spec.id) for spec in specs)
    for category, members in groupby(specs, key=lambda spec: spec.category):
        yield paint(category, "bold")
        for spec in members:
            yield f"  {spec.id:<{wide}}  {spec.doc.splitlines()[0] if spec.doc else ''}"


def _page(spec: NodeSpec) -> Iterator[str]:
    """Everything about one node type."""
    yield f"{paint(spec.id, 'bold')}  {spec.title if spec.title != spec.id else ''}".rstrip()
    yield from ("", spec.doc, "")
    rows = [(one.name, one.type, default(one), about(one)) for one in spec.inputs]
    if rows:
        yield from table(("input", "type", "default", "meaning"), rows)
    if spec.outputs:
        yield ""
        yield from table(
            ("output", "type", "meaning"), [(out.name, out.type, out.tip) for out in spec.outputs]
        )


def default(one: InputSpec) -> str:
    """An input's default as a person reads it."""
    if one.widget is None:
        return "(a wire)" if one.required else "(may be left open)"
    return "" if one.default is REQUIRED or one.default is None else shown(one.default)


def about(one: InputSpec) -> str:
    """The tooltip, and which values there are."""
    match one.widget:
        case Number(min=low, max=high) | Seed(min=low, max=high) if low is not None and high is not None:
            values = f"{low} to {high}."
        case Choice() as choice:
            more = f", and {len(choice.options) - FEW} more" if len(choice.options) > FEW else ""
            values = f"One of {', '.join(choice.options[:FEW])}{more}."
        case File(kind=kind):
            values = f"A file in {kind if kind in OWN_FOLDERS else f'models/{kind}'}."
        case _:
            values = ""
    return " ".join(text for text in (one.tip, values) if text)
