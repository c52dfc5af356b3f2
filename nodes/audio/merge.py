"""Merge Audio."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Audio, Choice, Out, node

HOW = Choice(tip="What is done with the two at each moment.")


@node("AudioMerge", category="audio", title="Merge Audio", aliases=("mix", "overlay", "sound"))
def merge(
    *,
    audio1: Audio,
    audio2: Audio,
    merge_method: Annotated[Literal["add", "mean", "subtract", "multiply"], HOW] = "add",
) -> Annotated[Audio, Out("Both at once.", name="AUDIO")]:
    """Play two sounds at once, as long as the first lasts. What would be too loud is made quieter."""
    from safelight import diffusion

    return diffusion.sound.merged(audio1, audio2, merge_method)
