"""Porter-Duff Image Composite."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from safelight import Choice, Image, Mask, Out, node

Mode = Annotated[
    Literal[
        "ADD",
        "CLEAR",
        "DARKEN",
        "DST",
        "DST_ATOP",
        "DST_IN",
        "DST_OUT",
        "DST_OVER",
        "LIGHTEN",
        "MULTIPLY",
        "OVERLAY",
        "SCREEN",
        "SRC",
        "SRC_ATOP",
        "SRC_IN",
        "SRC_OUT",
        "SRC_OVER",
        "XOR",
    ],
    Choice(
        tip="What is kept of the source (SRC) and the destination (DST) where the other one is or is not."
    ),
]


class Composed(NamedTuple):
    """A picture with its transparency."""

    image: Annotated[Image, Out("The picture.", name="IMAGE")]
    mask: Annotated[Mask, Out("White where it is transparent.", name="MASK")]


@node(
    "PorterDuffImageComposite",
    category="image/compositing",
    title="Porter-Duff Image Composite",
    aliases=("blend", "alpha"),
)
def porter_duff(
    *, source: Image, source_alpha: Mask, destination: Image, destination_alpha: Mask, mode: Mode = "DST"
) -> Composed:
    """Compose two pictures with their transparency (masks are white where a picture is transparent).

    Where only one of them has an alpha channel, it is left out.
    """
    from safelight import diffusion

    return Composed(
        *diffusion.composite.porter_duff(source, source_alpha, destination, destination_alpha, mode)
    )
