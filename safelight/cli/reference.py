"""`safelight nodes --markdown`: every node's page in one document, menu by menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from safelight.cli.nodes import about, default
from safelight.core.registry import Registry
from safelight.core.spec import NodeSpec

HEAD = """# Node reference

Every node that ships, menu by menu: what it does, what it takes and what it gives. `docs/nodes.md` tells how
to write one. This page is made from the nodes themselves: `safelight nodes --markdown > docs/reference.md`.
"""


def reference(registry: Registry) -> str:
    """The document as Markdown, ending in a line break."""
    specs = sorted(registry, key=lambda spec: (spec.category, spec.title.lower(), spec.id))
    menus = [(menu, list(members)) for menu, members in groupby(specs, key=lambda spec: spec.category)]
    lines = [HEAD, f"{len(specs)} nodes.", ""]
    lines += [f"- [{menu}](#{_anchor(menu)}) ({len(members)})" for menu, members in menus]
    for menu, members in menus:
        lines += ["", f"## {menu}"]
        for spec in members:
            lines += ["", *_page(spec)]
    return "\n".join(lines) + "\n"


def _anchor(heading: str) -> str:
    """How a heading is linked to on the pages that show Markdown."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _page(spec: NodeSpec) -> Iterator[str]:
    yield f"### {spec.title}"
    yield ""
    yield f"`{spec.id}`{''.join(f' · {mark}' for mark in _marks(spec))}"
    if spec.deprecated:
        yield from ("", f"Deprecated: {spec.deprecated}")
    yield from ("", spec.doc)
    if spec.inputs:
        rows = [(f"`{one.name}`", _type(one.type, one.many), default(one), about(one)) for one in spec.inputs]
        yield from ("", *_table(("input", "type", "default", "meaning"), rows))
    if spec.outputs:
        outputs = [(f"`{out.name}`", _type(out.type, out.many), out.tip) for out in spec.outputs]
        yield from ("", *_table(("output", "type", "meaning"), outputs))


def _marks(spec: NodeSpec) -> Iterator[str]:
    if spec.effect:
        yield "runs for its effect"
    if spec.experimental:
        yield "experimental"


def _type(name: str, many: bool) -> str:
    shown = "anything" if name == "*" else name
    return f"list of {shown}" if many else shown


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(_cell(text) for text in row)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
