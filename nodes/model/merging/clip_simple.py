"""CLIPMergeSimple."""

from __future__ import annotations

from nodes.model.merging.simple import MergeRatio
from safelight import Clip, node


@node("CLIPMergeSimple", category="model/merging", title="Merge CLIPs")
def merge_clip_simple(*, clip1: Clip, clip2: Clip, ratio: MergeRatio = 1.0) -> Clip:
    """Mix two text encoders of one kind: every weight is so much of the first and the rest of the second.

    A ratio of 1 is the first encoder, 0 the second, exactly.
    """
    from safelight import diffusion

    return diffusion.merge.mixed(clip1, clip2, ratio, 1.0 - ratio)
