"""Audio Equalizer (3-Band)."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, Number, Out, node


def _gain(what: str) -> Number:
    return Number(min=-24.0, max=24.0, step=0.1, tip=f"How much louder {what} is, in decibels.")


Q = 0.707
"""Of the shelves: no hump at their edge."""
LOW_FREQUENCY = Number(min=20, max=500, tip="The bass is below this, in hertz.")
MID_FREQUENCY = Number(min=200, max=4000, tip="The middle is about this, in hertz.")
MID_Q = Number(min=0.1, max=10.0, step=0.1, tip="How narrow the middle is.")
HIGH_FREQUENCY = Number(min=1000, max=15000, tip="The treble is above this, in hertz.")


@node(
    "AudioEqualizer3Band",
    category="audio",
    title="Audio Equalizer (3-Band)",
    aliases=("bass", "treble", "eq", "sound"),
    experimental=True,
)
def equalize(
    *,
    audio: Audio,
    low_gain_dB: Annotated[float, _gain("the bass")] = 0.0,  # noqa: N803 (as saved files have it)
    low_freq: Annotated[int, LOW_FREQUENCY] = 100,
    mid_gain_dB: Annotated[float, _gain("the middle")] = 0.0,  # noqa: N803
    mid_freq: Annotated[int, MID_FREQUENCY] = 1000,
    mid_q: Annotated[float, MID_Q] = 0.707,
    high_gain_dB: Annotated[float, _gain("the treble")] = 0.0,  # noqa: N803
    high_freq: Annotated[int, HIGH_FREQUENCY] = 5000,
) -> Annotated[Audio, Out("The sound, with its bands louder or quieter.", name="AUDIO")]:
    """Make bass, middle and treble of a sound louder or quieter."""
    from safelight import diffusion

    low, mid = (low_gain_dB, low_freq, Q), (mid_gain_dB, mid_freq, mid_q)
    return diffusion.sound.equalized(audio, low, mid, (high_gain_dB, high_freq, Q))
