"""Empty Audio."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Number, Out, node

SECONDS = Number(min=0.0, max=2**64 - 1, step=0.01, tip="How long it is, in seconds.")
RATE = Number(min=1, max=192000, advanced=True, tip="Samples a second.")
CHANNELS = Number(min=1, max=2, advanced=True, tip="1 is mono, 2 is stereo.")


@node("EmptyAudio", category="audio", title="Empty Audio", aliases=("silence", "sound"))
def empty(
    *,
    duration: Annotated[float, SECONDS] = 60.0,
    sample_rate: Annotated[int, RATE] = 44100,
    channels: Annotated[int, CHANNELS] = 2,
) -> Annotated[Audio, Out("Silence.", name="AUDIO")]:
    """Make silence."""
    from safelight import diffusion

    return diffusion.sound.silence(duration, sample_rate, channels)
