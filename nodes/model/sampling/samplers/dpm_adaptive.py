"""SamplerDPMAdaptative."""

from __future__ import annotations

from typing import Annotated

from nodes.types import Eta, NoiseStrength
from safelight import Number, Sampler, node

ORDER = Number(min=2, max=3, advanced=True, tip="The order of its steps.")
RTOL = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="The error that is allowed, as a share of the latent.",
)
ATOL = Number(min=0.0, max=100.0, step=0.01, advanced=True, tip="The error that is allowed at least.")
H_INIT = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="The length of the first step, in log sigma.",
)
PCOEFF = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How the step length follows the error of this step.",
)
ICOEFF = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How the step length follows the error at all.",
)
DCOEFF = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How the step length follows a change of the error.",
)
SAFETY = Number(
    min=0.0,
    max=100.0,
    step=0.01,
    advanced=True,
    tip="How small a step must be proposed for the last one to be undone.",
)


@node("SamplerDPMAdaptative", category="model/sampling/samplers")
def dpm_adaptive(
    *,
    order: Annotated[int, ORDER] = 3,
    rtol: Annotated[float, RTOL] = 0.05,
    atol: Annotated[float, ATOL] = 0.0078,
    h_init: Annotated[float, H_INIT] = 0.05,
    pcoeff: Annotated[float, PCOEFF] = 0.0,
    icoeff: Annotated[float, ICOEFF] = 1.0,
    dcoeff: Annotated[float, DCOEFF] = 0.0,
    accept_safety: Annotated[float, SAFETY] = 0.81,
    eta: Eta = 0.0,
    s_noise: NoiseStrength = 1.0,
) -> Sampler:
    """A method that chooses its own steps, as long as its error allows; of a schedule it uses the ends."""
    from safelight import diffusion

    return diffusion.ingredient.SamplerHandle.of(
        "dpm_adaptive",
        order=order,
        rtol=rtol,
        atol=atol,
        h_init=h_init,
        pcoeff=pcoeff,
        icoeff=icoeff,
        dcoeff=dcoeff,
        accept_safety=accept_safety,
        eta=eta,
        s_noise=s_noise,
    )
