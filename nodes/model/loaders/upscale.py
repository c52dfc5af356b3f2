"""Load Upscale Model."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, File, UpscaleModel, node

UpscaleName = Annotated[
    str, File("upscale_models", tip="A .safetensors file of ESRGAN, SwinIR, DAT, HAT or one of forty others.")
]


@node(
    "UpscaleModelLoader",
    category="model/loaders",
    title="Load Upscale Model",
    aliases=("esrgan", "super resolution"),
    lane="io",
)
def load_upscale(ctx: Context, *, model_name: UpscaleName) -> UpscaleModel:
    """Choose a network that makes pictures larger, or cleaner, from models/upscale_models.

    Which network it is follows from the file. Needs the package spandrel: pip install safelight[upscale].
    """
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("upscale_models", model_name))
    return diffusion.upscale.load(file.path, file.digest)
