"""Adaptive Projected Guidance."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

ETA = Number(
    min=-10.0,
    max=10.0,
    step=0.01,
    advanced=True,
    tip="How much counts of what only saturates the picture; 0 takes it away.",
)
NORM_THRESHOLD = Number(
    min=0.0, max=50.0, step=0.1, advanced=True, tip="The longest that guidance may be; 0 sets no limit."
)
MOMENTUM = Number(
    min=-5.0,
    max=1.0,
    step=0.01,
    advanced=True,
    tip="How much of the guidance before is added; below 0 it is taken away. 0 is off.",
)


@node("APG", category="model/sampling/custom", title="Adaptive Projected Guidance", aliases=("APG",))
def adaptive_projected_guidance(
    *,
    model: Model,
    eta: Annotated[float, ETA] = 1.0,
    norm_threshold: Annotated[float, NORM_THRESHOLD] = 5.0,
    momentum: Annotated[float, MOMENTUM] = 0.0,
) -> Model:
    """Allow strong guidance without burnt colours (Sadat et al. 2024, arXiv:2410.02416).

    At neutral settings (eta 1, norm_threshold 0, momentum 0) it is plain guidance at cfg + 1: what it adds to
    the positive prediction is cfg times the difference between the prompts, where plain guidance adds
    cfg - 1 times. So a cfg of 7 with this node gives what 8 gives without it.

    With momentum a run that was interrupted starts over, for what guidance remembers is not kept.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(
        model, "projected", eta=eta, norm_threshold=norm_threshold, momentum=momentum
    )
