"""Trim Audio Duration."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Number, Out, node

LONGEST = 2**64 - 1
START = Number(
    min=-LONGEST, max=LONGEST, step=0.01, tip="Seconds to leave out; negative counts from the end."
)
LENGTH = Number(min=0.0, step=0.01, tip="Seconds to keep, or as much as there is.")


@node("TrimAudioDuration", category="audio", title="Trim Audio Duration", aliases=("cut", "sound"))
def trim(
    *, audio: Audio, start_index: Annotated[float, START] = 0.0, duration: Annotated[float, LENGTH] = 60.0
) -> Annotated[Audio, Out("The part of the sound.", name="AUDIO")]:
    """Take a part of a sound."""
    from safelight import diffusion

    return diffusion.sound.trimmed(audio, start_index, duration)
