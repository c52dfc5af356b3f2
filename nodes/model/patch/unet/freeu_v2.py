"""FreeU_V2."""

from __future__ import annotations

from nodes.model.patch.unet.freeu import B1, B2, S1, S2
from safelight import Model, node


@node("FreeU_V2", category="model/patch/unet", title="FreeU V2", aliases=("free lunch",))
def free_u_v2(*, model: Model, b1: B1 = 1.3, b2: B2 = 1.4, s1: S1 = 0.9, s2: S2 = 0.2) -> Model:
    """FreeU in its second version: shapes are made stronger where there are any, and flat parts left alone.

    This oversmooths less. For Stable Diffusion 1.5 try 1.5, 1.6, 0.9, 0.2; for XL 1.3, 1.4, 0.9, 0.2.
    """
    from safelight import diffusion

    return diffusion.freeu.with_freeu(model, b1, b2, s1, s2, version=2)
