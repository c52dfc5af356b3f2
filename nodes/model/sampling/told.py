"""What a sampler's user is told about its result."""

from __future__ import annotations

from safelight import Context, Latent


def tell(ctx: Context, latent: Latent) -> None:
    """Warn where a result is beyond use; it is passed on as it is."""
    from safelight import diffusion

    if not diffusion.latent.is_number(latent):
        ctx.warn(
            "the latent is not a number, so its picture is empty: lower cfg, look at the model's patches, or "
            "compute in fp32"
        )
