"""Apply Morphology."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Image, Number, node

Operation = Annotated[
    Literal["erode", "dilate", "open", "close", "gradient", "bottom_hat", "top_hat"],
    Choice(
        tip="dilate widens what is light, erode what is dark; open removes light specks, close dark ones; "
        "gradient draws outlines; the hats show what open and close remove."
    ),
]
SIZE = Number(min=3, max=999, step=1, tip="The edge in pixels of the square that is looked at.")


@node("Morphology", category="image/filters", title="Apply Morphology", aliases=("dilate", "erode"))
def morphology(
    *, image: Image, operation: Operation = "erode", kernel_size: Annotated[int, SIZE] = 3
) -> Image:
    """Widen, narrow or clean what is light in pictures."""
    from safelight import diffusion

    return diffusion.filter.morph(image, operation, kernel_size)
