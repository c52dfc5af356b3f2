"""Replace Text (Regex)."""

from __future__ import annotations

import re
from typing import Annotated

from nodes.text.pattern import compiled
from nodes.types import DotAll, EachLine, IgnoreCase, Pattern, Words
from safelight import BadInput, Number, Text, node

REPLACE = Text(multiline=True, tip=r"What to write instead; \1 stands for the first group.")
COUNT = Number(min=0, max=100, advanced=True, tip="How many to replace at most; 0 replaces all.")


@node("RegexReplace", category="text", title="Replace Text (Regex)", aliases=("substitute",))
def replace(
    *,
    string: Words,
    regex_pattern: Pattern,
    replace: Annotated[str, REPLACE],
    case_insensitive: IgnoreCase = True,
    multiline: EachLine = False,
    dotall: DotAll = False,
    count: Annotated[int, COUNT] = 0,
) -> str:
    """Replace what a pattern matches."""
    pattern = compiled(regex_pattern, case_insensitive, multiline, dotall)
    try:
        return pattern.sub(replace, string, count=count)
    except (re.error, IndexError) as error:
        remedy = r"Use \1, \2, ... only for groups that the pattern has."
        raise BadInput("replace", f"{replace!r} does not fit the pattern: {error}", remedy) from error
