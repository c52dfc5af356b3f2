"""Save Audio (Advanced)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from nodes.audio.save import PREFIX, write
from nodes.types import FilePrefix
from safelight import Audio, Choice, Context, Out, Variants, node

QUALITY = Choice(tip="Bits a second.")


class Mp3(NamedTuple):
    """What every player knows."""

    quality: Annotated[
        Literal["V0", "128k", "320k"], Choice(tip="Bits a second; V0: as many as it needs.")
    ] = "V0"


class Opus(NamedTuple):
    """Smaller at the same quality."""

    quality: Annotated[Literal["64k", "96k", "128k", "192k", "320k"], QUALITY] = "128k"


FORMATS = Variants({"flac": None, "mp3": Mp3, "opus": Opus}, tip="What kind of file; flac loses nothing.")


@node(
    "SaveAudioAdvanced",
    category="audio",
    title="Save Audio (Advanced)",
    aliases=("export", "sound", "flac", "mp3", "opus"),
    effect=True,
    lane="io",
)
def save_advanced(
    ctx: Context,
    *,
    audio: Audio,
    filename_prefix: FilePrefix = PREFIX,
    format: Annotated[dict[str, Any], FORMATS],
) -> Annotated[Audio, Out("The sound as it came in.", name="audio")]:
    """Save a sound as FLAC (16 bits), MP3 or Opus in the output folder. It carries its workflow.

    Needs the package av: pip install safelight[video].
    """
    write(ctx, audio, filename_prefix, format["format"], format.get("quality", ""))
    return audio
