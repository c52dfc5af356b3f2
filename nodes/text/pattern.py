"""How the regular-expression nodes read their pattern."""

from __future__ import annotations

import re

from safelight import BadInput


def compiled(pattern: str, case_insensitive: bool, multiline: bool, dotall: bool) -> re.Pattern[str]:
    """The pattern with its options; BadInput if it is no regular expression."""
    options = ((case_insensitive, re.IGNORECASE), (multiline, re.MULTILINE), (dotall, re.DOTALL))
    flags = sum(flag for wanted, flag in options if wanted)
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise BadInput(
            "regex_pattern",
            f"{pattern!r} is not a regular expression: {error}",
            "Correct it; a backslash before ( ) [ ] . * + ? takes the character as it is.",
        ) from error
