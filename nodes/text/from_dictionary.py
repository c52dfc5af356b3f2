"""Convert Dictionary to String."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from nodes.types import Indent
from safelight import In, node, socket

if TYPE_CHECKING:
    Dictionary = dict[str, Any]
else:
    Dictionary = socket("DICT")


@node("ConvertDictionaryToString", category="text", title="Convert Dictionary to String", aliases=("json",))
def from_dictionary(*, dictionary: Annotated[Dictionary, In("Values by name.")], indent: Indent = 2) -> str:
    """Write values by name as JSON."""
    return json.dumps(dictionary, indent=indent or None, ensure_ascii=False)
