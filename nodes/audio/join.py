"""Join Audio Channels."""

from __future__ import annotations

from typing import Annotated

from safelight import Audio, In, Out, node


@node("JoinAudioChannels", category="audio", title="Join Audio Channels", aliases=("stereo", "mono", "sound"))
def join(
    *,
    audio_left: Annotated[Audio, In("What is heard on the left, mono.")],
    audio_right: Annotated[Audio, In("What is heard on the right, mono.")],
) -> Annotated[Audio, Out("The stereo sound.", name="audio")]:
    """Make a stereo sound of two. The shorter ends with silence, the lower rate becomes the higher."""
    from safelight import diffusion

    return diffusion.sound.joined(audio_left, audio_right)
