"""Math Expression."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Annotated, NamedTuple

from nodes.utilities.formula import Formula, FormulaError
from safelight import BadInput, Growing, Out, Text, node

EXPRESSION = Text(
    multiline=True, tip="a + b * 2, say. The first value is called a, the second b, and so on; values is all."
)
Values = Annotated[
    dict[str, float | int | bool],
    Growing("value", min=1, names=tuple(ascii_lowercase), tip="Numbers; a new input appears at the end."),
]


class Result(NamedTuple):
    """What comes out, in three kinds."""

    real: Annotated[float, Out("With its fraction.", name="FLOAT")]
    whole: Annotated[int, Out("Cut to a whole number.", name="INT")]
    truth: Annotated[bool, Out("Whether it is not 0.", name="BOOL")]


@node(
    "ComfyMathExpression",
    category="utilities",
    title="Math Expression",
    aliases=("calculate", "formula", "arithmetic"),
)
def evaluate(*, expression: Annotated[str, EXPRESSION] = "a + b", values: Values) -> Result:
    """Calculate with numbers.

    There are + - * / // % **, comparisons, and, or, not, x if y else z, and abs, ceil, cos, floor, int,
    float, log, log2, log10, max, min, pow, round, sin, sqrt, sum and tan.
    """
    try:
        result = Formula(expression)(values)
        return Result(float(result), int(result), bool(result))
    except FormulaError as error:
        raise BadInput("expression", str(error), error.remedy) from error
    except (ArithmeticError, ValueError, TypeError) as error:
        problem = f"it cannot be calculated with these values ({error})"
        raise BadInput("expression", problem, "Change the expression or the values.") from error
