"""SamplerCustom."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.model.sampling.told import tell
from nodes.types import Cfg, SeedInt
from safelight import Conditioning, Context, Latent, Model, Out, Sampler, Sigmas, Toggle, node

ADD_NOISE = Toggle(
    advanced=True, tip="Turn it off when the latent comes with noise from a sampler before this one."
)


class Sampled(NamedTuple):
    """Where the run stopped, and what it saw there."""

    output: Annotated[Latent, Out("The latent where the schedule ends, with what noise is left.")]
    denoised_output: Annotated[Latent, Out("The clean latent that the last step expected.")]


@node("SamplerCustom", category="model/sampling/custom", aliases=("denoise", "sample"))
def sample_custom(
    ctx: Context,
    *,
    model: Model,
    add_noise: Annotated[bool, ADD_NOISE] = True,
    noise_seed: SeedInt = 0,
    cfg: Cfg = 8.0,
    positive: Conditioning,
    negative: Conditioning,
    sampler: Sampler,
    sigmas: Sigmas,
    latent_image: Latent,
) -> Sampled:
    """Denoise a latent with a sampler and a schedule of your own."""
    from safelight import diffusion

    ingredient = diffusion.ingredient
    sides = {"positive": positive, "negative": negative}
    sampled = Sampled(
        *diffusion.sampling.sample_custom(
            ingredient.GuiderHandle("cfg", model, sides, (("cfg", cfg),)),
            ingredient.NoiseHandle(noise_seed, none=not add_noise),
            sampler,
            sigmas,
            latent_image,
            plan=ctx.plan,
            watch=ctx,
            checkpoint=ctx.checkpoint,
        )
    )
    tell(ctx, sampled.output)
    return sampled
