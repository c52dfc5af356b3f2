"""Text Template."""

from __future__ import annotations

import re
from typing import Annotated, Any

from safelight import BadInput, In, Text, node

TEMPLATE = Text(
    multiline=True,
    tip="A text with names in braces: a {colour} {animal}. {{ and }} stand for the braces themselves.",
)
VALUES = Text(multiline=True, tip="One placeholder and its value on each line, as in `colour: red`.")
WIRED = In("Any value; it fills the placeholder of this name.")

PLACE = re.compile(r"\{\{|\}\}|\{\s*([^{}\s]+)\s*\}")


@node("TextTemplate", category="text", title="Text Template", aliases=("format", "prompt template"))
def fill_template(
    *,
    template: Annotated[str, TEMPLATE] = "{a}",
    values: Annotated[str, VALUES] = "",
    a: Annotated[Any, WIRED] = None,
    b: Annotated[Any, WIRED] = None,
    c: Annotated[Any, WIRED] = None,
    d: Annotated[Any, WIRED] = None,
) -> str:
    """Fill the placeholders of a text, from lines of `name: value` or from the wires a, b, c and d."""
    wired = {name: value for name, value in (("a", a), ("b", b), ("c", c), ("d", d)) if value is not None}
    known = {**_read(values), **wired}

    def fill(place: re.Match[str]) -> str:
        name = place.group(1)
        if name is None:
            return place.group()[0]
        if name not in known:
            raise BadInput(
                "template",
                f"nothing is given for {{{name}}}",
                f"Write a line '{name}: ...' in values, or connect a wire to a, b, c or d and use that name.",
            )
        return str(known[name])

    return PLACE.sub(fill, template)


def _read(lines: str) -> dict[str, str]:
    """The values by name; an empty line is skipped, a line without a colon refused."""
    values = {}
    for line in filter(str.strip, lines.splitlines()):
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise BadInput("values", f"the line {line!r} has no name and value", "Write it as 'name: value'.")
        values[name.strip()] = value.strip()
    return values
