"""Extract Text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from nodes.text.pattern import compiled
from nodes.types import DotAll, EachLine, IgnoreCase, Pattern, Words
from safelight import Choice, Number, node

Mode = Literal["First Match", "All Matches", "First Group", "All Groups"]
MODE = Choice(tip="The first or every match; as a whole, or the group numbered below.")
GROUP = Number(
    min=0, max=100, advanced=True, tip="Which pair of brackets: 1 is the first, 0 the whole match."
)


@node(
    "RegexExtract",
    category="text",
    title="Extract Text",
    aliases=("regular expression", "capture"),
)
def extract(
    *,
    string: Words,
    regex_pattern: Pattern,
    mode: Annotated[Mode, MODE] = "First Match",
    case_insensitive: IgnoreCase = True,
    multiline: EachLine = False,
    dotall: DotAll = False,
    group_index: Annotated[int, GROUP] = 1,
) -> str:
    """Take what a pattern matches out of a text: each find on a line of its own, nothing if there is none."""
    pattern = compiled(regex_pattern, case_insensitive, multiline, dotall)
    found = list(_finds(pattern, string, mode, group_index))
    return "\n".join(found if mode.startswith("All") else found[:1])


def _finds(pattern: re.Pattern[str], text: str, mode: str, group: int) -> Iterable[str]:
    """Whole matches or groups. "All Matches" of a pattern with groups gives the first, as ComfyUI does."""
    if mode == "First Match":
        group = 0
    elif mode == "All Matches":
        group = min(pattern.groups, 1)
    if group > pattern.groups:
        return []
    return (match.group(group) or "" for match in pattern.finditer(text))
