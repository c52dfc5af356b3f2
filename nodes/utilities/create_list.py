"""Create List."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import Growing, Many, Out, node

Items = Annotated[
    dict[str, Many[Any]],
    Growing("input", min=1, max=100, tip="Anything, lists too; a new input appears at the end."),
]


@node("CreateList", category="utilities", title="Create List", aliases=("gather", "collect"))
def create_list(*, inputs: Items) -> Annotated[Many[Any], Out("The items, one by one.", name="list")]:
    """Make one list of what is connected; what comes after runs once for each item."""
    return Many([item for items in inputs.values() for item in items])
