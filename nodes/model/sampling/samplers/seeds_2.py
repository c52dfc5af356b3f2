"""SamplerSEEDS2."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.types import Eta, NoiseStrength
from safelight import Choice, Number, Sampler, node

SOLVER_TYPE = Choice(tip="How the two predictions are weighted: phi_2 is exact for one that changes evenly.")
R = Number(min=0.01, max=1.0, step=0.01, advanced=True, tip="Where in a step the model is asked again.")


@node("SamplerSEEDS2", category="model/sampling/samplers")
def seeds_2(
    *,
    solver_type: Annotated[Literal["phi_1", "phi_2"], SOLVER_TYPE] = "phi_1",
    eta: Eta = 1.0,
    s_noise: NoiseStrength = 1.0,
    r: Annotated[float, R] = 0.5,
) -> Sampler:
    """SEEDS-2: two evaluations a step on the stochastic equation; with r 1 and phi_2, exponential Heun."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of(
        "seeds_2", solver_type=solver_type, eta=eta, s_noise=s_noise, r=r
    )
