"""Save SVG."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from nodes.types import FilePrefix
from safelight import BadInput, Context, In, Out, node, socket

if TYPE_CHECKING:
    Drawing = Any
else:
    Drawing = socket("SVG")


@node("SaveSVGNode", category="image", title="Save SVG", aliases=("vector", "export"), effect=True, lane="io")
def save_svg(
    ctx: Context,
    *,
    svg: Annotated[Drawing, In("Drawings, as a node of a pack makes them.")],
    filename_prefix: FilePrefix = "svg/ComfyUI",
) -> Annotated[Drawing, Out("The drawings as they came in.", name="svg")]:
    """Save drawings as SVG files in the output folder. Each carries its workflow and can be opened as one."""
    told = {"prompt": ctx.prompt, "workflow": ctx.workflow}
    note = json.dumps({name: value for name, value in told.items() if value is not None})
    for text in map(_text, getattr(svg, "data", [svg])):
        path = ctx.reserve(filename_prefix, ".svg")
        ctx.write(path, _noted(text, note))
        ctx.show("images", [ctx.entry(path)])
    return svg


def _text(one: Any) -> str:
    """A drawing as text, from a text, bytes or a file in memory."""
    raw = one.getvalue() if hasattr(one, "getvalue") else one
    try:
        text = raw.decode() if isinstance(raw, bytes) else str(raw)
    except UnicodeDecodeError as error:
        raise BadInput("svg", "a drawing is not written in UTF-8", "Convert it first.") from error
    if "<svg" not in text:
        raise BadInput("svg", "there is no <svg> in a drawing", "Connect an output of drawings.")
    return text


def _noted(text: str, note: str) -> str:
    """The drawing with a note at its beginning, where the end of its first tag can be seen."""
    start = text.index("<svg")
    end = text.find(">", start)
    if end < 0 or text[end - 1] == "/":
        return text
    safe = note.replace("]]>", "]]\\u003e")  # the same text, in a way that does not end it
    return f"{text[: end + 1]}<metadata><![CDATA[{safe}]]></metadata>{text[end + 1 :]}"
