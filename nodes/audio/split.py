"""Split Audio Channels."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Audio, Out, node


class Sides(NamedTuple):
    """The two channels of a stereo sound."""

    left: Annotated[Audio, Out("The left channel, mono.")]
    right: Annotated[Audio, Out("The right channel, mono.")]


@node(
    "SplitAudioChannels", category="audio", title="Split Audio Channels", aliases=("stereo", "mono", "sound")
)
def split(*, audio: Audio) -> Sides:
    """Take a stereo sound apart."""
    from safelight import diffusion

    return Sides(*diffusion.sound.split(audio))
