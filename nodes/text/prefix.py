"""Add Text Prefix."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "AddTextPrefix",
    category="text",
    title="Add Text Prefix",
    deprecated="Use Concatenate Text.",
    experimental=True,
)
def prefix(*, texts: Line, prefix: Line = "") -> Annotated[str, Out("Both together.", name="texts")]:
    """Put a text before another one."""
    return prefix + texts
