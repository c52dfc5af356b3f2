"""Load CLIP."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import BadInput, Choice, Clip, Context, File, node

ClipName = Annotated[
    str, File("text_encoders", tip="A .safetensors file with a text encoder, in models/text_encoders.")
]
ClipType = Annotated[
    Literal[
        "stable_diffusion",
        "stable_cascade",
        "sd3",
        "stable_audio",
        "mochi",
        "ltxv",
        "pixart",
        "cosmos",
        "lumina2",
        "wan",
        "hidream",
        "chroma",
        "ace",
        "omnigen2",
        "qwen_image",
        "hunyuan_image",
        "flux2",
        "ovis",
        "longcat_image",
        "cogvideox",
        "lens",
        "pixeldit",
        "ideogram4",
        "boogu",
        "krea2",
        "joyimage",
        "mage",
        "minimax",
    ],
    Choice(tip="What kind of model it is for. Those of Stable Diffusion are known so far."),
]
ClipDevice = Annotated[
    Literal["default", "cpu"],
    Choice(advanced=True, tip="Kept for saved files: text is encoded on the device that the run uses."),
]


def refuse_other(input: str, kind: str, known: str) -> None:
    """Raise for a kind of text encoder that is not known."""
    if kind != known:
        raise BadInput(
            input=input,
            problem=f"text encoders for {kind} are not known yet",
            remedy=f"Choose {known}, or another model.",
        )


@node("CLIPLoader", category="model/loaders", title="Load CLIP", aliases=("text encoder",), lane="io")
def load_clip(
    ctx: Context,
    *,
    clip_name: ClipName,
    type: ClipType = "stable_diffusion",
    device: ClipDevice = "default",  # noqa: ARG001 - saved files say it
) -> Clip:
    """Choose a text encoder file: CLIP-L for Stable Diffusion 1, CLIP-H for 2, CLIP-G for the XL refiner."""
    from safelight import diffusion

    refuse_other("type", type, "stable_diffusion")
    file = ctx.open(ctx.folders.find("text_encoders", clip_name))
    return diffusion.lone.clip([(file.path, file.digest)])
