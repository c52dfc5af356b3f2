"""UNetSelfAttentionMultiply."""

from __future__ import annotations

from typing import Annotated

from safelight import Model, Number, node


def factor(tip: str) -> Number:
    """How many times as strong a part of attention is."""
    return Number(min=0.0, max=10.0, step=0.01, advanced=True, tip=f"{tip} 1 changes nothing.")


Asks = Annotated[float, factor("How strongly each place asks others: more makes attention pick fewer.")]
Answers = Annotated[float, factor("How strongly each place answers; works like q.")]
Says = Annotated[float, factor("How strongly what is said counts.")]
Out = Annotated[float, factor("How strongly the whole of attention counts.")]


@node("UNetSelfAttentionMultiply", category="experimental/attention_experiments", experimental=True)
def multiply_self_attention(
    *, model: Model, q: Asks = 1.0, k: Answers = 1.0, v: Says = 1.0, out: Out = 1.0
) -> Model:
    """Make the attention of a picture to itself weaker or stronger, part by part, to see what happens."""
    from safelight import diffusion

    return diffusion.emphasis.with_emphasis(model, "attn1", q=q, k=k, v=v, out=out)
