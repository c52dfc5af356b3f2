"""Values for programs that have no whole numbers beyond 2^53 and no NaN, and the way back."""

from __future__ import annotations

from math import isfinite
from typing import Any

LARGEST = 2**53 - 1
"""The largest whole number that JavaScript has."""
INT = "$int"


def plain(value: Any) -> Any:
    """A value as it is told: large whole numbers as `{"$int": "..."}`, NaN and infinities as null."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return value if abs(value) <= LARGEST else {INT: str(value)}
        case float():
            return value if isfinite(value) else None
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {name: plain(item) for name, item in value.items()}
    return None


def exact(value: Any) -> Any:
    """The value that is meant by what was told."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    if not isinstance(value, dict):
        return value
    digits = value.get(INT)
    if len(value) == 1 and isinstance(digits, str) and len(digits) < 100:
        try:
            return int(digits)
        except ValueError:
            return value
    return {name: exact(item) for name, item in value.items()}


def merged(old: Any, told: Any) -> Any:
    """What was told in the place of `old`, with whatever in it means the same as it was written."""
    if same(plain(old), told):
        return old
    if isinstance(old, dict) and isinstance(told, dict) and not told.keys() <= {INT}:
        kept = {key: merged(old[key], told[key]) for key in old if key in told}
        return kept | {key: exact(value) for key, value in told.items() if key not in old}
    if isinstance(old, list) and isinstance(told, list):
        both = [merged(one, other) for one, other in zip(old, told, strict=False)]
        return both + exact(told[len(both) :])
    return exact(told)


def same(one: Any, other: Any) -> bool:
    """Whether two told values mean the same: 8 is 8.0, and neither is True."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
