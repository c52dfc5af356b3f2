"""SD_4XUpscale_Conditioning."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Conditioning, Image, Latent, Number, Out, node

SCALE = Number(min=0.0, max=10.0, step=0.01, tip="How many times larger the picture is to be; trained for 4.")
NOISE = Number(
    min=0.0,
    max=1.0,
    step=0.001,
    advanced=True,
    tip="How rough the small picture is made first; more lets the model invent more.",
)


class Enlarging(NamedTuple):
    """Both prompts with the small picture, and the latent to sample."""

    positive: Annotated[Conditioning, Out("What to make, with the small picture.")]
    negative: Annotated[Conditioning, Out("What to avoid, with the small picture.")]
    latent: Annotated[Latent, Out("An empty latent of the large picture's size, to sample.")]


@node(
    "SD_4XUpscale_Conditioning",
    category="model/conditioning/stable diffusion upscaler",
    aliases=("upscale", "x4", "super resolution"),
)
def condition_enlarging(
    *,
    images: Image,
    positive: Conditioning,
    negative: Conditioning,
    scale_ratio: Annotated[float, SCALE] = 4.0,
    noise_augmentation: Annotated[float, NOISE] = 0.0,
) -> Enlarging:
    """Show a small picture to the Stable Diffusion x4 upscaler, which paints it four times as large.

    Its UNet has seven input channels. Encode the prompts with its own CLIP, sample the latent that comes out
    at full denoise, and decode it with its own VAE. The picture may be made rougher first, so that the model
    adds details of its own.
    """
    from safelight import diffusion

    return Enlarging(
        *diffusion.roughness.enlarging(positive, negative, images, scale_ratio, noise_augmentation)
    )
