"""AddNoise."""

from __future__ import annotations

from safelight import Context, Latent, Model, Noise, Sigmas, node


@node("AddNoise", category="model/sampling/noise", aliases=("forward process",))
def add_noise(ctx: Context, *, model: Model, noise: Noise, sigmas: Sigmas, latent_image: Latent) -> Latent:
    """Put noise on a latent, as much as lies between the first and the last level of a schedule."""
    from safelight import diffusion

    return diffusion.sampling.add_noise(model, noise, sigmas, latent_image, plan=ctx.plan, watch=ctx)
