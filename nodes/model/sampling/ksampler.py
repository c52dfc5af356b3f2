"""KSampler."""

from __future__ import annotations

from nodes.model.sampling.told import tell
from nodes.types import Cfg, Denoise, SamplerName, SchedulerName, SeedInt, Steps
from safelight import Conditioning, Context, Latent, Model, node


@node("KSampler", category="model/sampling", aliases=("denoise", "sample", "generate"))
def ksampler(
    ctx: Context,
    *,
    model: Model,
    seed: SeedInt = 0,
    steps: Steps = 20,
    cfg: Cfg = 8.0,
    sampler_name: SamplerName = "euler",
    scheduler: SchedulerName = "simple",
    positive: Conditioning,
    negative: Conditioning,
    latent_image: Latent,
    denoise: Denoise = 1.0,
) -> Latent:
    """Denoise a latent with the model, step by step, towards the positive prompt and away from the negative.

    If the program is stopped half way, the next run goes on from the last step that was kept.
    """
    from safelight import diffusion

    latent = diffusion.sampling.sample(
        model,
        latent_image,
        positive,
        negative,
        seed=seed,
        steps=steps,
        cfg=cfg,
        sampler_name=sampler_name,
        scheduler=scheduler,
        denoise=denoise,
        plan=ctx.plan,
        watch=ctx,
        checkpoint=ctx.checkpoint,
    )
    tell(ctx, latent)
    return latent
