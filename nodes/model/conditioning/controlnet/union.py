"""Set Union ControlNet Type."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Context, ControlNet, node

PictureType = Literal[
    "auto",
    "openpose",
    "depth",
    "hed/pidi/scribble/ted",
    "canny/lineart/anime_lineart/mlsd",
    "normal",
    "segment",
    "tile",
    "repaint",
]

KIND = Choice(tip="What the picture is; auto says nothing of it to the network.")


@node(
    "SetUnionControlNetType",
    category="model/conditioning/controlnet",
    title="Set Union ControlNet Type",
    aliases=("union", "promax", "controlnet++"),
)
def set_type(
    ctx: Context,
    *,
    control_net: ControlNet,
    type: Annotated[PictureType, KIND] = "auto",
) -> ControlNet:
    """Tell a ControlNet that knows several kinds of pictures (union, ProMax) which one it will see.

    Put it between Load ControlNet Model and Apply ControlNet. For pictures of different kinds, put one of
    these before each Apply ControlNet. A ControlNet that knows one kind alone is passed on as it is.
    """
    from safelight import diffusion

    if control_net.source.family != diffusion.union.FAMILY:
        ctx.warn("This ControlNet knows one kind of pictures alone, so that there is no type to choose.")
        return control_net
    return diffusion.union.typed(control_net, type)
