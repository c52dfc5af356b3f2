"""Load Diffusion Model."""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from safelight import Choice, Context, File, Model, node

log = logging.getLogger(__name__)

UnetName = Annotated[
    str, File("diffusion_models", tip="A .safetensors file with a denoiser, in models/diffusion_models.")
]
WeightType = Annotated[
    Literal["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
    Choice(
        advanced=True,
        tip="How weights are kept in memory. fp8 is not offered yet: all are kept in the run's precision.",
    ),
]


@node(
    "UNETLoader",
    category="model/loaders",
    title="Load Diffusion Model",
    aliases=("unet", "diffusion model"),
    lane="io",
)
def load_unet(ctx: Context, *, unet_name: UnetName, weight_dtype: WeightType = "default") -> Model:
    """Choose a file that holds a denoiser alone. Text encoder and VAE have nodes of their own."""
    from safelight import diffusion

    if weight_dtype != "default":
        log.warning("Weights in %s are not offered yet; the run's own precision is used.", weight_dtype)
    file = ctx.open(ctx.folders.find("diffusion_models", unet_name))
    return diffusion.lone.unet(file.path, file.digest)
