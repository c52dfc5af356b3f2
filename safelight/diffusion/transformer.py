"""CLIP's text transformer, with its layers readable one by one.

The arithmetic and the names of the weights are those of transformers' `CLIPTextModelWithProjection`. It is
written out here because prompts need what that class does not offer: token vectors in place of tokens
(textual inversion), the state after any layer, and a stop between two layers. It also spares a text
encoding some seconds of imports. Radford et al. 2021, arXiv:2103.00020.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention


def quick_gelu(x: Tensor) -> Tensor:
    """OpenAI's approximation of GELU."""
    return x * torch.sigmoid(1.702 * x)


ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {"quick_gelu": quick_gelu, "gelu": gelu}


class Encoded(NamedTuple):
    """What comes out: the layer asked for, the last one after the final norm, the pooled text vector."""

    layer: Tensor
    last: Tensor
    pooled: Tensor


class Table(nn.Module):
    """Rows to look up; made without `nn.Embedding`'s random filling, which would import torch's compiler."""

    def __init__(self, rows: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(rows, width))


class Embeddings(nn.Module):
    """Tokens to vectors, and a vector for each position."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.token_embedding = Table(config["vocab_size"], config["hidden_size"])
        self.position_embedding = Table(config["max_position_embeddings"], config["hidden_size"])


class Attention(nn.Module):
    """Self-attention with biases; causal for texts."""

    def __init__(self, width: int, heads: int, causal: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.causal = causal
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, D] to the same shape."""
        split = (
            projection(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for projection in self._inputs()
        )
        mixed = scaled_dot_product_attention(*split, is_causal=self.causal)
        out: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(-2))
        return out

    def _inputs(self) -> tuple[nn.Linear, nn.Linear, nn.Linear]:
        return self.q_proj, self.k_proj, self.v_proj


class Mlp(nn.Module):
    """Two matrices with an activation between them."""

    def __init__(self, width: int, inner: int, activation: str) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, D] to the same shape."""
        out: Tensor = self.fc2(self.activation(self.fc1(x)))
        return out


class Layer(nn.Module):
    """Attention, then the matrices, each on normed input and added back."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        width, epsilon = config["hidden_size"], config.get("layer_norm_eps", 1e-5)
        self.layer_norm1 = nn.LayerNorm(width, eps=epsilon)
        self.self_attn = Attention(width, config["num_attention_heads"], config.get("causal", True))
        self.layer_norm2 = nn.LayerNorm(width, eps=epsilon)
        self.mlp = Mlp(width, config["intermediate_size"], config["hidden_act"])

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, D] to the same shape."""
        x = x + self.self_attn(self.layer_norm1(x))
        out: Tensor = x + self.mlp(self.layer_norm2(x))
        return out


class Stack(nn.Module):
    """The layers in order."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))


class TextTransformer(nn.Module):
    """A CLIP text model; with `projection` the pooled vector goes through a last matrix."""

    def __init__(self, config: Mapping[str, Any], projection: bool) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.embeddings = Embeddings(config)
        self.encoder = Stack(config)
        self.final_layer_norm = nn.LayerNorm(width, eps=config.get("layer_norm_eps", 1e-5))
        self.text_projection = (
            nn.Linear(width, config.get("projection_dim", width), bias=False) if projection else None
        )

    def forward(self, vectors: Tensor, ends: Tensor, layer: int, check: Callable[[], None]) -> Encoded:
        """Encode token vectors [B, L, D], pooling at the positions `ends` [B].

        `layer` counts from the end, -1 being the last; one that is further back than there are layers means
        the last.
        """
        x = vectors + self.embeddings.position_embedding.weight[: vectors.shape[1]]
        wanted = len(self.encoder.layers) + layer
        asked = x
        for number, step in enumerate(self.encoder.layers):
            check()
            x = step(x)
            if number == wanted:
                asked = x
        last = self.final_layer_norm(x)
        pooled = last[torch.arange(len(last), device=last.device), ends]
        if self.text_projection is not None:
            pooled = self.text_projection(pooled)
        return Encoded(asked if wanted >= 0 else last, last, pooled)
