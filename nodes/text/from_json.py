"""Extract Text from JSON."""

from __future__ import annotations

import json
from typing import Annotated

from nodes.types import Words
from safelight import Text, node

KEY = Text(tip="The name of the field to take.")


@node("JsonExtractString", category="text", title="Extract Text from JSON", aliases=("field", "parse"))
def from_json(*, json_string: Words, key: Annotated[str, KEY]) -> str:
    """Take one field of a JSON object as text. If there is none, or no such JSON, the text is empty."""
    try:
        found = json.loads(json_string)
    except ValueError:
        return ""
    value = found.get(key) if isinstance(found, dict) else None
    return "" if value is None else str(value)
