"""CLIP Set Last Layer."""

from __future__ import annotations

from typing import Annotated

from safelight import Clip, Number, node

LAYER = Number(
    min=-24,
    max=-1,
    step=1,
    advanced=True,
    tip="-1 is the last layer; many models drawn in anime style were trained with -2.",
)


@node(
    "CLIPSetLastLayer",
    category="model/conditioning",
    title="CLIP Set Last Layer",
    aliases=("clip skip",),
)
def set_last_layer(*, clip: Clip, stop_at_clip_layer: Annotated[int, LAYER] = -1) -> Clip:
    """Take the text encoder's result from an earlier layer ("clip skip")."""
    return clip.with_last_layer(stop_at_clip_layer)
