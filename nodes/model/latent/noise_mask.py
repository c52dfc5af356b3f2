"""Set Latent Noise Mask."""

from __future__ import annotations

from safelight import Latent, Mask, node


@node("SetLatentNoiseMask", category="model/latent", title="Set Latent Noise Mask", aliases=("inpaint",))
def set_noise_mask(*, samples: Latent, mask: Mask) -> Latent:
    """Denoise only where the mask is white and keep the rest of the latent image as it is."""
    from safelight import diffusion

    return diffusion.latent.set_mask(samples, mask)
