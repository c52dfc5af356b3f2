"""Any of diffusers' schedulers as a sampler."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.names import SCHEDULERS
from safelight.diffusion.noise import Noise
from safelight.diffusion.sampler.state import Denoise, State
from safelight.diffusion.sigma import DiscreteSampling, ModelSampling

NEAR = 0.01
"""How far the first level may be from the model's highest for a scheduler that only walks from there."""


def sample_diffusers(
    denoise: Denoise,
    state: State,
    sigmas: Tensor,
    noise: Noise,
    *,
    model: ModelSampling,
    scheduler: str,
) -> Iterator[State]:
    """Walk as one of diffusers' schedulers does: down these levels if it takes any, else as many of its own.

    What a scheduler remembers cannot be saved, so a state's history is the first latent and all that was
    predicted since: a run that is taken up takes those steps again, without the model. `UnsupportedError` for
    a model without a table of levels, and for a partial walk with a scheduler that only walks the whole way.
    """
    walk = _Walk(scheduler, sigmas, model)
    noise.seek(0)
    seed = int(noise.draw(float(sigmas[0]), 0.0).flatten()[0].cpu().view(torch.int32))
    generator = torch.Generator(state.x.device).manual_seed(abs(seed))
    first, *outputs = state.history or (state.x / walk.scale(0),)
    sample = first
    for step in range(len(sigmas) - 1):
        x0 = None
        if step >= state.step:
            x, sigma = sample * walk.scale(step), walk.level(step)
            x0 = denoise(x, sigma)
            outputs.append((x - x0) / sigma)
        sample = walk.step(step, outputs[step], sample, generator)
        if step >= state.step:
            x = sample * walk.scale(step + 1)
            yield State(step + 1, x, (first, *outputs), noise.position, x0)


class _Walk:
    """A scheduler at work on a model's levels, fed with predicted noise."""

    def __init__(self, name: str, sigmas: Tensor, model: ModelSampling) -> None:
        self._made = made = _made(name, model)
        self._model = model
        steps = len(sigmas) - 1
        if "timesteps" in inspect.signature(made.set_timesteps).parameters:
            made.set_timesteps(timesteps=[round(model.timestep(level)) for level in sigmas[:-1].tolist()])
        elif math.isclose(float(sigmas[0]), model.sigma_max, rel_tol=NEAR):
            made.set_timesteps(steps)
        else:
            raise UnsupportedError(
                f"{name} walks the whole way only, from level {model.sigma_max:.4g}",
                "Set the strength to 1, or choose another scheduler",
            )
        self._takes_generator = "generator" in inspect.signature(made.step).parameters
        self._keeps_scale = name.startswith("Euler")

    def level(self, step: int) -> float:
        """The level before a step; zero after the last."""
        if step == len(self._made.timesteps):
            return 0.0
        if self._keeps_scale:
            return float(self._made.sigmas[step])
        return self._model.sigma(float(self._made.timesteps[step]))

    def scale(self, step: int) -> float:
        """By how much the scheduler's latent is smaller than ours before a step."""
        return 1.0 if self._keeps_scale else math.sqrt(1.0 + self.level(step) ** 2)

    def step(self, step: int, output: Tensor, sample: Tensor, generator: torch.Generator) -> Tensor:
        """One of the scheduler's steps."""
        timestep = self._made.timesteps[step]
        if self._keeps_scale:
            self._made.scale_model_input(sample, timestep)
        more = {"generator": generator} if self._takes_generator else {}
        return self._made.step(output, timestep, sample, return_dict=False, **more)[0]


def _made(name: str, model: ModelSampling) -> Any:
    """The scheduler, with the betas of the model's table."""
    import diffusers

    if name not in SCHEDULERS:
        raise UnsupportedError(f"There is no scheduler {name!r}", f"Choose one of {', '.join(SCHEDULERS)}")
    if not isinstance(model, DiscreteSampling):
        raise UnsupportedError(
            "diffusers' schedulers walk models with a table of levels only", "Choose a sampler of ours"
        )
    alphas = model.alphas_cumprod.double()
    betas = 1.0 - alphas / torch.cat([torch.ones(1, dtype=torch.float64), alphas[:-1]])
    known = inspect.signature(getattr(diffusers, name).__init__).parameters
    config: dict[str, Any] = {
        "num_train_timesteps": len(betas),
        "trained_betas": betas.tolist(),
        "prediction_type": "epsilon",
        "clip_sample": False,
    }
    return getattr(diffusers, name)(**{key: value for key, value in config.items() if key in known})
