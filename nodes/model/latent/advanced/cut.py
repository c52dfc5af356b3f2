"""Latent Cut."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Latent, Number, node

DIM = Choice(tip="Along which axis; t is time, of videos.")
INDEX = Number(min=-16384, max=16384, step=1, tip="The first cell to take; less than 0 counts from the end.")
AMOUNT = Number(min=1, max=16384, step=1, tip="How many cells (of 8 pixels) to take, at most.")


@node("LatentCut", category="model/latent/advanced", title="Latent Cut", aliases=("slice", "crop"))
def cut(
    *,
    samples: Latent,
    dim: Annotated[Literal["x", "y", "t"], DIM] = "x",
    index: Annotated[int, INDEX] = 0,
    amount: Annotated[int, AMOUNT] = 1,
) -> Latent:
    """Cut a strip out of a latent image, counted in its cells."""
    from safelight import diffusion

    return diffusion.splice.cut(samples, dim, index, amount)
