"""Strip Whitespace."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "StripWhitespace",
    category="text",
    title="Strip Whitespace",
    deprecated="Use Trim Text.",
    experimental=True,
)
def strip(*, texts: Line) -> Annotated[str, Out("The text without them.", name="texts")]:
    """Take blanks and line breaks off both ends of a text."""
    return texts.strip()
