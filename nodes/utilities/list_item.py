"""Get Item From List."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import BadInput, In, Many, Number, Out, node

LIST = In("The list that one item is wanted of.")
INDEX = Number(tip="Which item: 0 is the first, 1 the second, -1 the last.")


@node("GetItemFromList", category="utilities", title="Get Item From List", aliases=("pick", "index"))
def list_item(
    *, list: Annotated[Many[Any], LIST], index: Annotated[int, INDEX] = 0
) -> Annotated[Any, Out("The item.")]:
    """Take one item out of a list."""
    if -len(list) <= index < len(list):
        return list[index]
    count = f"{len(list)} item{'s' if len(list) != 1 else ''}"
    raise BadInput("index", f"there is no item {index}: the list has {count}", "Count from 0.")
