"""Replace Text."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Line
from safelight import Out, node


@node(
    "ReplaceText",
    category="text",
    title="Replace Text (in one line)",
    deprecated="Use Replace Text (StringReplace).",
    experimental=True,
)
def replace_plain(
    *, texts: Line, find: Line = "", replace: Line = ""
) -> Annotated[str, Out("The text after it.", name="texts")]:
    """Put one piece of text in the place of another, wherever it stands."""
    return texts.replace(find, replace) if find else texts
