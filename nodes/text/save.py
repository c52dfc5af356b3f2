"""Save Text."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import FilePrefix
from safelight import Choice, Context, In, Out, node

FORMAT = Choice(tip="The ending of the file's name; the text is written as it is.")


@node("SaveText", category="text", title="Save Text", aliases=("export", "write"), effect=True, lane="io")
def save(
    ctx: Context,
    *,
    text: Annotated[str, In("What to write.")],
    filename_prefix: FilePrefix = "ComfyUI",
    format: Annotated[Literal["txt", "csv", "md", "json"], FORMAT] = "txt",
) -> Annotated[str, Out("The text as it came in.", name="text")]:
    """Save a text in the output folder."""
    path = ctx.reserve(filename_prefix, f".{format}")
    ctx.write(path, text)
    ctx.show("text", [text])
    ctx.show("files", [ctx.entry(path)])
    return text
