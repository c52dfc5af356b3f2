"""SamplerCustomAdvanced."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.model.sampling.told import tell
from safelight import Context, Guider, Latent, Noise, Out, Sampler, Sigmas, node


class Sampled(NamedTuple):
    """Where the run stopped, and what it saw there."""

    output: Annotated[Latent, Out("The latent where the schedule ends, with what noise is left.")]
    denoised_output: Annotated[Latent, Out("The clean latent that the last step expected.")]


@node("SamplerCustomAdvanced", category="model/sampling/custom", aliases=("denoise", "sample"))
def sample_custom_advanced(
    ctx: Context, *, noise: Noise, guider: Guider, sampler: Sampler, sigmas: Sigmas, latent_image: Latent
) -> Sampled:
    """Denoise a latent with noise, guidance, sampler and schedule each of your own choice."""
    from safelight import diffusion

    sampled = Sampled(
        *diffusion.sampling.sample_custom(
            guider,
            noise,
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
