"""Convert Number."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import BadInput, In, Out, node


class Converted(NamedTuple):
    """A number in both kinds."""

    real: Annotated[float, Out("With its fraction.", name="FLOAT")]
    whole: Annotated[int, Out("Cut to a whole number.", name="INT")]


@node("ComfyNumberConvert", category="utilities", title="Convert Number", aliases=("int", "float", "parse"))
def convert(
    *, value: Annotated[int | float | str | bool, In("A number, a text that says one, or yes and no (1, 0).")]
) -> Converted:
    """Make a whole and a real number of a value."""
    try:
        real = float(value)
        return Converted(real, _whole(value, real))
    except (ValueError, OverflowError) as error:
        raise BadInput("value", f"{value!r} cannot be converted to a number", "Give a number.") from error


def _whole(value: int | float | str | bool, real: float) -> int:
    """Exact where the value says a whole number, which a real one would round."""
    try:
        return int(value)
    except ValueError:
        return int(real)
