"""Trim Text."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Words
from safelight import Choice, node

MODES = {"Both": str.strip, "Left": str.lstrip, "Right": str.rstrip}
MODE = Choice(tip="At which end.")


@node("StringTrim", category="text", title="Trim Text", aliases=("strip",))
def trim(*, string: Words, mode: Annotated[Literal["Both", "Left", "Right"], MODE] = "Both") -> str:
    """Remove spaces and line breaks from the ends of a text."""
    return MODES[mode](string)
