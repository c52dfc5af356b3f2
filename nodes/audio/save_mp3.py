"""Save Audio (MP3)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.audio.save import PREFIX, write
from nodes.types import FilePrefix
from safelight import Audio, Choice, Context, Out, node

QUALITY = Choice(tip="Bits a second; V0 takes as many as the sound needs.")


@node(
    "SaveAudioMP3",
    category="audio",
    title="Save Audio (MP3)",
    aliases=("export", "sound", "mp3"),
    effect=True,
    lane="io",
    deprecated="Use Save Audio (Advanced).",
)
def save_mp3(
    ctx: Context,
    *,
    audio: Audio,
    filename_prefix: FilePrefix = PREFIX,
    quality: Annotated[Literal["V0", "128k", "320k"], QUALITY] = "V0",
) -> Annotated[Audio, Out("The sound as it came in.", name="audio")]:
    """Save a sound as MP3 in the output folder. It carries its workflow.

    Needs the package av: pip install safelight[video].
    """
    write(ctx, audio, filename_prefix, "mp3", quality)
    return audio
