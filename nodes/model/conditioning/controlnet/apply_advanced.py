"""Apply ControlNet."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodes.types import Moment
from safelight import Conditioning, ControlNet, Image, Number, Out, Vae, node

ControlStrength = Annotated[
    float,
    Number(min=0.0, max=10.0, step=0.01, tip="How strongly the picture steers; 0 does not at all."),
]


class Steered(NamedTuple):
    """Both prompts, steered by the picture."""

    positive: Annotated[Conditioning, Out("What to make, steered by the picture.")]
    negative: Annotated[Conditioning, Out("What to avoid, steered by the picture.")]


@node(
    "ControlNetApplyAdvanced",
    category="model/conditioning/controlnet",
    title="Apply ControlNet",
    aliases=("controlnet", "t2i adapter", "guide by picture"),
)
def apply_advanced(
    *,
    positive: Conditioning,
    negative: Conditioning,
    control_net: ControlNet,
    image: Image,
    strength: ControlStrength = 1.0,
    start_percent: Moment = 0.0,
    end_percent: Moment = 1.0,
    vae: Vae | None = None,  # noqa: ARG001  saved files have it; no network that is known here needs it
) -> Steered:
    """Let a picture steer what is made: its edges, its pose, its depth, as the ControlNet understands it.

    The picture is brought to the size of what is made, its edges cut off evenly. Chain several to steer by
    several pictures; what they say is added up. Ending early leaves the last details to the prompt. The
    networks for Stable Diffusion need no VAE; one that is connected is not used.
    """
    from safelight import diffusion

    return Steered(
        *(
            diffusion.control.steer(side, control_net, image, strength, start_percent, end_percent)
            for side in (positive, negative)
        )
    )
