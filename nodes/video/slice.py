"""Trim Video."""

from __future__ import annotations

from typing import Annotated

from nodes.video.source import checked
from safelight import BadInput, Context, Number, Out, Toggle, Video, node

START = Number(
    min=-100000.0, max=100000.0, step=0.001, tip="Seconds to leave out; negative counts from the end."
)
LENGTH = Number(min=0.0, step=0.001, tip="Seconds to keep; 0 keeps all that follows.")
STRICT = Toggle(tip="Refuse a film that ends before; otherwise what there is of it is taken.")


@node(
    "Video Slice", category="video", title="Trim Video", aliases=("cut", "film", "slice", "trim"), lane="io"
)
def trim(
    ctx: Context,
    *,
    video: Video,
    start_time: Annotated[float, START] = 0.0,
    duration: Annotated[float, LENGTH] = 0.0,
    strict_duration: Annotated[bool, STRICT] = False,
) -> Annotated[Video, Out("The part of the film.", name="VIDEO")]:
    """Take a part of a film, with its sound, by time."""
    film = checked(ctx, video)
    found = film.as_trimmed(start_time, duration, strict_duration)
    if found is None:
        seconds = film.get_duration()
        late = duration == 0 or abs(start_time) >= seconds
        input, wrong = (
            ("start_time", f"begins at {start_time:g} s") if late else ("duration", f"lasts {duration:g} s")
        )
        raise BadInput(
            input,
            f"the part {wrong}, but the film is {seconds:.3f} s long",
            "Choose a part that is in the film.",
        )
    return found
