"""CLIPMergeSubtract."""

from __future__ import annotations

from nodes.model.merging.subtract import MergeMultiplier
from safelight import Clip, node


@node("CLIPMergeSubtract", category="model/merging", title="Subtract CLIPs")
def merge_clip_subtract(*, clip1: Clip, clip2: Clip, multiplier: MergeMultiplier = 1.0) -> Clip:
    """What the first text encoder has learned beyond the second, to be added to a third with "Add CLIPs"."""
    from safelight import diffusion

    return diffusion.merge.mixed(clip1, clip2, multiplier, -multiplier)
