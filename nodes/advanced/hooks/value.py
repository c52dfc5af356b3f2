"""What the nodes of hooks pass on, and the inputs that several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from safelight import Choice, Conditioning, In, Number, Out, socket

if TYPE_CHECKING:
    Hooks = Any
    Keyframes = Any
    Part = tuple[float, float]
    Floats = Any
else:
    Hooks = socket("HOOKS")
    Keyframes = socket("HOOK_KEYFRAMES")
    Part = socket("TIMESTEPS_RANGE")
    Floats = socket("FLOATS")

MORE = In("Hooks to add this one to.")
EARLIER = In("Keyframes to add these to.")
ModelPart = Annotated[
    float,
    Number(
        min=-20.0,
        max=20.0,
        step=0.01,
        tip="How strongly it changes the model: 1 is as it was trained, 0 not at all.",
    ),
]
ClipPart = Annotated[
    float,
    Number(
        min=-20.0,
        max=20.0,
        step=0.01,
        tip='How strongly it changes how words are understood, where "Set CLIP Hooks" uses it.',
    ),
]
MaskStrength = Annotated[
    float,
    Number(min=0.0, max=10.0, step=0.01, tip="How much the mask weighs; without a mask it changes nothing."),
]
KeyframesOut = Annotated[Keyframes, Out("When which strength holds.", name="HOOK_KF")]
Bounds = Annotated[
    Literal["default", "mask bounds"],
    Choice(tip="What the model sees: the whole picture, or only the rectangle around the mask."),
]


class Pair(NamedTuple):
    """A positive and a negative prompt."""

    positive: Annotated[Conditioning, Out("What the picture shall show.")]
    negative: Annotated[Conditioning, Out("What it shall not show.")]
