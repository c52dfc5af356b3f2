"""ModelSamplingContinuousV."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Model, Number, node

PREDICTIONS = {"v_prediction": "v"}
SAMPLING = Choice(tip="What the model was trained to predict.")
SIGMA_MAX = Number(min=0.0, max=1000.0, step=0.001, advanced=True, tip="The highest level of noise.")
SIGMA_MIN = Number(min=0.0, max=1000.0, step=0.001, advanced=True, tip="The lowest level above zero.")


@node("ModelSamplingContinuousV", category="model/patch", aliases=("v-prediction",))
def set_angular_sampling(
    *,
    model: Model,
    sampling: Annotated[Literal["v_prediction"], SAMPLING] = "v_prediction",
    sigma_max: Annotated[float, SIGMA_MAX] = 500.0,
    sigma_min: Annotated[float, SIGMA_MIN] = 0.03,
) -> Model:
    """Sample a model that predicts velocity at any noise level and is told the level as an angle."""
    from safelight import diffusion

    return diffusion.overlay.resampled(
        model,
        "continuous",
        prediction=PREDICTIONS[sampling],
        sigma_min=sigma_min,
        sigma_max=sigma_max,
        clock="angle",
    )
