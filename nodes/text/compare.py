"""Compare Text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from nodes.types import MindCase, Words
from safelight import Choice, node

MODES: dict[str, Callable[[str, str], bool]] = {
    "Starts With": str.startswith,
    "Ends With": str.endswith,
    "Equal": str.__eq__,
}
MODE = Choice(tip="What is asked: does A begin with B, end with B, or are they equal?")


@node("StringCompare", category="text", title="Compare Text", aliases=("equals", "starts with"))
def compare(
    *,
    string_a: Words,
    string_b: Words,
    mode: Annotated[Literal["Starts With", "Ends With", "Equal"], MODE] = "Starts With",
    case_sensitive: MindCase = True,
) -> bool:
    """Tell whether two texts are equal, or whether one begins or ends with the other."""
    if not case_sensitive:
        string_a, string_b = string_a.lower(), string_b.lower()
    return MODES[mode](string_a, string_b)
