"""The function that all samplers of packs end in, and the node that some ask for a part of the denoising."""

from __future__ import annotations

from typing import Any


def common_ksampler(
    model: Any,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent: Any,
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
) -> tuple[Any]:
    from safelight.compat.shims.module import sample

    samples = sample.fix_empty_latent_channels(model, latent["samples"])
    drawn = (
        sample.prepare_noise(samples, seed, latent.get("batch_index")) if not disable_noise else samples * 0
    )
    made = sample.sample(
        model,
        drawn,
        steps,
        cfg,
        sampler_name,
        scheduler,
        positive,
        negative,
        samples,
        denoise=denoise,
        disable_noise=disable_noise,
        start_step=start_step,
        last_step=last_step,
        force_full_denoise=force_full_denoise,
        noise_mask=latent.get("noise_mask"),
        seed=seed,
    )
    rest = {name: value for name, value in latent.items() if name != "downscale_ratio_spatial"}
    return ({**rest, "samples": made},)


def advanced(
    model: Any,
    add_noise: str,
    noise_seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent_image: Any,
    start_at_step: int,
    end_at_step: int,
    return_with_leftover_noise: str,
    denoise: float = 1.0,
) -> tuple[Any]:
    """KSamplerAdvanced, whose method takes `denoise` as well."""
    return common_ksampler(
        model,
        noise_seed,
        steps,
        cfg,
        sampler_name,
        scheduler,
        positive,
        negative,
        latent_image,
        denoise=denoise,
        disable_noise=add_noise == "disable",
        start_step=start_at_step,
        last_step=end_at_step,
        force_full_denoise=return_with_leftover_noise != "enable",
    )
