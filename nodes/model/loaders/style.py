"""Load LoRAs of Style."""

from __future__ import annotations

from typing import Annotated

from nodes.model.loaders.lora import Adapted
from nodes.text.style import StyleName
from safelight import Clip, Context, Model, Number, node

SCALE = Number(min=0.0, max=2.0, step=0.01, tip="Multiplies the strength that the style gives each LoRA.")


@node(
    "ApplyStyleLoras",
    category="model/loaders",
    title="Load LoRAs of Style",
    aliases=("preset", "look"),
    lane="io",
)
def load_style(
    ctx: Context, *, model: Model, clip: Clip, style: StyleName, strength: Annotated[float, SCALE] = 1.0
) -> Adapted:
    """Add the LoRAs that a style names to a model and its text encoder; one without any changes nothing."""
    from safelight import diffusion

    chosen = diffusion.style.one(ctx.open(ctx.folders.find("styles", style)).path, style)
    for name, amount in chosen.loras if strength else ():
        file = ctx.open(ctx.folders.find("loras", name))
        scaled = amount * strength
        model, clip = diffusion.lora.attached(file.path, file.digest, model, clip, scaled, scaled)
    return Adapted(model, clip)
