"""Preview as Text."""

from __future__ import annotations

import json
from typing import Any

from safelight import Context, node


@node(
    "PreviewAny",
    category="utilities",
    title="Preview as Text",
    aliases=("show", "debug", "print"),
    effect=True,
)
def preview_any(ctx: Context, *, source: Any) -> str:
    """Show any value as text."""
    text = written(source)
    ctx.show("text", [text])
    return text


def written(value: Any) -> str:
    """The value as a person would write it: texts as they are, lists and dicts as JSON where that can be."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, indent=4, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)
