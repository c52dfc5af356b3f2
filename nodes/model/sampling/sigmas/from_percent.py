"""SamplingPercentToSigma."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Context, Model, Number, Out, Toggle, node

PERCENT = Number(
    min=0.0, max=1.0, step=0.0001, tip="A moment of the denoising: 0 is its beginning, 1 its end."
)
ACTUAL = Toggle(
    tip="Whether the ends are the model's highest and lowest level; otherwise they lie beyond all levels."
)


class Level(NamedTuple):
    """The noise level at that moment."""

    sigma_value: Annotated[float, Out("The noise level.")]


@node("SamplingPercentToSigma", category="model/sampling/sigmas", aliases=("timestep",))
def percent_to_sigma(
    ctx: Context,
    *,
    model: Model,
    sampling_percent: Annotated[float, PERCENT] = 0.0,
    return_actual_sigma: Annotated[bool, ACTUAL] = False,
) -> Level:
    """Tell the noise level at a moment of the denoising, for nodes that want levels."""
    from safelight import diffusion

    own = diffusion.overlay.sampling_of(model, ctx.plan, ctx)
    ends = {0.0: own.sigma_max, 1.0: own.sigma_min} if return_actual_sigma else {}
    return Level(ends.get(sampling_percent, own.percent_to_sigma(sampling_percent)))
