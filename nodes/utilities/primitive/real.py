"""Float."""

from __future__ import annotations

from typing import Annotated

from safelight import Number, node

VALUE = Number(min=-(2**63) + 1, max=2**63 - 1, step=0.1, tip="A number.")


@node("PrimitiveFloat", category="utilities/primitive", title="Float", aliases=("constant",))
def real(*, value: Annotated[float, VALUE]) -> float:
    """A number for several inputs at once."""
    return value
