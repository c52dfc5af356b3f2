"""unCLIPConditioning."""

from __future__ import annotations

from typing import Annotated

from safelight import ClipVisionOutput, Conditioning, Number, node

STRENGTH = Number(
    min=-10.0, max=10.0, step=0.01, tip="How strongly the picture counts; 0 leaves it out, less turns away."
)
NOISE = Number(
    min=0.0,
    max=1.0,
    step=0.01,
    tip="How freely to deal with the picture: 0 keeps close to it, 1 hardly looks at it.",
)


@node("unCLIPConditioning", category="model/conditioning", title="unCLIPConditioning")
def condition_unclip(
    *,
    conditioning: Conditioning,
    clip_vision_output: ClipVisionOutput,
    strength: Annotated[float, STRENGTH] = 1.0,
    noise_augmentation: Annotated[float, NOISE] = 0.0,
) -> Conditioning:
    """Tell an unCLIP model of a picture beside the text; several can be put one after the other."""
    from safelight import diffusion

    return diffusion.unclip.told(conditioning, clip_vision_output, strength, noise_augmentation)
