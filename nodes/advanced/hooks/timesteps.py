"""Timesteps Range."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.advanced.hooks.value import Part
from nodes.types import Moment
from safelight import Out, node


class Ranges(NamedTuple):
    """A part of a run, and what is left of it."""

    chosen: Annotated[Part, Out("The part itself.", name="TIMESTEPS_RANGE")]
    before: Annotated[Part, Out("What comes before it.", name="BEFORE_RANGE")]
    after: Annotated[Part, Out("What comes after it.", name="AFTER_RANGE")]


@node(
    "ConditioningTimestepsRange",
    category="advanced/hooks",
    title="Timesteps Range",
    experimental=True,
    aliases=("prompt scheduling", "when"),
)
def timesteps_range(*, start_percent: Moment = 0.0, end_percent: Moment = 1.0) -> Ranges:
    """Choose a part of the denoising, for "Cond Set Props" and its like: a prompt then acts in it alone.

    The other two outputs are what comes before and after it, for prompts that take turns.
    """
    return Ranges((start_percent, end_percent), (0.0, start_percent), (end_percent, 1.0))
