"""Runs that plugins can change: one loop in sigma space, each part of which a pack may replace."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import refusal
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.extension import WrapperExecutor, get_all_wrappers
from safelight.compat.shims.module.patched import is_patched, patched
from safelight.diffusion.control import steering
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.guidance import Guess
from safelight.diffusion.sampler.state import State

POSITIVE, NEGATIVE = "positive", "negative"


class Conds(list[Any]):
    """One side of a conditioning, made ready for a run: a dictionary for each entry, as packs know them."""

    side = POSITIVE
    entries: Sequence[Any] = ()


def conds_of(entries: Sequence[Any], side: str) -> Conds:
    """Entries of ours as packs know them."""
    made = Conds(
        {"cross_attn": one.context, "strength": one.strength, "uuid": id(one), "entry": one}
        for one in entries
    )
    made.side, made.entries = side, entries
    return made


def entries_of(conds: Any) -> Sequence[Any]:
    """The other way; a pack may have left some out."""
    return [one["entry"] for one in conds or () if isinstance(one, dict) and "entry" in one]


class Calling(Denoiser):
    """A denoiser that calls its network through what packs put around it."""

    def __init__(self, network: Any, *, together: bool, switch: Any, model: Running) -> None:
        super().__init__(network, together=together, switch=switch)
        self.model = model
        self.options: dict[str, Any] = {}
        self.sides: list[Any] = []

    def _predict(self, x: Tensor, sigma: float, batch: Any) -> Any:
        wrapper = self.options.get("model_function_wrapper")
        inner = self.options.get("transformer_options", {})
        around = [
            *self.model.patcher.get_all_wrappers("apply_model"),
            *get_all_wrappers("apply_model", inner),
        ]
        if wrapper is None and not around and not is_patched(inner):
            return super()._predict(x, sigma, batch)
        network = self._asked(batch)
        crops = [entry.crop(x) for entry in batch.entries]
        latent = torch.cat(crops) if len(crops) > 1 else crops[0]
        timestep = latent.new_full((len(latent),), sigma)
        steered = steering(batch.entries[0].controls, sigma, len(x))
        which = [0 if any(entry is one for one in self.sides[0]) else 1 for entry in batch.entries]
        options = {
            **inner,
            "cond_or_uncond": which,
            "uuids": [id(entry) for entry in batch.entries],
            "sigmas": timestep,
            "sample_sigmas": self.model.sigmas,
        }

        def plain(
            x: Tensor,
            t: Any,
            c_concat: Any = None,
            c_crossattn: Any = None,
            control: Any = None,
            transformer_options: Any = None,
            **more: Any,
        ) -> Tensor:
            level = float(torch.as_tensor(t).flatten()[0])
            scaling = network.sampling.scaling(level)
            told = x.new_full((len(x),), network.sampling.timestep(level))
            context = batch.context if c_crossattn is None else c_crossattn
            extras = {
                name: value if len(value) == len(x) else _rows(value, len(x))
                for name, value in batch.extras.items()
            }
            with patched(network, transformer_options or options, x):
                raw = network(
                    x * scaling.in_, told, context, **(steered if control is None else {}), **extras
                )
            return x * scaling.skip + raw * scaling.out

        def apply_model(x: Tensor, t: Any, *given: Any, **c: Any) -> Tensor:
            return WrapperExecutor.new_class_executor(plain, self.model.inner, around).execute(
                x, t, *given, **c
            )

        c = {
            "c_crossattn": batch.context,
            "transformer_options": options,
            **batch.extras,
        }
        if wrapper is None:
            out = apply_model(latent, timestep, **c)
        else:
            asked = {"input": latent, "timestep": timestep, "c": c, "cond_or_uncond": which}
            out = wrapper(apply_model, asked)
        return out.chunk(len(crops))


def _rows(value: Tensor, size: int) -> Tensor:
    from safelight.diffusion.denoiser import repeated

    return repeated(value, size)


class Running:
    """One run: what packs are handed as the model, by several names for its layers."""

    def __init__(
        self, network: Any, patcher: Any, sides: dict[str, Any], together: bool, seed: Any, switch: Any
    ) -> None:
        why = patchers.unsupported(patcher)
        if why is not None:
            raise refusal(why)
        self.network = network
        self.patcher = patcher
        self.inner = patcher.model
        self.entries = sides
        self.seed = seed
        self.sigmas: Any = None
        self.denoiser = Calling(network, together=together, switch=switch, model=self)
        self.rule: Any = None

    # -- what the functions of comfy.samplers ask of a model

    @property
    def model_sampling(self) -> Any:
        return self.patcher.get_model_object("model_sampling")

    @property
    def inner_model(self) -> Any:
        return self

    @property
    def latent_format(self) -> Any:
        return self.inner.latent_format

    @property
    def model_options(self) -> dict[str, Any]:
        return self.patcher.model_options

    @property
    def current_patcher(self) -> Any:
        return self.patcher

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("inner", "patcher"):
            raise AttributeError(name)
        return getattr(self.inner, name)

    def predict(
        self, conds: Sequence[Any], x: Tensor, timestep: Any, options: dict[str, Any]
    ) -> list[Tensor]:
        """What each list of entries expects behind x."""
        level = float(torch.as_tensor(timestep).flatten()[0])
        asked = [list(entries_of(side)) for side in conds]
        self.denoiser.options, self.denoiser.sides = options, asked
        there = [side for side in asked if side]
        made = iter(self.denoiser(x, level, there)) if there else iter(())
        return [next(made) if side else torch.zeros_like(x) for side in asked]


def cfg_of(rule: Any, sigma: float) -> float:
    """The guidance scale of a rule at a level."""
    scale = getattr(rule, "_scale", None)
    return float(scale(sigma)) if scale is not None else 1.0


class Steered:
    """A denoiser whose guidance packs may have replaced."""

    def __init__(self, running: Running, predict: Any) -> None:
        self.running = running
        self.predict = predict
        self.last: tuple[Any, Any] = (None, None)

    def __call__(self, x: Tensor, sigma: float) -> Tensor:
        return self.predict(x, x.new_full((len(x),), sigma))

    def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        options = {**self.running.model_options, "disable_cfg1_optimization": True}
        kept: list[Tensor] = []

        def keep(args: dict[str, Any]) -> Tensor:
            kept.append(args["uncond_denoised"])
            return args["denoised"]

        options["sampler_post_cfg_function"] = [*options.get("sampler_post_cfg_function", ()), keep]
        x0 = self.predict(x, x.new_full((len(x),), sigma), options)
        return x0, kept[-1] if kept else x0


def guided_by(rule: Any, args: dict[str, Any]) -> Tensor:
    """What a rule of ours makes of both predictions."""
    said = {POSITIVE: args["cond_denoised"]}
    if args.get("uncond") is not None and args.get("uncond_denoised") is not None:
        said[NEGATIVE] = args["uncond_denoised"]
    level = float(torch.as_tensor(args["timestep"]).flatten()[0])

    def ask(side: str, perturbation: str) -> Tensor:
        running = args["model"]
        return running.denoiser(args["input"], level, [running.entries[side]], perturbation)[0]

    return rule(Guess(args["input"], level, said, ask))


def taken_over(network: Any, task: Any, together: bool, watch: Any) -> tuple[Any, Any]:
    """A run of one of our own nodes in which something is a plugin's: the outcome and its last prediction."""
    from safelight.compat.shims.facade import wrapped
    from safelight.diffusion.noise import start_noise
    from safelight.diffusion.run import fitted

    samples = fitted(task.latent, network)
    noise = getattr(task.noise, "noise", None)
    if noise is not None:
        drawn = noise.generate_noise({**task.latent, "samples": samples})
    elif task.noise.none:
        drawn = torch.zeros_like(samples)
    else:
        drawn = start_noise(samples.shape, task.noise.seed, task.latent.get("batch_index"))
    rest = {name: value for name, value in task.latent.items() if name != "downscale_ratio_spatial"}
    if len(task.sigmas) < 2:
        return {**rest, "samples": samples}, {**rest, "samples": samples}
    last: dict[str, Tensor] = {}

    def told(step: int, x0: Tensor, x: Tensor, total: int) -> None:
        last["x0"] = x0

    guider = wrapped(task.guider)
    made = guider.sample(
        drawn,
        samples,
        wrapped(task.sampler),
        task.sigmas,
        denoise_mask=task.latent.get("noise_mask"),
        callback=told,
        disable_pbar=True,
        seed=task.noise.seed,
    )
    expected = network.latent.process_out(last["x0"]).float().cpu() if "x0" in last else made
    return {**rest, "samples": made}, {**rest, "samples": expected}


