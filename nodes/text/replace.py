"""Replace Text."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Words
from safelight import Text, node

FIND = Text(multiline=True, tip="The text to replace, wherever it stands.")
REPLACE = Text(multiline=True, tip="What to write in its place.")


@node("StringReplace", category="text", title="Replace Text", aliases=("substitute",))
def replace(*, string: Words, find: Annotated[str, FIND], replace: Annotated[str, REPLACE]) -> str:
    """Replace each occurrence of a text by another."""
    return string.replace(find, replace)
