"""Add Text Suffix."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "AddTextSuffix",
    category="text",
    title="Add Text Suffix",
    deprecated="Use Concatenate Text.",
    experimental=True,
)
def suffix(*, texts: Line, suffix: Line = "") -> Annotated[str, Out("Both together.", name="texts")]:
    """Put a text behind another one."""
    return texts + suffix
