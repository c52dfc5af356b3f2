"""Load Audio."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Context, File, Out, node

SOUND = File(
    "input", upload="audio", ending="audio", tip="A sound in the input folder, or a film for its sound."
)


@node("LoadAudio", category="audio", title="Load Audio", aliases=("open", "sound", "music", "mp3"), lane="io")
def load_audio(
    ctx: Context, *, audio: Annotated[str, SOUND]
) -> Annotated[Audio, Out("The sound, at its own rate.", name="AUDIO")]:
    """Read a sound from the input folder. Needs the package av: pip install safelight[video]."""
    from safelight import diffusion

    path = ctx.open(ctx.folders.find("input", audio)).path
    return diffusion.track.load(path, ctx.check)