def run(
    guider: Any,
    noise: Tensor,
    latent_image: Tensor,
    sampler: Any,
    sigmas: Tensor,
    denoise_mask: Any,
    callback: Any,
    seed: Any,
) -> Tensor:
    """Sample as a guider says; the latent as it goes over wires."""
    from safelight.compat.shims.module.corenodes import context_here
    from safelight.diffusion import unclip
    from safelight.diffusion.entry import prepare
    from safelight.diffusion.inpaint import latent_mask
    from safelight.diffusion.preview import Previewing
    from safelight.diffusion.residency import lend
    from safelight.diffusion.run import fitted, inside
    from safelight.diffusion.switch import switching

    context, plan = context_here(), patchers.plan_here()
    handle = guider.model_patcher.safelight_value()
    if handle is guider.model_patcher:
        raise refusal("sampling with a network of the pack's own")
    with ExitStack() as stack, torch.no_grad():
        lent = stack.enter_context(lend(handle, plan, context))
        switch = stack.enter_context(switching(lent, handle, plan, context))
        network = switch.network(())
        samples = fitted({"samples": latent_image}, network)
        latent = inside(samples, network).to(network.device)
        mask = None if denoise_mask is None else latent_mask(denoise_mask, samples.shape).to(network.device)
        names = list(guider.conds)
        told_sides = unclip.seeded({name: guider.conds[name] for name in names}, seed or 0)
        sides = prepare(network, latent, told_sides, mask, sigmas)
        entries = dict(zip(names, sides, strict=True))
        together = plan.guidance_batching == "together"
        running = Running(network, guider.model_patcher, entries, together, seed, switch)
        running.rule = guider.rule_for(network.sampling)
        running.sigmas = sigmas
        guider.begin(running)
        stack.enter_context(network.watch(context.check))
        telling = Previewing(context, network.latent)

        def told(step: int, x0: Tensor, x: Tensor, total: int) -> None:
            telling.progress(step + 1, total, preview=x0)
            context.check()
            if callback is not None:
                callback(step, x0, x, total)

        out = guider.inner_sample(
            noise.to(network.device),
            latent,
            network.device,
            sampler,
            sigmas.float().cpu(),
            mask,
            told,
            True,
            seed,
        )
        return network.latent.process_out(out).float().cpu()


def states(
    recipe: Any, settings: dict[str, Any], denoise: Any, x: Tensor, sigmas: Tensor, noise: Any, model: Any
) -> Any:
    """The states of one of our samplers."""
    return recipe.sampler(model, **settings)(denoise, State(0, x), sigmas, noise)


def at_highest(model: Any, sigma: float) -> bool:
    """Whether a run begins at the model's highest level."""
    top = float(model.sigma_max)
    return sigma > top or math.isclose(sigma, top, rel_tol=1e-5)
