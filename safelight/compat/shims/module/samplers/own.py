"""A guider of ours as packs know it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.module import samplers
from safelight.compat.shims.module.samplers.guider import CFGGuider
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.ingredient import GuiderHandle


class OwnGuider(CFGGuider):
    """A guider of ours; it samples with its own rule."""

    def __init__(self, handle: GuiderHandle) -> None:
        from safelight.compat.shims.facade import wrapped

        super().__init__(wrapped(handle.model))
        self.own = handle
        self.inner_set_conds(dict(handle.sides))
        self.cfg = float(dict(handle.settings).get("cfg", 1.0) or 1.0)

    def rule_for(self, levels: Any) -> Any:
        from safelight.diffusion.run import RULES

        if self.own.second is not None:
            raise UnsupportedError(
                "A pack's sampler or guider cannot ask two models", "Guide it with CFG Guider."
            )
        rule = super().rule_for(levels)
        settings = dict(self.own.settings) | ({"cfg": self.cfg} if "cfg" in dict(self.own.settings) else {})
        return RULES[self.own.style](rule.layers, **settings)

    def predict_noise(self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None) -> Tensor:
        if self.own.style in ("cfg", "basic"):
            return super().predict_noise(x, timestep, model_options, seed)
        level = float(torch.as_tensor(timestep).flatten()[0])
        running, names = self.running, list(self.running.rule.sides(level))
        said = samplers.calc_cond_batch(
            running, [self.conds.get(name) for name in names], x, timestep, model_options or {}
        )
        from safelight.diffusion.guidance import Guess

        def ask(side: str, perturbation: str) -> Tensor:
            return running.denoiser(x, level, [running.entries[side]], perturbation)[0]

        return running.rule(Guess(x, level, dict(zip(names, said, strict=True)), ask))

    def safelight_value(self) -> Any:
        if type(self) is OwnGuider and self.model_patcher.is_plain():
            return self.own
        return super().safelight_value()


def guider_of(handle: GuiderHandle) -> OwnGuider:
    return OwnGuider(handle)
