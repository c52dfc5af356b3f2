"""Truncate Text."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Number, Out, node

LENGTH = Number(min=1, max=10000, tip="How many letters stay, at most.")


@node("TruncateText", category="text", title="Truncate Text", aliases=("cut", "limit"), experimental=True)
def truncate(
    *, texts: Line, max_length: Annotated[int, LENGTH] = 77
) -> Annotated[str, Out("The beginning of the text.", name="texts")]:
    """Cut a text off after a number of letters."""
    return texts[:max_length]
