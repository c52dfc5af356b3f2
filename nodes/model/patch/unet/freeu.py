"""FreeU."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node


def factor(tip: str) -> Number:
    """How much something is scaled; 1 leaves it."""
    return Number(min=0.0, max=10.0, step=0.01, advanced=True, tip=tip)


B1 = Annotated[float, factor("How strong the coarsest shapes are: above 1 is bolder. 1 leaves them.")]
B2 = Annotated[float, factor("How strong the next finer shapes are: above 1 is bolder. 1 leaves them.")]
S1 = Annotated[
    float, factor("How much of the coarsest low frequencies skips over: below 1 is less. 1 leaves it.")
]
S2 = Annotated[float, factor("How much of the next finer low frequencies skips over. 1 leaves it.")]


@node("FreeU", category="model/patch/unet", title="FreeU", aliases=("free lunch",))
def free_u(*, model: Model, b1: B1 = 1.1, b2: B2 = 1.2, s1: S1 = 0.9, s2: S2 = 0.2) -> Model:
    """Get clearer shapes and fewer stray details out of a UNet, at no cost in time.

    The backbone of the network, which carries shapes, is made stronger; the skip connections, which carry
    details, lose low frequencies. For Stable Diffusion 1.5 try 1.2, 1.4, 0.9, 0.2; for XL 1.1, 1.2, 0.6, 0.4.
    """
    from safelight import diffusion

    return diffusion.freeu.with_freeu(model, b1, b2, s1, s2, version=1)
