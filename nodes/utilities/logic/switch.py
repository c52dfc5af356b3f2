"""If/Else Switch."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import Lazy, Out, Toggle, node


@node(
    "ComfySwitchNode",
    category="utilities/logic",
    title="If/Else Switch",
    aliases=("if", "condition", "choose"),
)
async def switch(
    *,
    switch: Annotated[bool, Toggle(tip="Which of the two inputs to pass on.")],
    on_false: Lazy[Any],
    on_true: Lazy[Any],
) -> Annotated[Any, Out("The chosen input.", name="output")]:
    """Pass one of two inputs on; what leads only to the other is never computed."""
    return await (on_true if switch else on_false)
