"""Convert Array to String."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from nodes.types import Indent
from safelight import In, node, socket

if TYPE_CHECKING:
    Array = list[Any]
else:
    Array = socket("ARRAY")


@node("ConvertArrayToString", category="text", title="Convert Array to String", aliases=("json",))
def from_array(*, array: Annotated[Array, In("A list of values.")], indent: Indent = 2) -> str:
    """Write a list as JSON."""
    return json.dumps(array, indent=indent or None, ensure_ascii=False)
