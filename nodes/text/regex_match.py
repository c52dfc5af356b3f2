"""Match Text."""

from __future__ import annotations

from typing import Annotated

from nodes.text.pattern import compiled
from nodes.types import DotAll, EachLine, IgnoreCase, Pattern, Words
from safelight import Out, node


@node("RegexMatch", category="text", title="Match Text", aliases=("regular expression", "test"))
def match(
    *,
    string: Words,
    regex_pattern: Pattern,
    case_insensitive: IgnoreCase = True,
    multiline: EachLine = False,
    dotall: DotAll = False,
) -> Annotated[bool, Out("Whether the pattern was found.", name="matches")]:
    """Tell whether a pattern occurs in a text."""
    return compiled(regex_pattern, case_insensitive, multiline, dotall).search(string) is not None
