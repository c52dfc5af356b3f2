"""Convert Text to Uppercase."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "TextToUppercase",
    category="text",
    title="Convert Text to Uppercase",
    deprecated="Use Convert Case.",
    experimental=True,
)
def uppercase(*, texts: Line) -> Annotated[str, Out("In capitals.", name="texts")]:
    """Write a text in capitals."""
    return texts.upper()
