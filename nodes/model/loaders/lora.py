"""Load LoRA (Model and CLIP)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Clip, Context, File, Model, Number, Out, node

LoraName = Annotated[str, File("loras", tip="The LoRA: a .safetensors file made for this family of models.")]


def strength(tip: str) -> Number:
    """How much of an adapter is added."""
    return Number(min=-100.0, max=100.0, step=0.01, tip=tip)


ModelStrength = Annotated[
    float, strength("How strongly it changes the model: 1 is as it was trained, 0 not at all.")
]
ClipStrength = Annotated[
    float, strength("How strongly it changes how words are understood: 1 is as it was trained.")
]


class Adapted(NamedTuple):
    """A model and its text encoder with a LoRA."""

    model: Annotated[Model, Out("The denoiser with the LoRA.", name="MODEL")]
    clip: Annotated[Clip, Out("The text encoder with the LoRA.", name="CLIP")]


@node(
    "LoraLoader",
    category="model/loaders",
    title="Load LoRA (Model and CLIP)",
    aliases=("lora", "lycoris", "locon", "dora"),
    lane="io",
)
def load_lora(
    ctx: Context,
    *,
    model: Model,
    clip: Clip,
    lora_name: LoraName,
    strength_model: ModelStrength = 1.0,
    strength_clip: ClipStrength = 1.0,
) -> Adapted:
    """Teach a model and its text encoder something more: a style, a character, a way of lighting.

    A LoRA is a small file of differences to the weights of one family of models. Several can be chained;
    each adds its own. LoCon, LoHa, LoKr and DoRA files work alike. The model file is not read again when a
    strength is changed, and strength 0 is the model as it was.
    """
    from safelight import diffusion

    if strength_model == 0 and strength_clip == 0:
        return Adapted(model, clip)
    file = ctx.open(ctx.folders.find("loras", lora_name))
    return Adapted(
        *diffusion.lora.attached(file.path, file.digest, model, clip, strength_model, strength_clip)
    )
