"""Sampling a latent: ComfyUI's KSampler and KSamplerAdvanced as one function."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from safelight.diffusion import sampler as samplers
from safelight.diffusion import schedule as schedules
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.guidance import ClassifierFree, Guided
from safelight.diffusion.inpaint import Inpainted, latent_mask
from safelight.diffusion.latent import FACTOR
from safelight.diffusion.noise import SEEDS, BrownianNoise, Noise, StreamNoise, start_noise
from safelight.diffusion.residency import lend
from safelight.diffusion.sampler.state import Denoise, State
from safelight.diffusion.trajectory import follow
from safelight.diffusion.watch import NO_CHECKPOINT, QUIET, Checkpoint, Watch

if TYPE_CHECKING:
    from safelight.diffusion.conditioning import Conditioning
    from safelight.diffusion.handle import ModelHandle
    from safelight.diffusion.network import Network
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
    with lend(model, plan, watch) as network:
        return sample_with(
            network,
            latent,
            positive,
            negative,
            settings,
            together=plan.guidance_batching == "together",
            watch=watch,
            checkpoint=checkpoint,
            identity=[model.key, plan.as_tree()],
        )


@torch.no_grad()
def sample_with(
    network: Network,
    latent: dict[str, Any],
    positive: Conditioning,
    negative: Conditioning,
    settings: Settings,
    *,
    together: bool = True,
    watch: Watch = QUIET,
    checkpoint: Checkpoint = NO_CHECKPOINT,
    identity: object = None,
) -> dict[str, Any]:
    """`sample` on a network at hand; `identity` tells a checkpoint which network it is, under which plan."""
    samples = fitted(latent, network)
    sigmas = levels(network.sampling, settings)
    result = {name: value for name, value in latent.items() if name != "downscale_ratio_spatial"}
    if len(sigmas) > 1:
        run = _Run(network, samples, latent, settings, sigmas)
        with network.watch(watch.check):
            samples = run.finish(positive, negative, together, watch, checkpoint, identity)
    return {**result, "samples": samples}


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


def fitted(latent: dict[str, Any], network: Network) -> Tensor:
    """The samples of a LATENT as float32; an empty one is given the network's channels and scale.

    `UnsupportedError` if it is not empty and of another depth than the network's.
    """
    samples, wanted = latent["samples"].float(), network.latent
    scale = latent.get("downscale_ratio_spatial", FACTOR) / wanted.factor
    if samples.any():
        if samples.shape[1] != wanted.channels:
            raise UnsupportedError(
                f"The latent has {samples.shape[1]} channels, but this model's have {wanted.channels}",
                "Encode the picture with this model's VAE",
            )
        return samples
    height, width = (max(1, round(edge * scale)) for edge in samples.shape[-2:])
    return samples.new_zeros(len(samples), wanted.channels, height, width)


class _Run:
    """One run: its tensors on the network's device."""

    def __init__(
        self, network: Network, samples: Tensor, latent: dict[str, Any], settings: Settings, sigmas: Tensor
    ) -> None:
        self.network, self.settings, self.sigmas = network, settings, sigmas
        self.recipe = samplers.find(settings.sampler_name)
        noise = start_noise(samples.shape, settings.seed, latent.get("batch_index"))
        self.noise = (noise if settings.add_noise else torch.zeros_like(noise)).to(network.device)
        self.latent = _inside(samples, network).to(network.device)
        mask = latent.get("noise_mask")
        self.mask = None if mask is None else latent_mask(mask, samples.shape).to(network.device)

    def finish(
        self,
        positive: Conditioning,
        negative: Conditioning,
        together: bool,
        watch: Watch,
        checkpoint: Checkpoint,
        identity: object,
    ) -> Tensor:
        """Sample to the end; the latent as it goes over a wire."""
        sides = prepare(self.network, self.latent, {"positive": positive, "negative": negative})
        guided = Guided(Denoiser(self.network, together=together), *sides, ClassifierFree(self.settings.cfg))
        x = follow(
            self.recipe.sampler(self.network.sampling),
            self._masked(guided),
            State(0, self._start()),
            self.sigmas,
            self._fresh_noise(),
            watch=watch,
            checkpoint=checkpoint,
            depends=[identity, asdict(self.settings), positive, negative, self.latent, self.mask],
        )
        return self.network.latent.process_out(x).float().cpu()

    def _start(self) -> Tensor:
        """The latent with the noise of the first sigma."""
        sampling, sigma = self.network.sampling, float(self.sigmas[0])
        whole = sigma > sampling.sigma_max or math.isclose(sigma, sampling.sigma_max, rel_tol=1e-5)
        return sampling.noised(self.latent, self.noise, sigma, whole=whole)

    def _fresh_noise(self) -> Noise:
        """The source of the noise that the sampler's steps add."""
        if self.recipe.noise == "brownian":
            return BrownianNoise(self.latent, self.sigmas, self.settings.seed)
        if self.recipe.noise == "brownian on device":
            device = self.latent.device
            return BrownianNoise(self.latent, self.sigmas, self.settings.seed, device=device)
        return StreamNoise(self.latent, self.settings.seed)

    def _masked(self, denoise: Denoise) -> Denoise:
        """The denoiser, which repaints only where the mask allows, if there is one."""
        if self.mask is None:
            return denoise
        noise = self.noise
        if self.recipe.redraws_masked:
            noise = start_noise(noise.shape, (self.settings.seed + 1) % SEEDS).to(noise.device)
        return Inpainted(denoise, self.network.sampling, self.mask, self.latent, noise)


def _inside(samples: Tensor, network: Network) -> Tensor:
    """A latent as the network sees it; an empty one stays zero."""
    return network.latent.process_in(samples) if samples.any() else samples
