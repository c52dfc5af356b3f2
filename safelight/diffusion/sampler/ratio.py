"""Levels as ratios of picture to noise, in which a diffusion and a flow are one.

Solvers that are exact for the linear part of the equation measure their steps in the logarithm of that ratio
(half the log of the signal-to-noise ratio; Lu et al. 2022, arXiv:2206.00927). Where the picture keeps its
scale the ratio is one over sigma; in a flow, where the picture's share is what noise leaves, it is
`(1 - sigma) / sigma`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from safelight.diffusion.sigma import ModelSampling

ALMOST_ALL = 1e-4
"""How far along the way a flow is taken to begin: the ratio of pure noise is zero, its log infinite."""


@dataclass(frozen=True, eq=False)
class Ratios:
    """A schedule and its ratios; all tensors are of the schedule's own type."""

    sigmas: Tensor
    flow: bool

    @classmethod
    def of(cls, sigmas: Tensor, model: ModelSampling) -> Ratios:
        """Of the levels that a sampler visits; a flow's first is moved off pure noise."""
        if model.flow and float(sigmas[0]) >= 1.0:
            sigmas = sigmas.clone()
            sigmas[0] = model.percent_to_sigma(ALMOST_ALL)
        return cls(sigmas, model.flow)

    @cached_property
    def logs(self) -> Tensor:
        """The logarithm of the ratio at each level, ascending; infinite at zero."""
        return self.sigmas.logit().neg() if self.flow else self.sigmas.log().neg()

    @cached_property
    def shares(self) -> Tensor:
        """By how much the picture is multiplied at each level: about one, or in a flow what noise leaves."""
        return share(self.sigmas, self.logs)

    @cached_property
    def lengths(self) -> Tensor:
        """How far each step goes in the logarithm of the ratio."""
        return self.logs.diff()

    def between(self, part: float) -> tuple[Tensor, Tensor]:
        """The logs and the levels this part of the way along each step."""
        logs = torch.lerp(self.logs[:-1], self.logs[1:], part)
        return logs, self.level(logs)

    def level(self, logs: Tensor) -> Tensor:
        """The levels of these ratios.

        Sigmoids are taken one by one: that of a vector is rounded by where in it a number stands, so that a
        step would have other bits in a longer schedule.
        """
        return torch.stack([one.sigmoid() for one in logs.neg()]) if self.flow else logs.neg().exp()


def share(sigmas: Tensor, logs: Tensor) -> Tensor:
    """By how much the picture is multiplied, in the form whose rounding the reference has; one at zero."""
    return torch.where(sigmas > 0, sigmas * logs.exp(), 1.0)
