"""Dual CFG Guider."""

from __future__ import annotations

from typing import Annotated, Literal

from safelight import Choice, Conditioning, Guider, Model, Number, node

CONDS = Number(
    min=0.0,
    max=100.0,
    step=0.1,
    round=0.01,
    tip="How strongly the first prompt is set off against the second.",
)
NEGATIVE = Number(
    min=0.0,
    max=100.0,
    step=0.1,
    round=0.01,
    tip="How strongly the second prompt is set off against the negative one.",
)
STYLE = Choice(tip="Regular adds the two differences; nested guides the one with the other.")


@node("DualCFGGuider", category="model/sampling/guiders", title="Dual CFG Guider", aliases=("instruct",))
def dual_guider(
    *,
    model: Model,
    cond1: Conditioning,
    cond2: Conditioning,
    negative: Conditioning,
    cfg_conds: Annotated[float, CONDS] = 8.0,
    cfg_cond2_negative: Annotated[float, NEGATIVE] = 8.0,
    style: Annotated[Literal["regular", "nested"], STYLE] = "regular",
) -> Guider:
    """Guide by two prompts, each with its own strength: an instruction, say, and the picture it is about."""
    from safelight import diffusion

    sides = {"positive": cond1, "middle": cond2, "negative": negative}
    settings = (("conds", cfg_conds), ("negative", cfg_cond2_negative))
    name: Literal["dual", "dual nested"] = "dual" if style == "regular" else "dual nested"
    return diffusion.ingredient.GuiderHandle(name, model, sides, settings)
