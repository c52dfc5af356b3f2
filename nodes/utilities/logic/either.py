"""Or."""

from __future__ import annotations

from nodes.utilities.logic.truth import Values, truths
from safelight import node


@node("ComfyOrNode", category="utilities/logic", title="Or", aliases=("any", "condition", "boolean"))
def either(*, values: Values) -> bool:
    """Say whether at least one of the values counts as yes."""
    return any(truths(values))
