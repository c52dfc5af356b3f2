"""ModelSamplingDiscrete."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import BadInput, Choice, Model, Toggle, node

PREDICTIONS = {"eps": "epsilon", "v_prediction": "v", "x0": "x0", "img_to_img": "image"}
SAMPLING = Choice(tip="What the model was trained to predict: the noise, the velocity or the picture.")
ZSNR = Toggle(advanced=True, tip="Whether the first level is pure noise: for models that were trained so.")


@node("ModelSamplingDiscrete", category="model/patch", aliases=("v-prediction", "zsnr", "lcm"))
def set_discrete_sampling(
    *,
    model: Model,
    sampling: Annotated[
        Literal["eps", "v_prediction", "lcm", "x0", "img_to_img", "img_to_img_flow"], SAMPLING
    ] = "eps",
    zsnr: Annotated[bool, ZSNR] = False,
) -> Model:
    """Say what a model with a table of noise levels predicts, where its file does not tell it rightly."""
    from safelight import diffusion

    if sampling == "img_to_img_flow":
        raise BadInput("sampling", "'img_to_img_flow' is not there yet", "Choose another one.")
    if sampling == "lcm":
        return diffusion.overlay.resampled(model, "distilled", zsnr=zsnr)
    return diffusion.overlay.resampled(model, "discrete", prediction=PREDICTIONS[sampling], zsnr=zsnr)
