"""`comfy.latent_formats`: how a network's latents follow from a VAE's."""

from __future__ import annotations

from typing import Any

from safelight.diffusion.preview import SD1 as COLOURS_SD1
from safelight.diffusion.preview import SDXL as COLOURS_SDXL


class LatentFormat:
    scale_factor = 1.0
    shift_factor = 0.0
    latent_channels = 4
    latent_dimensions = 2
    latent_rgb_factors: Any = None
    latent_rgb_factors_bias: Any = None
    latent_rgb_factors_reshape: Any = None
    taesd_decoder_name: str | None = None
    spacial_downscale_ratio = 8
    temporal_downscale_ratio = 1

    def process_in(self, latent: Any) -> Any:
        return (latent - self.shift_factor) * self.scale_factor

    def process_out(self, latent: Any) -> Any:
        return latent / self.scale_factor + self.shift_factor


class SD15(LatentFormat):
    scale_factor = 0.18215
    latent_rgb_factors = [list(row) for row in COLOURS_SD1.rows]


class SDXL(LatentFormat):
    scale_factor = 0.13025
    latent_rgb_factors = [list(row) for row in COLOURS_SDXL.rows]
    latent_rgb_factors_bias = list(COLOURS_SDXL.bias)


class SD3(LatentFormat):
    latent_channels = 16
    scale_factor = 1.5305
    shift_factor = 0.0609


class Flux(LatentFormat):
    latent_channels = 16
    scale_factor = 0.3611
    shift_factor = 0.1159


class StableAudio1(LatentFormat):
    latent_channels = 64
    latent_dimensions = 1


class Wan21(LatentFormat):
    latent_channels = 16
    latent_dimensions = 3


class HunyuanVideo(LatentFormat):
    latent_channels = 16
    latent_dimensions = 3
    scale_factor = 0.476986


class Mochi(LatentFormat):
    latent_channels = 12
    latent_dimensions = 3


class LTXV(LatentFormat):
    latent_channels = 128
    latent_dimensions = 3


SD_X4 = SC_Prior = SC_B = SDXL_Playground_2_5 = LatentFormat


def of(format: Any) -> LatentFormat:
    """Ours as one of these."""
    known = next((one for one in (SD15, SDXL) if abs(one.scale_factor - format.scale) < 1e-6), LatentFormat)
    made = known()
    made.scale_factor, made.shift_factor = format.scale, format.shift
    made.latent_channels, made.spacial_downscale_ratio = format.channels, format.factor
    return made
