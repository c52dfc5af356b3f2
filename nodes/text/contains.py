"""Contains Text."""

from __future__ import annotations

from typing import Annotated

from nodes.types import MindCase, Words
from safelight import Out, Text, node

SOUGHT = Text(multiline=True, tip="The text to look for.")


@node("StringContains", category="text", title="Contains Text", aliases=("find", "search"))
def contains(
    *, string: Words, substring: Annotated[str, SOUGHT], case_sensitive: MindCase = True
) -> Annotated[bool, Out("Whether it was found.", name="contains")]:
    """Tell whether a text holds another."""
    if not case_sensitive:
        string, substring = string.lower(), substring.lower()
    return substring in string
