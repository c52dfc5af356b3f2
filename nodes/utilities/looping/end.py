"""End Loop."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import Growing, In, Lazy, Many, Out, Toggle, node

OUTPUT = In("What comes out of the loop: of the last iteration, or of each where it accumulates.")
NEXT = In("What the next iteration gets from Start Loop, as current_iteration_value.")
ACCUMULATE = Toggle(tip="Give what every iteration made, one by one, not only the last.")
ENDS = Growing(
    "termination", min=0, max=50, tip="What is to be run in every iteration, though nothing needs it."
)

NOTHING: dict[str, Lazy[Many[Any]]] = {}


@node(
    "EndLoop",
    category="utilities/looping",
    title="End Loop",
    aliases=("repeat", "iterate", "collect"),
    closes=True,
)
async def end_loop(
    *,
    output_value: Annotated[Lazy[Many[Any]] | None, OUTPUT] = None,
    next_iteration_value: Annotated[Lazy[Many[Any]] | None, NEXT] = None,  # noqa: ARG001
    accumulate: Annotated[bool, ACCUMULATE] = False,  # noqa: ARG001
    terminations: Annotated[dict[str, Lazy[Many[Any]]], ENDS] = NOTHING,  # noqa: ARG001
) -> Annotated[Many[Any], Out("What comes out of the loop, one by one.", name="outputs")]:
    """End what a Start Loop began. What comes after runs once for each value that comes out.

    What is shown or saved within the loop is, in every iteration.
    """
    return Many(list(await output_value) if output_value is not None else [])
