"""Boolean."""

from __future__ import annotations

from typing import Annotated

from safelight import Toggle, node

VALUE = Toggle(tip="Yes or no.")


@node("PrimitiveBoolean", category="utilities/primitive", title="Boolean", aliases=("constant",))
def boolean(*, value: Annotated[bool, VALUE]) -> bool:
    """Yes or no, for several inputs at once."""
    return value
