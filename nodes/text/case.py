"""Convert Text Case."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Words
from safelight import Choice, node

MODES = {
    "UPPERCASE": str.upper,
    "lowercase": str.lower,
    "Capitalize": str.capitalize,
    "Title Case": str.title,
}
MODE = Choice(tip="All letters large, all small, the first letter large, or the first of each word.")


@node("CaseConverter", category="text", title="Convert Text Case", aliases=("upper", "lower"))
def convert_case(
    *,
    string: Words,
    mode: Annotated[Literal["UPPERCASE", "lowercase", "Capitalize", "Title Case"], MODE] = "UPPERCASE",
) -> str:
    """Write a text in large or small letters."""
    return MODES[mode](string)
