"""FreSca."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node

LOW = Number(min=0.0, max=10.0, step=0.01, advanced=True, tip="How much guidance counts for large shapes.")
HIGH = Number(min=0.0, max=10.0, step=0.01, advanced=True, tip="How much guidance counts for fine details.")
CUTOFF = Number(
    min=1, max=10000, step=1, advanced=True, tip="Up to how many waves across the latent a shape is large."
)


@node("FreSca", category="experimental", experimental=True, aliases=("frequency", "guidance"))
def frequency_guidance(
    *,
    model: Model,
    scale_low: Annotated[float, LOW] = 1.0,
    scale_high: Annotated[float, HIGH] = 1.25,
    freq_cutoff: Annotated[int, CUTOFF] = 20,
) -> Model:
    """Guide large shapes and fine details with different strength (arXiv:2504.02154).

    A higher scale for details makes them crisper and leaves the composition as it is.
    """
    from safelight import diffusion

    return diffusion.overlay.guided(model, "sifted", low=scale_low, high=scale_high, cutoff=freq_cutoff)
