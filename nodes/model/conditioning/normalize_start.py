"""NormalizeVideoLatentStart."""

from __future__ import annotations

from typing import Annotated

from safelight import Latent, Number, Out, node

START = Number(min=1, max=16384, step=1, tip="How many latent frames at the beginning to bring into line.")
REFERENCE = Number(min=1, max=16384, step=1, tip="How many of the frames after them to measure.")


@node(
    "NormalizeVideoLatentStart",
    category="model/conditioning",
    title="Normalize Video Latent Start",
    aliases=("video", "kandinsky"),
)
def normalize_start(
    *,
    latent: Latent,
    start_frame_count: Annotated[int, START] = 4,
    reference_frame_count: Annotated[int, REFERENCE] = 5,
) -> Annotated[Latent, Out("The latent with an even beginning.", name="latent")]:
    """Bring the first frames of a video's latent to the mean and spread of those that follow, a little.

    It hides a jump of brightness or contrast after the picture that a video began with.
    """
    from safelight import diffusion

    return diffusion.footage.evened(latent, start_frame_count, reference_frame_count)
