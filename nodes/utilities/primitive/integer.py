"""Int."""

from __future__ import annotations

from typing import Annotated

from safelight import Seed, node

VALUE = Seed(min=-(2**63) + 1, max=2**63 - 1, tip="A whole number.")


@node("PrimitiveInt", category="utilities/primitive", title="Int", aliases=("constant",))
def integer(*, value: Annotated[int, VALUE]) -> int:
    """A whole number for several inputs at once."""
    return value
