"""`cond_stage_model`: the inside of a CLIP, as far as packs that weigh tokens themselves go into it."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.compat.shims.module.patcher.missing import Missing


class Tower(Missing):
    """One encoder of a CLIP: it encodes chunks of (token, weight)."""

    def __init__(self, clip: Any, name: str, api: str) -> None:
        super().__init__(api)
        self.__dict__.update(_clip=clip, _name=name)

    def set_clip_options(self, options: dict[str, Any]) -> None:
        """Take the layer to stop at; the rest says where to compute, which is ours to know."""
        if options.get("layer") is not None:
            self._clip.clip_layer(options["layer"])

    def reset_clip_options(self) -> None:
        """What was set for one encoding is the clip's own here, and was set on a clone."""

    def encode_token_weights(self, token_weight_pairs: Any) -> tuple[Tensor, Tensor]:
        return self._clip.encoded(self._name, token_weight_pairs)


class Stage(Tower):
    """All encoders of a CLIP; each is an attribute, such as `clip_l`."""

    def __init__(self, clip: Any) -> None:
        super().__init__(clip, "", "clip.cond_stage_model")

    def encode_token_weights(self, token_weight_pairs: Any) -> tuple[Tensor, Tensor]:
        cond, pooled = self._clip.encode_from_tokens(token_weight_pairs, return_pooled=True)
        return cond, pooled

    def __getattr__(self, name: str) -> Any:
        if name in ("clip_l", "clip_g", "clip_h") and name[-1] in self._clip.tower_names():
            return Tower(self._clip, name[-1], f"clip.cond_stage_model.{name}")
        return super().__getattr__(name)
