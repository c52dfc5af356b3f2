"""Replace Video Latent Frames."""

from __future__ import annotations

from typing import Annotated

from safelight import In, Latent, Number, node

INDEX = Number(
    min=-16384, max=16384, step=1, tip="The first frame to replace; 0 is the first of all, -1 the last."
)


@node(
    "ReplaceVideoLatentFrames",
    category="model/latent/batch",
    title="Replace Video Latent Frames",
    aliases=("video", "insert"),
)
def replace_frames(
    *,
    destination: Latent,
    index: Annotated[int, INDEX] = 0,
    source: Annotated[Latent | None, In("The frames to put there; without them nothing changes.")] = None,
) -> Latent:
    """Put the frames of one video's latent in place of some of another's."""
    from safelight import diffusion

    return destination if source is None else diffusion.footage.replaced(destination, source, index)
