"""Save Audio (FLAC)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import FilePrefix
from nodes.video.source import texts
from safelight import Audio, Context, Out, node

PREFIX = "audio/ComfyUI"


def write(
    ctx: Context, audio: Audio, prefix: str, format: str, quality: str = "", folder: str = "output"
) -> None:
    """Write each sound of a batch as a file that carries its workflow, and show them."""
    from safelight import diffusion

    waves, rate = diffusion.sound.parts(audio)
    for number, wave in enumerate(waves):
        path = ctx.reserve(prefix, f".{format}", folder, batch_num=number)
        diffusion.track.save(wave, rate, path, quality=quality, texts=texts(ctx), progress=ctx.progress)
        ctx.show("audio", [ctx.entry(path, folder)])


@node(
    "SaveAudio",
    category="audio",
    title="Save Audio (FLAC)",
    aliases=("export", "sound", "flac"),
    effect=True,
    lane="io",
    deprecated="Use Save Audio (Advanced).",
)
def save_audio(
    ctx: Context, *, audio: Audio, filename_prefix: FilePrefix = PREFIX
) -> Annotated[Audio, Out("The sound as it came in.", name="audio")]:
    """Save a sound without loss (FLAC, 16 bits) in the output folder. It carries its workflow.

    Needs the package av: pip install safelight[video].
    """
    write(ctx, audio, filename_prefix, "flac")
    return audio
