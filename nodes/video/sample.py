"""Sample Video Frame."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import SetSeed
from nodes.video.source import checked
from safelight import Choice, Context, Number, Out, Video, node

COUNT = Number(min=1, max=9999, tip="How many frames to take; all, where there are fewer.")
WAY = Choice(tip="Which: evenly from first to last, from the beginning, from the end, or drawn at random.")


@node(
    "VideoFrameSample",
    category="video",
    title="Sample Video Frame",
    aliases=("film", "frames", "pick"),
    experimental=True,
    lane="io",
)
def sample(
    ctx: Context,
    *,
    video: Video,
    num_frames: Annotated[int, COUNT] = 16,
    strategy: Annotated[Literal["uniform", "head", "tail", "random"], WAY] = "uniform",
    seed: SetSeed = 0,
) -> Annotated[
    Video, Out("The film of those frames; without sound, unless they follow each other.", name="video")
]:
    """Take some frames of a film, in their order, as a film of its own."""
    from safelight import diffusion

    film = checked(ctx, video)
    return film.picked(diffusion.excerpt.chosen(film.get_frame_count(), num_frames, strategy, seed))
