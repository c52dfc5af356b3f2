"""KSampler (Advanced)."""

from __future__ import annotations

from typing import Annotated, Literal

from nodes.model.sampling.told import tell
from nodes.types import Cfg, SamplerName, SchedulerName, SeedInt, Steps
from safelight import Choice, Conditioning, Context, Latent, Model, Number, node

ADD_NOISE = Choice(
    advanced=True, tip="Disable it when the latent comes with noise from a sampler before this one."
)
START = Number(
    min=0, max=10_000, advanced=True, tip="The step to begin with; the ones before it are left out."
)
END = Number(
    min=0, max=10_000, advanced=True, tip="The step to stop before; more than there are means to the end."
)
LEFTOVER = Choice(advanced=True, tip="Enable it to pass what noise is left on to another sampler.")


@node(
    "KSamplerAdvanced", category="model/sampling", title="KSampler (Advanced)", aliases=("refiner", "denoise")
)
def ksampler_advanced(
    ctx: Context,
    *,
    model: Model,
    add_noise: Annotated[Literal["enable", "disable"], ADD_NOISE] = "enable",
    noise_seed: SeedInt = 0,
    steps: Steps = 20,
    cfg: Cfg = 8.0,
    sampler_name: SamplerName = "euler",
    scheduler: SchedulerName = "simple",
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    start_at_step: Annotated[int, START] = 0,
    end_at_step: Annotated[int, END] = 10_000,
    return_with_leftover_noise: Annotated[Literal["disable", "enable"], LEFTOVER] = "disable",
) -> Latent:
    """Denoise a part of the steps, so that several samplers can share one run: two models, or two prompts."""
    from safelight import diffusion

    latent = diffusion.sampling.sample(
        model,
        latent_image,
        positive,
        negative,
        seed=noise_seed,
        steps=steps,
        cfg=cfg,
        sampler_name=sampler_name,
        scheduler=scheduler,
        start_step=start_at_step,
        last_step=end_at_step,
        force_full_denoise=return_with_leftover_noise == "disable",
        add_noise=add_noise == "enable",
        plan=ctx.plan,
        watch=ctx,
        checkpoint=ctx.checkpoint,
    )
    tell(ctx, latent)
    return latent
