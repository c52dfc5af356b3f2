"""Custom Combo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from safelight import BadInput, Free, Further, Out, node, socket

if TYPE_CHECKING:
    Combo = str
else:
    Combo = socket("COMBO")

OPTION = re.compile(r"option([1-9][0-9]{0,8})")


class Chosen(NamedTuple):
    """What was chosen, and where it stands."""

    choice: Annotated[str, Out("What was chosen.", name="STRING")]
    place: Annotated[int, Out("Its place in the list, from 0; -1 if it is not there.", name="INDEX")]


@node(
    "CustomCombo",
    category="utilities",
    title="Custom Combo",
    aliases=("dropdown", "list", "options", "select", "choice"),
    experimental=True,
)
def custom_combo(
    *,
    choice: Annotated[
        Combo, Free(tip="One of the texts of the list below it, which is written on the node.")
    ],
    options: Annotated[dict[str, Any], Further()],
) -> Chosen:
    """Choose one of the texts of a list that you write on the node.

    The texts are called `option1`, `option2` and so on. Where none is given, `index` says the place.
    """
    if not isinstance(choice, str):
        raise BadInput("choice", f"{choice!r} is not a text", "Choose one of the texts of the list.")
    numbered = sorted((int(found[1]), name) for name in options if (found := OPTION.fullmatch(name)))
    texts = [_text(name, options[name]) for _, name in numbered]
    if not texts:
        return Chosen(choice, _place(options.get("index", 0)))
    return Chosen(choice, texts.index(choice) if choice in texts else -1)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(name, f"{value!r} is not a text", "Write a text.")
    return value


def _place(index: Any) -> int:
    if not isinstance(index, int) or isinstance(index, bool):
        raise BadInput("index", f"{index!r} is not a whole number", "Enter a whole number.")
    return index
