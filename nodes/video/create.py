"""Create Video."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Image, In, Number, Out, Video, node

RATE = Number(min=1.0, max=120.0, step=1.0, tip="Pictures a second.")
DEPTH = Number(min=8, max=10, step=2, tip="Bits for each colour of each pixel; few players show 10.")


@node("CreateVideo", category="video", title="Create Video", aliases=("film", "movie", "frames", "combine"))
def create(
    *,
    images: Image,
    fps: Annotated[float, RATE] = 30.0,
    audio: Annotated[Audio | None, In("What is heard beside it.")] = None,
    bit_depth: Annotated[int, DEPTH] = 8,
) -> Annotated[Video, Out("The film.", name="VIDEO")]:
    """Make a film of pictures, one after another, with a sound if there is one."""
    from safelight import diffusion

    if audio is not None:
        diffusion.sound.parts(audio)
    return diffusion.film.of_frames(images, fps, audio, bit_depth)
