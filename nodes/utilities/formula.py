"""Formula: a text of arithmetic, calculated with nothing else within its reach.

It is read as Python reads an expression, but only numbers, names, operators and the functions listed here
mean anything: there is no way to an attribute, an item or a module. Sizes are bounded, so that no short
text can ask for a number of a million digits.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

LONGEST = 10_000
"""How many characters a formula may have, and how many bits a whole number."""


class FormulaError(Exception):
    """A formula that cannot be; `remedy` says what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


def _sum(*given: Any) -> Any:
    return sum(given[0]) if len(given) == 1 and isinstance(given[0], list) else sum(given)


def _power(base: Any, exponent: Any) -> Any:
    """A power, unless it would be a whole number too long to be meant."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(base) > 1 and abs(exponent) * base.bit_length() > LONGEST:
        raise FormulaError("a power in it is too large", "Use smaller numbers, or one with a point.")
    return base**exponent


def _shifted(number: Any, places: Any) -> Any:
    if abs(places) > LONGEST:
        raise FormulaError("a shift in it is too far", "Use smaller numbers.")
    return number << places


OPERATORS: Mapping[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.LShift: _shifted,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "cos": math.cos,
    "float": float,
    "floor": math.floor,
    "int": int,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "max": max,
    "min": min,
    "pow": _power,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "sum": _sum,
    "tan": math.tan,
}
NAMES = {"pi": math.pi, "e": math.e, "tau": math.tau}
"""Names that stand for numbers where no value is called so."""


class Formula:
    """An expression that was read; calling it with values by name calculates it."""

    def __init__(self, text: str) -> None:
        """`FormulaError` if the text is no expression."""
        if len(text) > LONGEST:
            raise FormulaError("it is too long", f"Stay at {LONGEST} characters or less.")
        try:
            self._body = ast.parse(" ".join(text.split()), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = f"{text[:60]!r} is no expression"
            raise FormulaError(problem, "Write it as a + b * 2, say.") from error

    def __call__(self, values: Mapping[str, Any]) -> int | float:
        """The number that comes out; `FormulaError`, or what arithmetic raises (division by zero, ...)."""
        self._values = {**NAMES, "values": list(values.values()), **values}
        try:
            result = self._of(self._body)
        except RecursionError as error:
            raise FormulaError("it is nested too deep", "Split it in two.") from error
        if not isinstance(result, int | float):
            raise FormulaError("what comes out is not a number", "Make it one: max(values), say.")
        if isinstance(result, float) and not math.isfinite(result):
            raise FormulaError("what comes out is not a finite number", "Use smaller numbers.")
        return result

    def _of(self, part: ast.expr) -> Any:
        result = self._worked_out(part)
        if isinstance(result, int) and result.bit_length() > LONGEST:
            raise FormulaError("a number in it becomes too large", "Use smaller numbers.")
        return result

    def _worked_out(self, part: ast.expr) -> Any:
        match part:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                return self._value(name)
            case ast.UnaryOp(op=sign, operand=inner):
                return OPERATORS[type(sign)](self._of(inner))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
                return OPERATORS[type(sign)](self._of(left), self._of(right))
            case ast.BoolOp(op=sign, values=parts):
                return self._joined(isinstance(sign, ast.And), parts)
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                return self._of(then if self._of(test) else otherwise)
            case ast.Compare(left=left, ops=signs, comparators=others):
                return self._compared([left, *others], signs)
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self._called(name, [self._of(one) for one in given])
        problem = f"{ast.unparse(part)[:60]!r} is not arithmetic"
        raise FormulaError(problem, "Use numbers, names, operators and functions such as min.")

    def _value(self, name: str) -> Any:
        if name not in self._values:
            problem = f"there is no value called {name}"
            raise FormulaError(problem, f"Connect a value to {name}, or use another name.")
        return self._values[name]

    def _called(self, name: str, given: Sequence[Any]) -> Any:
        if name not in FUNCTIONS:
            raise FormulaError(f"there is no function {name}", f"There are {', '.join(FUNCTIONS)}.")
        return FUNCTIONS[name](*given)

    def _joined(self, both: bool, parts: Sequence[ast.expr]) -> Any:
        """`and` or `or`, which give the value that decides."""
        result: Any = both
        for part in parts:
            result = self._of(part)
            if bool(result) is not both:
                break
        return result

    def _compared(self, parts: Sequence[ast.expr], signs: Sequence[ast.cmpop]) -> bool:
        for left, sign, right in zip(parts, signs, parts[1:], strict=False):
            if type(sign) not in OPERATORS:
                raise FormulaError("it compares in a way that numbers cannot", "Use < <= == != >= >.")
            if not OPERATORS[type(sign)](self._of(left), self._of(right)):
                return False
        return True
