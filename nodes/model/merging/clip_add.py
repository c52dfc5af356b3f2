"""CLIPMergeAdd."""

from __future__ import annotations

from safelight import Clip, node


@node("CLIPMergeAdd", category="model/merging", title="Add CLIPs")
def merge_clip_add(*, clip1: Clip, clip2: Clip) -> Clip:
    """Add the weights of the second text encoder, meant to be a difference, to those of the first."""
    from safelight import diffusion

    return diffusion.merge.mixed(clip1, clip2, 1.0, 1.0)
