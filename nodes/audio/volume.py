"""Adjust Audio Volume."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Number, Out, node

VOLUME = Number(min=-100, max=100, tip="Decibels: 0 changes nothing, 6 is twice as loud, -6 half.")


@node("AudioAdjustVolume", category="audio", title="Adjust Audio Volume", aliases=("gain", "loud", "sound"))
def volume(
    *, audio: Audio, volume: Annotated[int, VOLUME] = 1
) -> Annotated[Audio, Out("The sound, louder or quieter.", name="AUDIO")]:
    """Make a sound louder or quieter."""
    from safelight import diffusion

    return diffusion.sound.louder(audio, volume)
