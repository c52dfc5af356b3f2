"""Substring."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Words
from safelight import Number, node

START = Number(tip="The first character to keep, counted from 0; below 0 counts from the end.")
END = Number(tip="The character to stop before; below 0 counts from the end.")


@node("StringSubstring", category="text", title="Substring", aliases=("slice", "cut"))
def substring(*, string: Words, start: Annotated[int, START], end: Annotated[int, END]) -> str:
    """Cut a piece out of a text."""
    return string[start:end]
