"""Yes or no of any value."""

from __future__ import annotations

from typing import Annotated, Any

from safelight import BadInput, Growing

Values = Annotated[
    dict[str, Any],
    Growing(
        "value",
        min=1,
        max=10,
        tip="Values of any kind; 0, nothing and an empty text count as no. A new input appears at the end.",
    ),
]


def truths(values: dict[str, Any]) -> list[bool]:
    """Whether each value counts as yes."""
    return [_truth(name, value) for name, value in values.items()]


def _truth(name: str, value: Any) -> bool:
    try:
        return bool(value)
    except (RuntimeError, ValueError) as error:  # a tensor of several numbers is neither
        problem = "it holds many numbers, which are together neither yes nor no"
        raise BadInput(f"values.{name}", problem, "Connect a single value.") from error
