"""Load Style Model."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, File, StyleModel, node

StyleModelName = Annotated[
    str, File("style_models", tip="T2I-Adapter's style model for Stable Diffusion 1, as .safetensors.")
]


@node("StyleModelLoader", category="model/loaders", title="Load Style Model", lane="io")
def load_style_model(ctx: Context, *, style_model_name: StyleModelName) -> StyleModel:
    """Choose a network from models/style_models that puts what a picture looks like into a prompt."""
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("style_models", style_model_name))
    return diffusion.manner.load(file.path, file.digest)
