"""VAE Encode (Tiled)."""

from __future__ import annotations

from typing import Annotated

from nodes.types import FrameOverlap, FrameTile, VaeOverlap
from safelight import Context, Image, Latent, Number, Vae, node

TILE = Number(min=64, max=4096, step=64, advanced=True, tip="The edge of a tile in pixels.")


@node("VAEEncodeTiled", category="model/latent", title="VAE Encode (Tiled)", aliases=("low memory",))
def encode_tiled(
    ctx: Context,
    *,
    pixels: Image,
    vae: Vae,
    tile_size: Annotated[int, TILE] = 512,
    overlap: VaeOverlap = 64,
    temporal_size: FrameTile = 64,
    temporal_overlap: FrameOverlap = 8,
) -> Latent:
    """Turn a picture into a latent image tile by tile, where the whole would not fit into memory."""
    from safelight import diffusion

    del temporal_size, temporal_overlap  # of videos
    samples = diffusion.vae.encode_tiled(vae, pixels, tile_size, overlap, plan=ctx.plan, watch=ctx)
    return {"samples": samples}
