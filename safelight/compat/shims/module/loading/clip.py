"""CLIP as packs know it: a text encoder of ours that tokenizes and encodes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.file import context, find
from safelight.compat.shims.module.loading.stage import Stage
from safelight.diffusion import hook, residency, text

NAMES = {1: ("l",), 2: ("l", "g")}
"""What packs call the text encoders of a model, by how many there are."""


class Tokens(dict[str, Any]):
    """Chunks of (token, weight) by encoder, with the text that they are of."""

    text: str | None = None


class CLIP:
    """A text encoder of ours."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.layer_idx = handle.last_layer
        self.patcher = patchers.ModelPatcher(
            SimpleNamespace(handle=None), devices.text_encoder_device(), devices.text_encoder_offload_device()
        )
        self.use_clip_schedule = False
        self.apply_hooks_to_conds: Any = None
        self.cond_stage_model = Stage(self)

    @classmethod
    def of_handle(cls, handle: Any) -> CLIP:
        return cls(handle)

    def safelight_value(self) -> Any:
        return self._effective()

    def _effective(self) -> Any:
        return (
            self.handle
            if self.layer_idx == self.handle.last_layer
            else replace(self.handle, last_layer=self.layer_idx)
        )

    @property
    def tokenizer(self) -> Any:
        return Tokenizer(self)

    def clone(self, **more: Any) -> CLIP:
        made = CLIP(self.handle)
        made.layer_idx = self.layer_idx
        return made

    def clip_layer(self, layer_idx: int) -> None:
        self.layer_idx = layer_idx

    def add_patches(
        self, patches: Any, strength_patch: float = 1.0, strength_model: float = 1.0
    ) -> list[str]:
        if not patches:
            return []
        raise refusal("CLIP.add_patches (weights by ComfyUI's names)")

    def load_model(self, *given: Any) -> Any:
        return self.patcher

    def get_sd(self) -> Any:
        raise refusal("CLIP.get_sd")

    def get_key_patches(self) -> Any:
        raise refusal("CLIP.get_key_patches")

    def _lent(self) -> Any:
        return residency.lend(hook.whole(self._effective()), patchers.plan_here(), context())

    def _names(self, encoder: Any) -> list[str]:
        towers = encoder.towers
        if len(towers) == 1:
            width = towers[0].model.config["hidden_size"]
            return ["l" if width == 768 else "h" if width == 1024 else "g" if width == 1280 else "l"]
        return list(NAMES.get(len(towers), tuple(str(place) for place in range(len(towers)))))

    def tokenize(self, text: str, return_word_ids: bool = False, **more: Any) -> dict[str, Any]:
        made = Tokens()
        made.text = text
        with self._lent() as encoder, torch.no_grad():
            for name, tower in zip(self._names(encoder), encoder.towers, strict=True):
                groups = tower.groups(text, find)
                chunks = tower.chunks(groups)
                if not return_word_ids:
                    made[name] = [[(token, weight) for token, weight in chunk] for chunk in chunks]
                    continue
                words = [number for number, group in enumerate(groups, 1) for _ in group]
                made[name] = _numbered(chunks, words, tower.vocabulary)
        return made

    def _encode(self, tokens: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """The vectors of tokens, whatever a pack made of them."""
        with self._lent() as encoder, torch.no_grad():
            layer = self._effective().last_layer
            found = []
            for name, tower in zip(self._names(encoder), encoder.towers, strict=True):
                chunks = [[(piece[0], float(piece[1])) for piece in chunk] for chunk in tokens[name]]
                found.append(_encoded(tower, chunks, layer))
            length = min(vectors.shape[1] for vectors, _ in found)
            vectors = torch.cat([vectors[:, :length] for vectors, _ in found], dim=-1)
        return vectors.float().cpu(), found[-1][1].float().cpu()

    def tower_names(self) -> list[str]:
        """What the encoders are called, one after the other."""
        with self._lent() as encoder:
            return self._names(encoder)

    def encoded(self, name: str, chunks: Any) -> tuple[Tensor, Tensor]:
        """The vectors that one encoder makes of chunks of (token, weight)."""
        with self._lent() as encoder, torch.no_grad():
            tower = dict(zip(self._names(encoder), encoder.towers, strict=True))[name]
            plain = [[(piece[0], float(piece[1])) for piece in chunk] for chunk in chunks]
            vectors, pooled = _encoded(tower, plain, self._effective().last_layer)
        return vectors.float().cpu(), pooled.float().cpu()

    def encode_from_tokens(self, tokens: Any, return_pooled: Any = False, return_dict: bool = False) -> Any:
        cond, pooled = self._encode(tokens)
        if return_pooled == "unprojected":
            raise refusal("CLIP.encode_from_tokens(return_pooled='unprojected')")
        if return_dict:
            return {"cond": cond, "pooled_output": pooled}
        return (cond, pooled) if return_pooled else cond

    def encode_from_tokens_scheduled(
        self, tokens: Any, unprojected: bool = False, add_dict: Any = None, show_pbar: bool = True
    ) -> list[Any]:
        def once(handle: Any) -> list[Any]:
            cond, pooled = CLIP(handle)._encode(tokens)  # noqa: SLF001 - one of ours
            return [cond, {"pooled_output": pooled, **(add_dict or {})}]

        return hook.encoded(self._effective(), once)

    def encode(self, text_: str) -> Tensor:
        return self._encode(self.tokenize(text_))[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"CLIP.{name}", attribute=True)


class Tokenizer:
    """A text encoder's tokenizer, as much of it as packs use."""

    def __init__(self, clip: CLIP) -> None:
        self._clip = clip

    def tokenize_with_weights(self, text: str, return_word_ids: bool = False, **more: Any) -> Any:
        return self._clip.tokenize(text, return_word_ids)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refusal(f"CLIP.tokenizer.{name}", attribute=True)


def _numbered(chunks: list[Any], words: list[int], vocabulary: Any) -> list[Any]:
    """Chunks whose pieces say which word they are of; marks and filling are of none."""
    left = iter(words)
    made = []
    for chunk in chunks:
        end = next(
            (i for i, (t, _) in enumerate(chunk) if isinstance(t, int) and t == vocabulary.end and i),
            len(chunk),
        )
        made.append(
            [(token, weight, next(left, 0) if 0 < i < end else 0) for i, (token, weight) in enumerate(chunk)]
        )
    return made


def _encoded(tower: Any, chunks: list[Any], layer: int | None) -> tuple[Tensor, Tensor]:
    weighted = any(weight != 1.0 for chunk in chunks for _, weight in chunk)
    out = tower._run(  # noqa: SLF001 - our own, one layer down
        [*chunks, tower.empty()] if weighted else chunks, layer or tower.last_layer, lambda: None
    )
    vectors = out.layer
    if weighted:
        vectors = text.weigh(vectors[:-1], vectors[-1:], chunks)
    return vectors.flatten(0, 1)[None], out.pooled[:1]
