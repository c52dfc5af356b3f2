"""CLIPAttentionMultiply."""

from __future__ import annotations

from nodes.experimental.attention_experiments.self_attention import Answers, Asks, Out, Says
from safelight import Clip, node


@node("CLIPAttentionMultiply", category="experimental/attention_experiments", experimental=True)
def multiply_text_attention(
    *, clip: Clip, q: Asks = 1.0, k: Answers = 1.0, v: Says = 1.0, out: Out = 1.0
) -> Clip:
    """Make the attention of words to each other weaker or stronger, part by part, to see what happens."""
    from safelight import diffusion

    return diffusion.emphasis.with_emphasis(clip, "self_attn", q=q, k=k, v=v, out=out)
