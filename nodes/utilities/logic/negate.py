"""Not."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import In, node


@node("ComfyNotNode", category="utilities/logic", title="Not", aliases=("invert", "negate"))
def negate(*, value: Annotated[Any, In("Yes or no; 0, nothing and an empty text count as no.")]) -> bool:
    """Turn yes into no and no into yes."""
    return not value
