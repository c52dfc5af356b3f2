"""SamplerSASolver."""

from __future__ import annotations

from typing import Annotated

from nodes.types import NoiseStrength
from safelight import Context, Model, Number, Sampler, Toggle, node

ETA = Number(min=0.0, max=10.0, step=0.01, advanced=True, tip="How much fresh noise a step adds there.")
START = Number(min=0.0, max=1.0, step=0.001, advanced=True, tip="The moment from which noise is added.")
END = Number(min=0.0, max=1.0, step=0.001, advanced=True, tip="The moment after which it is not any more.")
PREDICTOR = Number(min=1, max=6, advanced=True, tip="How many predictions a step is made of.")
CORRECTOR = Number(min=0, max=6, advanced=True, tip="How many predictions correct it; 0 does not.")
PECE = Toggle(advanced=True, tip="Whether the model is asked again after each correction: twice the time.")
SIMPLE = Toggle(advanced=True, tip="Whether steps of two predictions leave out the smallest terms.")


@node("SamplerSASolver", category="model/sampling/samplers")
def sa_solver(
    ctx: Context,
    *,
    model: Model,
    eta: Annotated[float, ETA] = 1.0,
    sde_start_percent: Annotated[float, START] = 0.2,
    sde_end_percent: Annotated[float, END] = 0.8,
    s_noise: NoiseStrength = 1.0,
    predictor_order: Annotated[int, PREDICTOR] = 3,
    corrector_order: Annotated[int, CORRECTOR] = 4,
    use_pece: Annotated[bool, PECE],
    simple_order_2: Annotated[bool, SIMPLE],
) -> Sampler:
    """SA-Solver: predicts each step and corrects it, with fresh noise during part of the way."""
    from safelight import diffusion

    own = diffusion.overlay.sampling_of(model, ctx.plan, ctx)
    return diffusion.ingredient.SamplerHandle.of(
        "sa_solver",
        eta=eta,
        sde_start=own.percent_to_sigma(sde_start_percent),
        sde_end=own.percent_to_sigma(sde_end_percent),
        s_noise=s_noise,
        predictor_order=predictor_order,
        corrector_order=corrector_order,
        use_pece=use_pece,
        simple_order_2=simple_order_2,
    )
