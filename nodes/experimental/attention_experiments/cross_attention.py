"""UNetCrossAttentionMultiply."""

from __future__ import annotations

from nodes.experimental.attention_experiments.self_attention import Answers, Asks, Out, Says
from safelight import Model, node


@node("UNetCrossAttentionMultiply", category="experimental/attention_experiments", experimental=True)
def multiply_cross_attention(
    *, model: Model, q: Asks = 1.0, k: Answers = 1.0, v: Says = 1.0, out: Out = 1.0
) -> Model:
    """Make the attention of a picture to the text weaker or stronger, part by part, to see what happens."""
    from safelight import diffusion

    return diffusion.emphasis.with_emphasis(model, "attn2", q=q, k=k, v=v, out=out)
