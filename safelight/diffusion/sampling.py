"""Sampling a latent: KSampler and KSamplerAdvanced as one function, and runs made of their parts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from safelight.diffusion import sampler as samplers
from safelight.diffusion import schedule as schedules
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.overlay import Overlaid, sampling_of
from safelight.diffusion.residency import lend
from safelight.diffusion.run import Sampled, Task, drawn, fitted, inside, run
from safelight.diffusion.switch import Switch, switching
from safelight.diffusion.watch import NO_CHECKPOINT, QUIET, Checkpoint, Watch

if TYPE_CHECKING:
    from safelight.diffusion.conditioning import Conditioning
    from safelight.diffusion.handle import ModelHandle
    from safelight.diffusion.plan import Plan
    from safelight.diffusion.sigma import ModelSampling


@dataclass(frozen=True)
class Settings:
    """What a sampler node lets one choose."""

    seed: int
    steps: int
    cfg: float
    sampler_name: str
    scheduler: str
    denoise: float = 1.0
    """How much of the way is walked: below 1 the run starts at a lower sigma, in as many steps."""
    start_step: int | None = None
    """The step to begin at, and `last_step` the one to stop before; None for the first and the last."""
    last_step: int | None = None
    force_full_denoise: bool = False
    """Whether a run that stops early removes all noise in its last step."""
    add_noise: bool = True
    """Whether the latent is noised first; otherwise it is taken to hold its noise already."""


def sample(
    model: ModelHandle,
    latent: dict[str, Any],
    positive: Conditioning,
    negative: Conditioning,
    *,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    denoise: float = 1.0,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
    add_noise: bool = True,
    plan: Plan,
    watch: Watch = QUIET,
    checkpoint: Checkpoint = NO_CHECKPOINT,
) -> dict[str, Any]:
    """Denoise a latent with a model; a new LATENT dict, its samples float32 on the CPU.

    `latent` is never changed. The fields are those of `Settings`; names are in `names`. `UnsupportedError` if
    there is no such sampler or schedule.
    """
    settings = Settings(
        seed,
        steps,
        cfg,
        sampler_name,
        scheduler,
        denoise,
        start_step,
        last_step,
        force_full_denoise,
        add_noise,
    )
    samplers.find(sampler_name)
    schedules.find(scheduler)
    with lend(model, plan, watch) as lent, switching(lent, model, plan, watch) as switch:
        network = switch.network(())
        task = Task(
            latent,
            GuiderHandle("cfg", model, {"positive": positive, "negative": negative}, (("cfg", cfg),)),
            NoiseHandle(seed, none=not add_noise),
            SamplerHandle(sampler_name),
            levels(network.sampling, settings),
        )
        return run(
            network,
            task,
            together=plan.guidance_batching == "together",
            watch=watch,
            checkpoint=checkpoint,
            identity=plan.as_tree(),
            switch=switch,
        ).output


def sample_custom(
    guider: GuiderHandle,
    noise: NoiseHandle,
    sampler: SamplerHandle,
    sigmas: Tensor,
    latent: dict[str, Any],
    *,
    plan: Plan,
    watch: Watch = QUIET,
    checkpoint: Checkpoint = NO_CHECKPOINT,
) -> Sampled:
    """Denoise a latent over given levels; where the run stopped, and the last clean prediction."""
    samplers.find(sampler.name)
    with ExitStack() as stack:

        def borrowed(model: ModelHandle) -> Switch:
            lent = stack.enter_context(lend(model, plan, watch))
            return stack.enter_context(switching(lent, model, plan, watch))

        switch = borrowed(guider.model)
        second = None if guider.second is None else borrowed(guider.second)
        return run(
            switch.network(()),
            Task(latent, guider, noise, sampler, sigmas),
            together=plan.guidance_batching == "together",
            watch=watch,
            checkpoint=checkpoint,
            identity=plan.as_tree(),
            switch=switch,
            second=second,
        )


def add_noise(
    model: ModelHandle,
    noise: NoiseHandle,
    sigmas: Tensor,
    latent: dict[str, Any],
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> dict[str, Any]:
    """The forward process: a latent with the noise of the first level, or of the way from it to the last.

    Of one level it is that level's noise; of several it is as much as lies between the first and the last.
    """
    if not len(sigmas):
        return latent
    amount = float(sigmas[0] - sigmas[-1]) if len(sigmas) > 1 else float(sigmas[0])
    with lend(model, plan, watch) as lent:
        network = Overlaid(lent, model)
        samples = fitted(latent, network)
        x = network.sampling.noised(inside(samples, network), drawn(noise, samples, latent), amount)
        noisy = network.latent.process_out(x).nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)
    return {**latent, "samples": noisy}


def schedule(
    model: ModelHandle,
    name: str,
    steps: int,
    denoise: float = 1.0,
    *,
    plan: Plan,
    watch: Watch = QUIET,
) -> Tensor:
    """The levels of a schedule for a model; a strength below 1 leaves the end of a longer one."""
    if denoise <= 0.0:
        return torch.empty(0)
    total = steps if denoise >= 1.0 else int(steps / denoise)
    return schedules.find(name)(sampling_of(model, plan, watch), total)[-(steps + 1) :]


def levels(sampling: ModelSampling, settings: Settings) -> Tensor:
    """The sigmas that a run with these settings visits; fewer than two if it has nothing to do."""
    sigmas = _between(_schedule(sampling, settings), settings)
    return sigmas.unique_consecutive() if samplers.find(settings.sampler_name).needs_descent else sigmas


def _schedule(sampling: ModelSampling, settings: Settings) -> Tensor:
    """The schedule, of whose end a strength below 1 leaves only the asked number of steps."""
    make, skips = schedules.find(settings.scheduler), samplers.find(settings.sampler_name).skips_penultimate
    if settings.denoise <= 0.0:
        return torch.empty(0)
    whole = settings.denoise > 0.9999
    steps = settings.steps if whole else int(settings.steps / settings.denoise)
    sigmas = make(sampling, steps + skips)
    if skips:
        sigmas = torch.cat([sigmas[:-2], sigmas[-1:]])
    return sigmas if whole else sigmas[-(settings.steps + 1) :]


def _between(sigmas: Tensor, settings: Settings) -> Tensor:
    """The part of a schedule from the first step to the last that are asked for."""
    last, start = settings.last_step, settings.start_step or 0
    if last is not None and last < len(sigmas) - 1:
        sigmas = sigmas[: last + 1].clone()
        if settings.force_full_denoise:
            sigmas[-1] = 0.0
    return sigmas[start:]
