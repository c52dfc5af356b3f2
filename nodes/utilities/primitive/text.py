"""Text."""

from __future__ import annotations

from typing import Annotated

from safelight import Text, node

VALUE = Text(tip="A line of text.")


@node("PrimitiveString", category="utilities/primitive", title="Text", aliases=("constant",))
def text(*, value: Annotated[str, VALUE]) -> str:
    """A line of text for several inputs at once."""
    return value
