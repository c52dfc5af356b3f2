"""Load LoRA."""

from __future__ import annotations

from nodes.model.loaders.lora import LoraName, ModelStrength
from safelight import Context, Model, node


@node(
    "LoraLoaderModelOnly",
    category="model/loaders",
    title="Load LoRA",
    aliases=("lora model only",),
    lane="io",
)
def load_lora_model_only(
    ctx: Context, *, model: Model, lora_name: LoraName, strength_model: ModelStrength = 1.0
) -> Model:
    """Teach a model something more, and leave its text encoder as it is.

    What the file says about text encoders is not used. This suits files that speak of the model alone, such
    as those that make few steps enough (LCM, Lightning, Hyper).
    """
    from safelight import diffusion

    if strength_model == 0:
        return model
    file = ctx.open(ctx.folders.find("loras", lora_name))
    return diffusion.lora.attached(file.path, file.digest, model, None, strength_model, 0.0)[0]
