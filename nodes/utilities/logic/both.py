"""And."""

from __future__ import annotations

from nodes.utilities.logic.truth import Values, truths
from safelight import node


@node("ComfyAndNode", category="utilities/logic", title="And", aliases=("all", "condition", "boolean"))
def both(*, values: Values) -> bool:
    """Say whether all the values count as yes."""
    return all(truths(values))
