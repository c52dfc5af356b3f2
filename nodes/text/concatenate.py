"""Concatenate Text."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Words
from safelight import Text, node

DELIMITER = Text(tip="What to put between the two.")


@node("StringConcatenate", category="text", title="Concatenate Text", aliases=("join", "append"))
def concatenate(*, string_a: Words, string_b: Words, delimiter: Annotated[str, DELIMITER] = "") -> str:
    """Put one text after another."""
    return delimiter.join((string_a, string_b))
