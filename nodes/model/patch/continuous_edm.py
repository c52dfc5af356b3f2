"""ModelSamplingContinuousEDM."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import BadInput, Choice, Model, Number, node

PREDICTIONS = {
    "v_prediction": ("v", 1.0),
    "edm": ("edm", 0.5),
    "edm_playground_v2.5": ("edm", 0.5),
    "eps": ("epsilon", 1.0),
}
"""What is predicted, and the spread of clean latents."""

SAMPLING = Choice(tip="What the model was trained to predict.")
SIGMA_MAX = Number(min=0.0, max=1000.0, step=0.001, advanced=True, tip="The highest level of noise.")
SIGMA_MIN = Number(min=0.0, max=1000.0, step=0.001, advanced=True, tip="The lowest level above zero.")


@node("ModelSamplingContinuousEDM", category="model/patch", aliases=("edm", "playground"))
def set_continuous_sampling(
    *,
    model: Model,
    sampling: Annotated[
        Literal["v_prediction", "edm", "edm_playground_v2.5", "eps", "cosmos_rflow"], SAMPLING
    ] = "v_prediction",
    sigma_max: Annotated[float, SIGMA_MAX] = 120.0,
    sigma_min: Annotated[float, SIGMA_MIN] = 0.002,
) -> Model:
    """Sample a model that was trained at any noise level, as Karras et al. do (EDM, arXiv:2206.00364)."""
    from safelight import diffusion

    if sampling not in PREDICTIONS or sampling == "edm_playground_v2.5":
        raise BadInput("sampling", f"'{sampling}' is not there yet", "Choose another one.")
    prediction, data = PREDICTIONS[sampling]
    return diffusion.overlay.resampled(
        model, "continuous", prediction=prediction, sigma_min=sigma_min, sigma_max=sigma_max, sigma_data=data
    )
