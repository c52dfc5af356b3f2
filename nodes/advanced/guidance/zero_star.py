"""CFG-Zero*."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from safelight import Model, Out, node


class Patched(NamedTuple):
    """The model with this guidance."""

    patched_model: Annotated[Model, Out("The same weights, guided otherwise.")]


@node("CFGZeroStar", category="advanced/guidance", title="CFG-Zero*", aliases=("guidance",))
def zero_star_guidance(*, model: Model) -> Patched:
    """Fit the negative prediction to the positive one before guiding (Fan et al. 2025, arXiv:2503.18886).

    Made for flow models, whose first steps plain guidance leads astray.
    """
    from safelight import diffusion

    return Patched(diffusion.overlay.guided(model, "zero star"))
