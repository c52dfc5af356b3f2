"""Apply Style."""

from __future__ import annotations

import json
from typing import Annotated, NamedTuple

from safelight import Context, File, Out, Text, node

StyleName = Annotated[
    str, File("styles", tip="A style that ships, or one of a JSON file in the folder styles.")
]
PROMPT = Text(multiline=True, dynamic_prompts=True, tip="What the picture shows, without how it looks.")
NEGATIVE = Text(multiline=True, tip="What it should not show; the style adds to it.")


class Styled(NamedTuple):
    """Prompts with a style."""

    positive: Annotated[str, Out("The prompt in the words of the style.")]
    negative: Annotated[str, Out("The negative prompt, with what does not go with the style.")]
    settings: Annotated[str, Out("What the style recommends (steps, cfg, ...), as JSON.")]


@node("ApplyStyle", category="text", title="Apply Style", aliases=("preset", "template", "look"), lane="io")
def apply_style(
    ctx: Context,
    *,
    text: Annotated[str, PROMPT] = "",
    negative: Annotated[str, NEGATIVE] = "",
    style: StyleName,
) -> Styled:
    """Say a prompt in the words of a style, such as an oil painting or a film still.

    A style is a template with {prompt} in it, a negative prompt, and perhaps LoRAs (Load LoRAs of Style adds
    them) and settings. Your own go into JSON files in the folder styles of the data folder; a restart finds
    them. The node shows what the style recommends.
    """
    from safelight import diffusion

    chosen = diffusion.style.one(ctx.open(ctx.folders.find("styles", style)).path, style)
    ctx.show("text", [chosen.advice])
    positive, negative = chosen.applied(text, negative)
    return Styled(positive, negative, json.dumps(chosen.settings))
