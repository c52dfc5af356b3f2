"""Plot Sigmas."""

from __future__ import annotations

from typing import Annotated

from safelight import Image, Number, Sigmas, Toggle, node

SIDE = Number(min=128, max=4096, step=8, tip="Size of the picture in pixels.")
LOGARITHMIC = Toggle(tip="Whether equal distances are equal ratios, which shows the low levels better.")


@node("PlotSigmas", category="model/sampling/sigmas", title="Plot Sigmas", aliases=("graph", "chart"))
def plot_sigmas(
    *,
    sigmas: Sigmas,
    width: Annotated[int, SIDE] = 512,
    height: Annotated[int, SIDE] = 384,
    logarithmic: Annotated[bool, LOGARITHMIC] = False,
) -> Image:
    """Draw a schedule: the noise level after each step, the highest and the lowest with their numbers."""
    from safelight import diffusion

    return diffusion.level.plot(sigmas, width, height, logarithmic=logarithmic)
