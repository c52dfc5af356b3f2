"""SamplerER_SDE."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import NoiseStrength
from safelight import Choice, Number, Sampler, node

SOLVER_TYPE = Choice(tip="The equation that is solved; the last one has no fresh noise.")
MAX_STAGE = Number(min=1, max=3, advanced=True, tip="Its order: how many predictions are used.")
ETA = Number(min=0.0, max=10.0, step=0.01, advanced=True, tip="The noise of the reverse-time equation.")


@node("SamplerER_SDE", category="model/sampling/samplers")
def er_sde(
    *,
    solver_type: Annotated[Literal["ER-SDE", "Reverse-time SDE", "ODE"], SOLVER_TYPE] = "ER-SDE",
    max_stage: Annotated[int, MAX_STAGE] = 3,
    eta: Annotated[float, ETA] = 1.0,
    s_noise: NoiseStrength = 1.0,
) -> Sampler:
    """ER-SDE: little fresh noise where it does no good, for few steps."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of(
        "er_sde", solver_type=solver_type, max_stage=max_stage, eta=eta, s_noise=s_noise
    )
