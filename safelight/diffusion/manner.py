"""Style models: what a picture encoder saw, as a few words more in a prompt.

T2I-Adapter's style adapter (Mou et al. 2023, arXiv:2302.08453) is a small transformer over the vectors that
CLIP ViT-L gives for the parts of a picture, with eight of its own behind them; what becomes of these is put
behind the prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from safelight.diffusion import device as devices
from safelight.diffusion import header as headers
from safelight.diffusion import residency, weights
from safelight.diffusion.component import Component, Slot
from safelight.diffusion.conditioning import Conditioning
from safelight.diffusion.failure import ModelFileError, UnsupportedError
from safelight.diffusion.handle import Handle, Source, StyleHandle
from safelight.diffusion.layout import open_clip, open_clip_third
from safelight.diffusion.plan import Plan
from safelight.diffusion.seen import Seen
from safelight.diffusion.transformer import Stack
from safelight.diffusion.watch import QUIET, Watch

Check = Callable[[], None]

FAMILY = "style_model"
HEADS = 8
LAYERS = "transformer_layes."
"""What the published files call their layers."""
REDUX = "redux_down.weight"


class Manner(nn.Module):
    """The style adapter."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.style_embedding = nn.Parameter(torch.zeros(1, config["words"], width))
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.encoder = Stack(config)
        self.proj = nn.Parameter(torch.zeros(width, config["text"]))

    def forward(self, seen: Tensor) -> Tensor:
        """What was seen of pictures [B, L, D] to words [B, N, text]."""
        own = self.style_embedding.expand(len(seen), -1, -1)
        x = self.ln_pre(torch.cat([seen, own], dim=1))
        for layer in self.encoder.layers:
            x = layer(x)
        words: Tensor = self.ln_post(x[:, -own.shape[1] :]) @ self.proj
        return words


def load(path: Path, digest: str, allow_pickle: bool = False) -> StyleHandle:
    """The handle for a file with this sha256.

    `ModelFileError` when it is missing, cut short, a pickle (unless allowed), or no style model for Stable
    Diffusion.
    """
    header = headers.read(path, allow_pickle)
    if "style_embedding" not in header:
        what = "a Redux model, which only Flux uses" if REDUX in header else "no style model"
        raise ModelFileError(
            f"{path.name} is {what}", "Choose T2I-Adapter's style model for Stable Diffusion 1."
        )
    layout = "pickle" if allow_pickle and headers.is_pickle(path) else "original"
    return StyleHandle(Source(str(path), digest, FAMILY, layout, "style_model"))


def apply(
    conditioning: Conditioning,
    model: StyleHandle,
    seen: Seen,
    strength: float,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Conditioning:
    """A conditioning with the pictures' words, so many times as strong, behind those of each entry."""
    with residency.lend(model, plan, watch) as module, torch.no_grad():
        wanted, given = module.ln_pre.normalized_shape[0], seen.last_hidden_state.shape[-1]
        if wanted != given:
            raise UnsupportedError(
                f"This style model takes vectors of {wanted} numbers, the encoder gave {given}",
                "Encode the picture with CLIP ViT-L.",
            )
        words = module(seen.last_hidden_state.to(plan.device)).flatten(0, 1)[None].cpu() * strength
    for tensor, _ in conditioning:
        if tensor.shape[-1] != words.shape[-1]:
            raise UnsupportedError(
                f"This style model makes words of {words.shape[-1]} numbers, the prompt's have "
                f"{tensor.shape[-1]}",
                "Use it with a model of the family that it was made for.",
            )
    return [
        [torch.cat([tensor, words.to(tensor).expand(len(tensor), -1, -1)], dim=1), dict(options)]
        for tensor, options in conditioning
    ]


def component(source: Source) -> Component:
    """The style model's config, and where its tensors lie."""
    header = headers.read(Path(source.path), source.layout == "pickle")

    def find(name: str) -> Slot | None:
        stored = open_clip(name).replace("transformer.resblocks.", LAYERS)
        return Slot(header, stored, third=open_clip_third(name)) if stored in header else None

    _, words, width = header.sides("style_embedding", 3)
    names = {name.removeprefix(LAYERS).partition(".")[0] for name in header if name.startswith(LAYERS)}
    config = {
        "hidden_size": width,
        "words": words,
        "text": header.sides("proj", 2)[1],
        "num_hidden_layers": len(names),
        "num_attention_heads": HEADS,
        "intermediate_size": header.sides(f"{LAYERS}0.mlp.c_fc.weight", 2)[0],
        "hidden_act": "quick_gelu",
        "causal": False,
    }
    return Component(f"The style model in {header.path.name}", config, (header,), find)


def build(handle: Handle, plan: Plan, check: Check) -> Manner:
    """The style model of a handle with its weights, in fp32."""
    found = component(handle.source)
    check()
    with devices.memory_errors("loading the style model", plan.device):
        with torch.device("meta"):
            module = Manner(found.config)
        weights.fill(module, found, torch.float32, plan.device, check)
    return module


def size(handle: Handle, _plan: Plan) -> int:
    """The bytes that its weights will take, from headers alone."""
    return component(handle.source).size(4)
