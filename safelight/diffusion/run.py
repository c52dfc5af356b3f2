"""One sampling run: a latent, its noise, the levels to visit, a sampler and what guides it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from safelight.diffusion import inpaint, overlay, provenance, unclip
from safelight.diffusion import sampler as samplers
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import NEGATIVE, prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.fingerprint import fingerprint
from safelight.diffusion.guidance import ClassifierFree, Dual, Guided, Perpendicular, Rule
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.inpaint import Inpainted, latent_mask
from safelight.diffusion.latent import FACTOR
from safelight.diffusion.layer import layer
from safelight.diffusion.noise import SEEDS, BrownianNoise, Noise, StreamNoise, start_noise
from safelight.diffusion.preview import Previewing
from safelight.diffusion.sampler.state import Denoise, State
from safelight.diffusion.trail import Trail
from safelight.diffusion.trajectory import follow
from safelight.diffusion.voice import Voices
from safelight.diffusion.watch import NO_CHECKPOINT, QUIET, Checkpoint, Watch

if TYPE_CHECKING:
    from safelight.diffusion.entry import Entry
    from safelight.diffusion.handle import Patch
    from safelight.diffusion.network import Network
    from safelight.diffusion.switch import Switch

RULES = {
    "basic": lambda layers: ClassifierFree(1.0, layers),
    "cfg": lambda layers, cfg: ClassifierFree(cfg, layers),
    "dual": lambda layers, conds, negative: Dual(conds, negative, False, layers),
    "dual nested": lambda layers, conds, negative: Dual(conds, negative, True, layers),
    "perpendicular": lambda layers, cfg, neg_scale: Perpendicular(cfg, neg_scale, layers),
}
"""The rule of each style of guider, given the layers of its model and the guider's settings."""


class Sampled(NamedTuple):
    """What a run gives: two LATENT dicts, their samples float32 on the CPU."""

    output: dict[str, Any]
    """The latent where the run stopped."""
    denoised: dict[str, Any]
    """The clean latent that its last step expected."""


@dataclass(frozen=True, eq=False)
class Task:
    """What to sample."""

    latent: Mapping[str, Any]
    guider: GuiderHandle
    noise: NoiseHandle
    sampler: SamplerHandle
    sigmas: Tensor
    """The levels to visit, descending; with fewer than two there is nothing to do."""


@torch.no_grad()
def run(
    network: Network,
    task: Task,
    *,
    together: bool = True,
    watch: Watch = QUIET,
    checkpoint: Checkpoint = NO_CHECKPOINT,
    identity: object = None,
    switch: Switch | None = None,
    second: Switch | None = None,
) -> Sampled:
    """Sample on a network at hand; `identity` tells a checkpoint which network it is, under which plan.

    `switch` has the networks for conditionings with hooks, which are refused without it; `second` those of
    the model that answers for the negative side, where that is another.
    """
    other = _taken_over(task)
    if other is not None:
        if second is not None:
            raise UnsupportedError(
                "A plugin's sampler or model cannot ask two models", "Guide it with CFG Guider."
            )
        return Sampled(*other(network, task, together, watch))
    samples = fitted(task.latent, network)
    rest = {name: value for name, value in task.latent.items() if name != "downscale_ratio_spatial"}
    if samplers.find(task.sampler.name).needs_descent:
        sigmas = task.sigmas.unique_consecutive()
    else:
        sigmas = task.sigmas
    if len(sigmas) < 2:
        return Sampled({**rest, "samples": samples}, {**rest, "samples": samples})
    work = _Run(network, samples, task, sigmas, switch, second)
    with network.watch(watch.check), work.negative.watch(watch.check):
        results = work.finish(together, Previewing(watch, network.latent), checkpoint, identity)
    return Sampled(*({**rest, "samples": one} for one in results))


def _taken_over(task: Task) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]] | None:
    """What samples in our place, where a part of the task is a plugin's own (it has `take_over`)."""
    parts = (task.guider, task.guider.model, task.guider.second, task.sampler, task.noise)
    return next((own for one in parts if (own := getattr(one, "take_over", None)) is not None), None)


def fitted(latent: Mapping[str, Any], network: Network) -> Tensor:
    """The samples of a LATENT as float32; an empty one is given the network's channels and scale.

    `UnsupportedError` if it is not of pictures, or not empty and of another depth than the network's.
    """
    samples, wanted = latent["samples"].float(), network.latent
    if samples.ndim != 4:
        raise UnsupportedError(
            f"The latent has {samples.ndim} dimensions, this model's 4: batch, channels, height, width",
            "Give it a latent of pictures",
        )
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


def start(sampling: Any, latent: Tensor, noise: Tensor, sigma: float) -> Tensor:
    """A latent with the noise of the level that a run begins at."""
    whole = sigma > sampling.sigma_max or math.isclose(sigma, sampling.sigma_max, rel_tol=1e-5)
    return sampling.noised(latent, noise, sigma, whole=whole)


def drawn(handle: NoiseHandle, samples: Tensor, latent: Mapping[str, Any]) -> Tensor:
    """The noise of a handle for the samples of a LATENT, on the CPU."""
    if handle.none:
        return torch.zeros_like(samples)
    return start_noise(samples.shape, handle.seed, latent.get("batch_index"))


def inside(samples: Tensor, network: Network) -> Tensor:
    """A latent as the network sees it; an empty one stays zero."""
    return network.latent.process_in(samples) if samples.any() else samples


def _fitting(other: Network, network: Network) -> Network:
    """The other network; `UnsupportedError` if its latents are not those of the first."""
    forms = [
        (one.latent.channels, one.latent.factor, one.latent.scale, one.latent.shift)
        for one in (other, network)
    ]
    if forms[0] != forms[1]:
        raise UnsupportedError(
            "The two models have latents of different kinds", "Choose two of one family, such as SDXL."
        )
    return other


