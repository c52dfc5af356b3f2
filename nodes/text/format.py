"""Format Text."""

from __future__ import annotations

import re
from string import Formatter, ascii_lowercase
from typing import Annotated, Any

from safelight import BadInput, Growing, Text, node

WIDEST = 1000
"""How many characters a value may be padded to, or digits it may have."""

Values = Annotated[
    dict[str, Any],
    Growing(
        "value",
        min=0,
        names=tuple(ascii_lowercase),
        tip="What is put in: the first is called {a} in the text, the second {b}, and so on.",
    ),
]
PATTERN = Text(
    multiline=True, tip="A text with {a}, {b}, ...; {a:.2f} or {a:04d} say how a number is written."
)


class _Plain(Formatter):
    """Python's format language without a way into what a value is made of."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if key not in kwargs:
            name = f"{{{key}}}"
            problem = f"{name} has no value"
            raise BadInput("f_string", problem, f"Connect a value, or write {{{name}}} for plain braces.")
        return kwargs[key]

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        if not re.fullmatch(r"\w*", field_name):
            raise BadInput("f_string", f"{{{field_name}}} is no plain name", "Write {a}, {b} and so on.")
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if any(int(number) > WIDEST for number in re.findall(r"[0-9]+", format_spec)):
            raise BadInput("f_string", f"{format_spec} is too wide", f"Stay at {WIDEST} characters or less.")
        return str(super().format_field(value, format_spec))


@node("StringFormat", category="text", title="Format Text", aliases=("template", "f-string", "insert"))
def format_text(*, values: Values, f_string: Annotated[str, PATTERN] = "{a}") -> str:
    """Put values into a text, where it says {a}, {b} and so on; {{ and }} are plain braces."""
    try:
        return _Plain().vformat(f_string, (), values)
    except (ValueError, TypeError) as error:
        raise BadInput("f_string", f"it cannot be filled in ({error})", "Look at its braces.") from error
