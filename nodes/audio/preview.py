"""Preview Audio."""

from __future__ import annotations

from typing import Annotated

from nodes.audio.save import write
from safelight import Audio, Context, Out, node


@node(
    "PreviewAudio",
    category="audio",
    title="Preview Audio",
    aliases=("show", "sound", "play"),
    effect=True,
    lane="io",
)
def preview(ctx: Context, *, audio: Audio) -> Annotated[Audio, Out("The sound as it came in.", name="audio")]:
    """Play a sound in the editor. It is not kept. Needs the package av: pip install safelight[video]."""
    write(ctx, audio, "ComfyUI_temp", "flac", folder="temp")
    return audio
