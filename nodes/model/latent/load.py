"""Load Latent."""

from __future__ import annotations

from typing import Annotated

from safelight import Context, File, Latent, node

NAME = File(
    "input",
    ending=".latent",
    tip="A .latent file in the input folder; 'name [output]' takes one that was saved.",
)


@node("LoadLatent", category="model/latent", title="Load Latent", aliases=("open", "import"), lane="io")
def load_latent(ctx: Context, *, latent: Annotated[str, NAME]) -> Latent:
    """Read a latent image that Save Latent wrote."""
    from safelight import diffusion

    return diffusion.keep.load(ctx.open(ctx.folders.find("input", latent)).path)
