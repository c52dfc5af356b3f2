"""Text Length."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Words
from safelight import Out, node


@node("StringLength", category="text", title="Text Length", aliases=("count",))
def length(*, string: Words) -> Annotated[int, Out("How many characters it has.", name="length")]:
    """Count the characters of a text."""
    return len(string)
