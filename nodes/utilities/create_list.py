"""Create List."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import Growing, Many, Out, node

Items = Annotated[
    dict[str, Any], Growing("input", min=1, max=100, tip="Anything; a new input appears at the end.")
]


@node("CreateList", category="utilities", title="Create List", aliases=("gather", "collect"))
def create_list(*, inputs: Items) -> Annotated[Many[Any], Out("The items, one by one.", name="list")]:
    """Make a list of what is connected; what comes after runs once for each item."""
    return Many(list(inputs.values()))
