"""`execution`: little of it is of use to packs."""

from __future__ import annotations

from typing import Any


def validate_prompt(*given: Any, **named: Any) -> tuple[bool, None, list[Any], dict[str, Any]]:
    return True, None, [], {}
