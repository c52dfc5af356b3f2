"""Concatenate Audio."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Audio, Choice, Out, node

WHERE = Choice(tip="Whether the second comes after the first, or before it.")


@node("AudioConcat", category="audio", title="Concatenate Audio", aliases=("append", "join", "sound"))
def concatenate(
    *, audio1: Audio, audio2: Audio, direction: Annotated[Literal["after", "before"], WHERE] = "after"
) -> Annotated[Audio, Out("Both, one after the other.", name="AUDIO")]:
    """Put two sounds one after the other. Mono becomes stereo, the lower rate becomes the higher."""
    from safelight import diffusion

    first, second = (audio1, audio2) if direction == "after" else (audio2, audio1)
    return diffusion.sound.concatenated(first, second)
