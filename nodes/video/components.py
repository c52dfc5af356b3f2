"""Get Video Components."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from nodes.video.source import checked, steps
from safelight import Audio, Context, Image, Out, Video, node


class Parts(NamedTuple):
    """What a film is made of."""

    images: Annotated[Image, Out("Its frames.")]
    audio: Annotated[Audio, Out("Its sound; nothing where it has none.")]
    fps: Annotated[float, Out("Frames a second.")]
    bit_depth: Annotated[int, Out("Bits for each colour of each pixel.")]
    color_space: Annotated[Literal["sRGB", "HDR", "HDR PQ"], Out("What its colours mean.")]


@node(
    "GetVideoComponents",
    category="video",
    title="Get Video Components",
    aliases=("split", "frames", "extract", "film"),
    lane="io",
)
def components(ctx: Context, *, video: Video) -> Parts:
    """Take a film apart: its frames as pictures, its sound, and how fast it goes.

    All frames are in memory then; take a part with Trim Video where that is too much.
    """
    film: Any = checked(ctx, video)
    found = film.get_components(steps(ctx, film))
    return Parts(found.images, found.audio, float(found.frame_rate), found.bit_depth, found.color_space)
