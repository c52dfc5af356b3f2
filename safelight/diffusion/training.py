"""How a model was trained to see noise, as its scheduler's config or its file tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import weights
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.folder import Folder
from safelight.diffusion.sigma import DiscreteSampling, Prediction
from safelight.diffusion.single import UNET, SingleFile

PREDICTIONS: Mapping[str, Prediction] = {"epsilon": "epsilon", "v_prediction": "v", "sample": "x0"}

V_SIGN = UNET + "output_blocks.11.1.transformer_blocks.0.norm1.bias"
V_SPREAD = 0.09
"""The deviation of that tensor above which a Stable Diffusion 2 model predicts v; the reference's rule."""

LAST_ALPHA = 4.8973451890853435e-08
"""What is left of the picture at a last step that should leave nothing, where sigma would be infinite."""


def sampling(source: Folder | SingleFile) -> DiscreteSampling:
    """The noise levels that the model was trained at, and what it predicts."""
    config = source.scheduler()
    name = "v_prediction" if _predicts_v(source) else config.get("prediction_type", "epsilon")
    kind = PREDICTIONS.get(name)
    if kind is None:
        raise UnsupportedError(f"A model that predicts {name!r} is not known here")
    alphas = torch.cumprod(1.0 - betas(config), dim=0)
    if config.get("rescale_betas_zero_snr"):
        alphas = zero_snr(alphas)
    return DiscreteSampling(alphas, kind)


def _predicts_v(source: Folder | SingleFile) -> bool:
    """Whether a Stable Diffusion 2 file predicts v, which shows only in the spread of one tensor."""
    if not isinstance(source, SingleFile) or source.family != "sd2":
        return False
    biases = weights.one(source.unet(), source.unet_prefix + V_SIGN.removeprefix(UNET))
    return biases is not None and float(biases.std(unbiased=False)) > V_SPREAD


def betas(config: Mapping[str, Any]) -> Tensor:
    """The variance added at each training step, in double precision."""
    if config.get("trained_betas"):
        return torch.tensor(config["trained_betas"], dtype=torch.float64)
    kind = config.get("beta_schedule")
    if kind not in ("scaled_linear", "linear"):
        raise UnsupportedError(f"The noise schedule {kind!r} is not known here")
    start, end, steps = config["beta_start"], config["beta_end"], config["num_train_timesteps"]
    if kind == "scaled_linear":
        return torch.linspace(start**0.5, end**0.5, steps, dtype=torch.float64) ** 2
    return torch.linspace(start, end, steps, dtype=torch.float64)


def zero_snr(alphas: Tensor) -> Tensor:
    """Cumulative alphas moved until the last is (almost) pure noise (Lin et al. 2023, arXiv:2305.08891)."""
    roots = alphas.sqrt()
    first, last = roots[0].clone(), roots[-1].clone()
    moved = ((roots - last) * first / (first - last)) ** 2
    moved[-1] = LAST_ALPHA
    return moved
