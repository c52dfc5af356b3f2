"""Upscale Image (using Model)."""

from __future__ import annotations

from safelight import Context, Image, UpscaleModel, node


@node(
    "ImageUpscaleWithModel",
    category="image/upscaling",
    title="Upscale Image (using Model)",
    aliases=("esrgan", "super resolution", "enlarge"),
)
def scale_with_model(ctx: Context, *, upscale_model: UpscaleModel, image: Image) -> Image:
    """Make pictures as many times larger as a network does, usually 4, with details that it makes up.

    It works tile by tile, so that large pictures need little more memory than small ones.
    """
    from safelight import diffusion

    return diffusion.upscale.run(upscale_model, image, plan=ctx.plan, watch=ctx)
