"""Text (Multiline)."""

from __future__ import annotations

from typing import Annotated

from safelight import Text, node

VALUE = Text(multiline=True, tip="Any text.")


@node(
    "PrimitiveStringMultiline",
    category="utilities/primitive",
    title="Text (Multiline)",
    aliases=("constant",),
)
def text_multiline(*, value: Annotated[str, VALUE]) -> str:
    """A text of several lines for several inputs at once."""
    return value
