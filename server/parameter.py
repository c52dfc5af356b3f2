"""Parameter: what stands behind the question mark of an address, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from safelight.core.widget import shown
from server.answer import Refused

LARGEST = 2**53
CLIENT_LONGEST = 1000
"""Characters of the name that a client gives itself, for its socket and for its jobs alike."""


def whole(query: Mapping[str, str], name: str, *, least: int = 0, most: int = LARGEST) -> int | None:
    """A whole number; None if it is not there. Refused with 400 for anything else."""
    text = query.get(name)
    if text is None or not text.strip():
        return None
    try:
        value = int(text[:40])
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise Refused(
            400,
            "bad_parameter",
            f"'{name}' is {shown(text)}",
            "Give a whole number" + (f" from {least}." if least > -LARGEST else "."),
        )
    return value


def is_text(value: object, longest: int = LARGEST) -> bool:
    """Whether this is a text that can be kept: JSON can say half a character, which nothing can store."""
    try:
        return isinstance(value, str) and len(value) <= longest and bool(value.encode() or True)
    except UnicodeEncodeError:
        return False


def is_id(value: object) -> bool:
    """Whether this can be the id of a job."""
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False
