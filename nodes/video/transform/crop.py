"""Crop Video (Temporal)."""

from __future__ import annotations

from typing import Annotated

from nodes.video.source import checked
from safelight import BadInput, Context, Number, Out, Video, node

FIRST = Number(min=0, max=99999, tip="The first frame to take; 0 is the first of all.")
LENGTH = Number(min=1, max=99999, tip="How many frames to take; fewer, where the film ends before.")


@node(
    "VideoTemporalCrop",
    category="video/transform",
    title="Crop Video (Temporal)",
    aliases=("film", "cut", "frames"),
    experimental=True,
    lane="io",
)
def crop(
    ctx: Context,
    *,
    video: Video,
    start_frame: Annotated[int, FIRST] = 0,
    length: Annotated[int, LENGTH] = 16,
) -> Annotated[Video, Out("The part of the film.", name="video")]:
    """Take a part of a film, with its sound, by frames."""
    film = checked(ctx, video)
    count = film.get_frame_count()
    if start_frame >= count:
        raise BadInput(
            "start_frame",
            f"{start_frame} is beyond the {count} frames of the film",
            f"Choose at most {count - 1}.",
        )
    return film.picked(range(start_frame, min(start_frame + length, count)))
