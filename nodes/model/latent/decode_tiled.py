"""VAE Decode (Tiled)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import FrameOverlap, FrameTile, VaeOverlap
from safelight import Context, Image, Latent, Number, Vae, node

TILE = Number(min=64, max=4096, step=32, advanced=True, tip="The edge of a tile in pixels.")


@node("VAEDecodeTiled", category="model/latent", title="VAE Decode (Tiled)", aliases=("low memory",))
def decode_tiled(
    ctx: Context,
    *,
    samples: Latent,
    vae: Vae,
    tile_size: Annotated[int, TILE] = 512,
    overlap: VaeOverlap = 64,
    temporal_size: FrameTile = 64,
    temporal_overlap: FrameOverlap = 8,
) -> Image:
    """Turn a latent image into a picture tile by tile, where the whole would not fit into memory."""
    from safelight import diffusion

    del temporal_size, temporal_overlap  # of videos
    return diffusion.vae.decode_tiled(vae, samples["samples"], tile_size, overlap, plan=ctx.plan, watch=ctx)
