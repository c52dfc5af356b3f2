"""Latent Cut To Batch."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Latent, Number, node

DIM = Choice(tip="Along which axis to cut; t is time, of videos.")
SIZE = Number(min=1, max=16384, step=1, tip="How many cells (of 8 pixels) each slice has.")


@node("LatentCutToBatch", category="model/latent/advanced", title="Latent Cut To Batch", aliases=("slice",))
def cut_to_batch(
    *,
    samples: Latent,
    dim: Annotated[Literal["t", "x", "y"], DIM] = "t",
    slice_size: Annotated[int, SIZE] = 1,
) -> Latent:
    """Cut a latent image into slices, as a batch; what does not fill a slice is left out."""
    from safelight import diffusion

    return diffusion.splice.sliced(samples, dim, slice_size)
