"""Convert Text to Lowercase."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "TextToLowercase",
    category="text",
    title="Convert Text to Lowercase",
    deprecated="Use Convert Case.",
    experimental=True,
)
def lowercase(*, texts: Line) -> Annotated[str, Out("In small letters.", name="texts")]:
    """Write a text in small letters."""
    return texts.lower()
