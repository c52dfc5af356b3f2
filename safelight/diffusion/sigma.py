"""How a model was taught to see noise: its noise levels, and what its raw output means.

Everything outside this module speaks of *sigma*, the standard deviation of the noise on a clean latent whose
own scale is one ("variance exploding"; Karras et al. 2022, arXiv:2206.00364). A model sampling says which
sigmas the model knows, which timestep it is given for one, and how its input and output are scaled, so that

    x0 = skip * x + out * network(in * x, timestep)

holds for whatever the network predicts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple, Protocol

import torch
from torch import Tensor

Prediction = Literal["epsilon", "v", "x0", "edm", "image"]
"""What a network's output is: the noise, the velocity between noise and latent, the clean latent, that
velocity with the other sign (Karras et al.'s own), or the clean latent of an input that is not scaled."""

BEYOND = 999_999_999.9
"""A sigma above every model's: where a range that begins at the very start begins."""


class Scaling(NamedTuple):
    """The factors of `x0 = skip * x + out * network(in_ * x, t)` at one sigma."""

    in_: float
    skip: float
    out: float


class ModelSampling(Protocol):
    """The noise levels of a model and the meaning of its output."""

    @property
    def flow(self) -> bool:
        """Whether the picture fades as noise grows: `(1 - sigma) x0 + sigma noise`."""

    @property
    def sigmas(self) -> Tensor:
        """The levels that the model was trained at, float32 on the CPU, ascending."""

    @property
    def sigma_min(self) -> float:
        """The lowest level, above zero."""

    @property
    def sigma_max(self) -> float:
        """The highest level."""

    def timestep(self, sigma: float) -> float:
        """What the network is told for this sigma."""

    def sigma(self, timestep: float) -> float:
        """The level of a timestep, which may lie between two trained ones."""

    def percent_to_sigma(self, percent: float) -> float:
        """The level at a part of the way (0 is the start, pure noise; 1 is the end)."""

    def scaling(self, sigma: float) -> Scaling:
        """How input and output are scaled at this sigma."""

    def noised(self, latent: Tensor, noise: Tensor, sigma: float, *, whole: bool = False) -> Tensor:
        """A clean latent with noise of this level; `whole` when it is the model's highest one."""

    def finished(self, x: Tensor, sigma: float) -> Tensor:
        """The latent that a run stops with at this level, its picture at full scale."""


@dataclass(frozen=True, eq=False)
class DiscreteSampling:
    """Training on a fixed table of noise levels, as in SD1, SD2 and SDXL.

    Of a table of cumulative alphas (Ho et al. 2020, arXiv:2006.11239) each level is `sqrt((1 - a) / a)`. The
    table is kept in float32 and a timestep is the nearest level's index in log sigma: the reference's
    numbers, to the last tie.
    """

    alphas_cumprod: Tensor
    prediction: Prediction = "epsilon"
    flow: ClassVar[bool] = False

    @classmethod
    def from_betas(cls, betas: Tensor, prediction: Prediction = "epsilon") -> DiscreteSampling:
        """From the variance added at each training step, shape (steps,)."""
        return cls(torch.cumprod(1.0 - betas.double(), dim=0), prediction)

    @classmethod
    def scaled_linear(
        cls, start: float = 0.00085, end: float = 0.012, steps: int = 1000, prediction: Prediction = "epsilon"
    ) -> DiscreteSampling:
        """Betas that are linear in their square root: the defaults are Stable Diffusion's."""
        roots = torch.linspace(start**0.5, end**0.5, steps, dtype=torch.float64)
        return cls.from_betas(roots**2, prediction)

    @cached_property
    def _levels(self) -> Tensor:
        """The levels in float64, from which both float32 tables are rounded once."""
        alphas = self.alphas_cumprod.detach().cpu().double()
        return ((1 - alphas) / alphas).sqrt()

    @cached_property
    def sigmas(self) -> Tensor:
        """The levels that the model was trained at, float32 on the CPU, ascending."""
        return self._levels.float()

    @cached_property
    def _log_sigmas(self) -> Tensor:
        return self._levels.log().float()

    @cached_property
    def sigma_min(self) -> float:
        """The lowest level, above zero."""
        return float(self.sigmas[0])

    @cached_property
    def sigma_max(self) -> float:
        """The highest level."""
        return float(self.sigmas[-1])

    def timestep(self, sigma: float) -> float:
        """The index of the trained level nearest to this one in log sigma."""
        log_sigma = torch.tensor([sigma], dtype=torch.float32).log()
        return float((log_sigma - self._log_sigmas).abs().argmin())

    def sigma(self, timestep: float) -> float:
        """The level of a timestep, interpolated in log sigma; beyond the table's ends it is their level."""
        last = len(self._log_sigmas) - 1
        at = torch.tensor(timestep, dtype=torch.float32).clamp(0, last)
        low, high, part = int(at.floor()), int(at.ceil()), at.frac()
        return float(((1 - part) * self._log_sigmas[low] + part * self._log_sigmas[high]).exp())

    def percent_to_sigma(self, percent: float) -> float:
        """The level at a part of the way (0 is the start, pure noise; 1 is the end)."""
        if percent <= 0.0:
            return BEYOND
        if percent >= 1.0:
            return 0.0
        return self.sigma((1.0 - percent) * (len(self._log_sigmas) - 1))

    def scaling(self, sigma: float) -> Scaling:
        """How input and output are scaled at this sigma (data of unit variance)."""
        return scaling(self.prediction, sigma)

    def noised(self, latent: Tensor, noise: Tensor, sigma: float, *, whole: bool = False) -> Tensor:
        """A clean latent with noise of this level; `whole` when it is the model's highest one.

        At the highest level the sum is given the variance of the training data plus noise, `1 + sigma^2`, for
        the model has never seen a clean latent shine through there.
        """
        return latent + noise * (math.sqrt(1.0 + sigma * sigma) if whole else sigma)

    def finished(self, x: Tensor, sigma: float) -> Tensor:
        """The latent as it is: its picture never changed its scale."""
        return x


def scaling(prediction: Prediction, sigma: float, data: float = 1.0) -> Scaling:
    """How input and output are scaled for clean latents of this standard deviation (arXiv:2206.00364)."""
    variance = sigma * sigma + data * data
    scale = 1.0 / math.sqrt(variance)
    match prediction:
        case "epsilon":
            return Scaling(scale, 1.0, -sigma)
        case "v" | "edm":
            sign = -1.0 if prediction == "v" else 1.0
            return Scaling(scale, data * data / variance, sign * sigma * data * scale)
        case "x0":
            return Scaling(scale, 0.0, 1.0)
    return Scaling(1.0, 0.0, 1.0)
