"""Save WEBM."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import FilePrefix, FrameRate
from nodes.video.save import write
from safelight import Choice, Context, Image, Number, Out, node

CODEC = Choice(tip="How it is coded: av1 is smaller and slower to make.")
CRF = Number(min=0, max=63.0, step=1, tip="How much may be lost: 0 hardly anything, 63 nearly all.")


@node(
    "SaveWEBM",
    category="video",
    title="Save WEBM",
    aliases=("export", "film", "movie"),
    effect=True,
    experimental=True,
    lane="io",
)
def save_webm(
    ctx: Context,
    *,
    images: Image,
    filename_prefix: FilePrefix = "ComfyUI",
    codec: Annotated[Literal["vp9", "av1"], CODEC] = "vp9",
    fps: FrameRate = 24.0,
    crf: Annotated[float, CRF] = 32.0,
) -> Annotated[Image, Out("The pictures as they came in.", name="images")]:
    """Save a batch of pictures as a film for the web. VP9 keeps what is transparent. It carries its workflow.

    Needs the package av: pip install safelight[video].
    """
    from safelight import diffusion

    film = diffusion.film.of_frames(images, fps)
    write(ctx, film, filename_prefix, diffusion.recording.Style("webm", codec, crf))
    return images
