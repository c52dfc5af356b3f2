"""Crop Video (Temporal Random)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import SetSeed
from nodes.video.source import checked
from safelight import Context, Number, Out, Video, node

LENGTH = Number(min=1, max=99999, tip="How many frames to take; all, where there are fewer.")


@node(
    "VideoRandomTemporalCrop",
    category="video/transform",
    title="Crop Video (Temporal Random)",
    aliases=("film", "cut", "frames", "augment"),
    experimental=True,
    lane="io",
)
def random_crop(
    ctx: Context, *, video: Video, length: Annotated[int, LENGTH] = 16, seed: SetSeed = 0
) -> Annotated[Video, Out("The part of the film.", name="video")]:
    """Take a part of a film, with its sound, that begins at a random frame, the same for the same seed."""
    from safelight import diffusion

    film = checked(ctx, video)
    return film.picked(diffusion.excerpt.anywhere(film.get_frame_count(), length, seed))
