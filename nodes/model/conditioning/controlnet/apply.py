"""Apply ControlNet (DEPRECATED)."""

from __future__ import annotations

from nodes.model.conditioning.controlnet.apply_advanced import ControlStrength
from safelight import Conditioning, ControlNet, Image, node


@node(
    "ControlNetApply",
    category="model/conditioning/controlnet",
    title="Apply ControlNet (DEPRECATED)",
    deprecated="Use Apply ControlNet, which takes both prompts and a range of steps.",
)
def apply(
    *, conditioning: Conditioning, control_net: ControlNet, image: Image, strength: ControlStrength = 1.0
) -> Conditioning:
    """Let a picture steer a prompt from the first step to the last, and the negative prompt alike."""
    from safelight import diffusion

    return diffusion.control.steer(conditioning, control_net, image, strength, both=True)
