"""Save Audio (Opus)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.audio.save import PREFIX, write
from nodes.types import FilePrefix
from safelight import Audio, Choice, Context, Out, node

QUALITY = Choice(tip="Bits a second.")


@node(
    "SaveAudioOpus",
    category="audio",
    title="Save Audio (Opus)",
    aliases=("export", "sound", "opus"),
    effect=True,
    lane="io",
    deprecated="Use Save Audio (Advanced).",
)
def save_opus(
    ctx: Context,
    *,
    audio: Audio,
    filename_prefix: FilePrefix = PREFIX,
    quality: Annotated[Literal["64k", "96k", "128k", "192k", "320k"], QUALITY] = "128k",
) -> Annotated[Audio, Out("The sound as it came in.", name="audio")]:
    """Save a sound as Opus in the output folder. It carries its workflow.

    Opus knows 8,000 to 48,000 samples a second: other rates become the next higher one. Needs the package
    av: pip install safelight[video].
    """
    write(ctx, audio, filename_prefix, "opus", quality)
    return audio
