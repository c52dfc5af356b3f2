"""`comfy.model_sampling`: the levels of a model as objects that packs make, mix and set."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from safelight.compat.shims.module.levels.bridge import Foreign, Levels, ours
from safelight.compat.shims.module.levels.continuous import (
    ModelSamplingContinuousEDM,
    ModelSamplingContinuousV,
)
from safelight.compat.shims.module.levels.discrete import (
    ModelSamplingDiscrete,
    ModelSamplingDiscreteEDM,
    rescale_zero_terminal_snr_sigmas,
)
from safelight.compat.shims.module.levels.flow import (
    ModelSamplingDiscreteFlow,
    ModelSamplingFlux,
    flux_time_shift,
    time_snr_shift,
)
from safelight.compat.shims.module.levels.prediction import (
    CONST,
    EDM,
    EPS,
    IMG_TO_IMG,
    V_PREDICTION,
    X0,
    reshape_sigma,
)


def model_sampling(model_config: Any, model_type: Any) -> Any:
    from safelight.compat.shims.module.family import ModelType

    kinds = {
        ModelType.V_PREDICTION: (ModelSamplingDiscrete, V_PREDICTION),
        ModelType.FLOW: (ModelSamplingDiscreteFlow, CONST),
        ModelType.FLUX: (ModelSamplingFlux, CONST),
        ModelType.EDM: (ModelSamplingContinuousEDM, EDM),
    }
    return type("ModelSampling", kinds.get(model_type, (ModelSamplingDiscrete, EPS)), {})(model_config)


KINDS = SimpleNamespace(eps=EPS, v=V_PREDICTION)


__all__ = [
    "CONST",
    "EDM",
    "EPS",
    "IMG_TO_IMG",
    "KINDS",
    "V_PREDICTION",
    "X0",
    "Foreign",
    "Levels",
    "ModelSamplingContinuousEDM",
    "ModelSamplingContinuousV",
    "ModelSamplingDiscrete",
    "ModelSamplingDiscreteEDM",
    "ModelSamplingDiscreteFlow",
    "ModelSamplingFlux",
    "flux_time_shift",
    "model_sampling",
    "ours",
    "rescale_zero_terminal_snr_sigmas",
    "reshape_sigma",
    "time_snr_shift",
]