def _hooked(entry: Entry) -> list[Patch]:
    """What the hooks of an entry may change in the model."""
    return [hook.model for hook in entry.course.hooks.hooks if hook.model] if entry.course else []


class _Run:
    """The tensors of a run, on the network's device."""

    def __init__(
        self,
        network: Network,
        samples: Tensor,
        task: Task,
        sigmas: Tensor,
        switch: Switch | None,
        second: Switch | None,
    ) -> None:
        self.network, self.task, self.sigmas, self.switch, self.second = network, task, sigmas, switch, second
        self.negative = network if second is None else _fitting(second.network(()), network)
        self.recipe = samplers.find(task.sampler.name)
        self.noise = drawn(task.noise, samples, task.latent).to(network.device)
        self.latent = inside(samples, network).to(network.device)
        mask = task.latent.get("noise_mask")
        self.mask = None if mask is None else latent_mask(mask, samples.shape).to(network.device)

    def finish(
        self, together: bool, watch: Watch, checkpoint: Checkpoint, identity: object
    ) -> tuple[Tensor, Tensor]:
        """Sample to the end; the last latent and the last prediction as they go over wires."""
        task, sampling = self.task, self.network.sampling
        told = unclip.seeded(task.guider.sides, task.noise.seed)
        levels = None if self.switch is None else self.sigmas
        entries = dict(zip(told, prepare(self.network, self.latent, told, self.mask, levels), strict=True))
        others = {}
        if self.second is not None and NEGATIVE in entries:
            theirs = prepare(self.negative, self.latent, told, self.mask, levels)
            entries[NEGATIVE] = dict(zip(told, theirs, strict=True))[NEGATIVE]
            others[NEGATIVE] = Denoiser(self.negative, together=together, switch=self.second)
        rule = self._rule()
        if any(layer.remembers for layer in rule.layers):
            checkpoint = NO_CHECKPOINT
        denoiser = Denoiser(self.network, together=together, switch=self.switch)
        x = start(sampling, self.latent, self.noise, float(self.sigmas[0]))
        state = follow(
            self.recipe.sampler(sampling, **dict(task.sampler.settings)),
            self._masked(Guided(denoiser, entries, rule, others)),
            State(0, x),
            self.sigmas,
            self._fresh_noise(),
            watch=watch,
            checkpoint=checkpoint,
            depends=self._depends(identity),
            trail=lambda: self._trail(x, rule, entries, [identity, together]),
        )
        x = sampling.finished(state.x, float(self.sigmas[-1]) or self.recipe.ends_at)
        expected = x if state.x0 is None else state.x0
        return self._outside(x), self._outside(expected)

    def _layers(self) -> list[dict[str, Any]]:
        """The settings of each layer of guidance that the model's patches ask for."""
        patches = self.task.guider.model.patches
        return [dict(patch.settings) for patch in patches if patch.kind == overlay.GUIDANCE]

    def _rule(self) -> Rule:
        guider = self.task.guider
        layers = tuple(layer(settings, self.network.sampling) for settings in self._layers())
        return RULES[guider.style](layers, **dict(guider.settings))

    def _depends(self, identity: object) -> list[object]:
        """All that the result depends on, besides its start and its levels."""
        task, guider = self.task, self.task.guider
        models = [model.key for model in (guider.model, guider.second) if model is not None]
        how = [guider.style, guider.settings, *models, dict(guider.sides)]
        return [identity, task.sampler, task.noise, how, self.latent, self.mask]

    def _trail(
        self, x: Tensor, rule: Rule, entries: Mapping[str, Sequence[Entry]], identity: object
    ) -> Trail:
        """The same, step by step: what holds at all of them, and what guides at which."""
        task, model = self.task, self.task.guider.model
        plain = replace(
            model, patches=tuple(patch for patch in model.patches if patch.kind != overlay.GUIDANCE)
        )
        said = [entry for side in entries.values() for entry in side]
        controls = [one for entry in said for one in entry.controls]
        others = [patch.other for entry in said for patch in _hooked(entry) if patch.other is not None]
        second = [] if task.guider.second is None else [task.guider.second]
        code = provenance.version([model, *(control.handle for control in controls), *others, *second])
        root = [code, identity, plain.key, task.sampler, task.noise, x, self.latent, self.noise, self.mask]
        root += [model.key for model in second]
        if self.mask is not None and inpaint.rule(model, self.network.sampling, self.sigmas):
            root.append(self.sigmas)  # by its ends it is known when each place of the mask is free
        voices = Voices(task.guider.style, rule, self._layers(), entries)
        return Trail(fingerprint(root), self.sigmas, self.recipe.depends, voices)

    def _outside(self, x: Tensor) -> Tensor:
        return self.network.latent.process_out(x).float().cpu()

    def _fresh_noise(self) -> Noise:
        """The source of the noise that the sampler's steps add."""
        seed = self.task.noise.seed
        if self.recipe.noise == "brownian":
            return BrownianNoise(self.latent, self.sigmas, seed)
        if self.recipe.noise == "brownian on device":
            return BrownianNoise(self.latent, self.sigmas, seed, device=self.latent.device)
        return StreamNoise(self.latent, seed)

    def _masked(self, denoise: Denoise) -> Denoise:
        """The denoiser, which repaints only where the mask allows, if there is one."""
        if self.mask is None:
            return denoise
        noise = self.noise
        if self.recipe.redraws_masked:
            noise = start_noise(noise.shape, (self.task.noise.seed + 1) % SEEDS).to(noise.device)
        rule = inpaint.rule(self.task.guider.model, self.network.sampling, self.sigmas)
        return Inpainted(denoise, self.network.sampling, self.mask, self.latent, noise, rule)
