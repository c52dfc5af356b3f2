"""`comfy.samplers`: guidance, guiders, samplers and schedules; each is looked up here when it is used."""

from __future__ import annotations

import importlib
import logging
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import absent, refusal
from safelight.compat.shims.module import device as model_management
from safelight.compat.shims.module import sampling
from safelight.compat.shims.module.extension import WrapperExecutor, get_all_wrappers
from safelight.diffusion import sampler as recipes
from safelight.diffusion import schedule as schedules
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.names import SAMPLERS, SCHEDULES
from safelight.diffusion.noise import SEEDS, BrownianNoise, StreamNoise

log = logging.getLogger(__name__)

SAMPLER_NAMES: list[str] = list(SAMPLERS)
KSAMPLER_NAMES: list[str] = list(SAMPLERS)
SCHEDULER_NAMES: list[str] = list(SCHEDULES)


class SchedulerHandler:
    def __init__(self, handler: Any, use_ms: bool = True) -> None:
        self.handler = handler
        self.use_ms = use_ms

    def __iter__(self) -> Any:
        return iter((self.handler, self.use_ms))


def _schedule(name: str) -> Any:
    def make(model_sampling: Any, steps: int) -> Tensor:
        from safelight.compat.shims.module.levels import ours

        return schedules.find(name)(ours(model_sampling), steps)

    make.__name__ = f"{name}_scheduler"
    return make


SCHEDULER_HANDLERS: dict[str, SchedulerHandler] = {
    name: SchedulerHandler(_schedule(name)) for name in SCHEDULES
}
(
    normal_scheduler,
    simple_scheduler,
    ddim_scheduler,
    beta_scheduler,
    linear_quadratic_schedule,
    kl_optimal_scheduler,
) = (
    _schedule(name) for name in ("normal", "simple", "ddim_uniform", "beta", "linear_quadratic", "kl_optimal")
)


def calculate_sigmas(model_sampling: Any, scheduler_name: str, steps: int) -> Tensor:
    handler = SCHEDULER_HANDLERS.get(scheduler_name)
    if handler is None:
        raise ValueError(f"there is no schedule '{scheduler_name}'")
    if handler.use_ms:
        return handler.handler(model_sampling, steps)
    return handler.handler(
        n=steps, sigma_min=float(model_sampling.sigma_min), sigma_max=float(model_sampling.sigma_max)
    )


# -- guidance


def calc_cond_batch(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> list[Tensor]:
    around = [
        *model.patcher.get_all_wrappers("calc_cond_batch"),
        *get_all_wrappers("calc_cond_batch", model_options, is_model_options=True),
    ]

    def plain(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> list[Tensor]:
        return model.predict(conds, x_in, timestep, model_options)

    return WrapperExecutor.new_executor(plain, around).execute(model, conds, x_in, timestep, model_options)


def _calc_cond_batch_outer(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> Any:
    return calc_cond_batch(model, conds, x_in, timestep, model_options)


def calc_cond_uncond_batch(
    model: Any, cond: Any, uncond: Any, x_in: Tensor, timestep: Any, model_options: Any
) -> Any:
    return tuple(calc_cond_batch(model, [cond, uncond], x_in, timestep, model_options))


def cfg_function(
    model: Any,
    cond_pred: Tensor,
    uncond_pred: Tensor,
    cond_scale: float,
    x: Tensor,
    timestep: Any,
    model_options: Any = None,
    cond: Any = None,
    uncond: Any = None,
) -> Tensor:
    options = model_options or {}
    if "sampler_cfg_function" in options:
        args = {
            "cond": x - cond_pred,
            "uncond": x - uncond_pred,
            "cond_scale": cond_scale,
            "timestep": timestep,
            "input": x,
            "sigma": timestep,
            "cond_denoised": cond_pred,
            "uncond_denoised": uncond_pred,
            "model": model,
            "model_options": options,
            "input_cond": cond,
            "input_uncond": uncond,
        }
        result = x - options["sampler_cfg_function"](args)
    elif getattr(model, "rule", None) is not None and model.rule.layers:
        result = sampling.guided_by(
            model.rule,
            {
                "cond_denoised": cond_pred,
                "uncond_denoised": uncond_pred,
                "uncond": uncond,
                "timestep": timestep,
                "input": x,
                "model": model,
            },
        )
    else:
        result = uncond_pred + (cond_pred - uncond_pred) * cond_scale
    for function in options.get("sampler_post_cfg_function", ()):
        args = {
            "denoised": result,
            "cond": cond,
            "uncond": uncond,
            "cond_scale": cond_scale,
            "model": model,
            "uncond_denoised": uncond_pred,
            "cond_denoised": cond_pred,
            "sigma": timestep,
            "model_options": options,
            "input": x,
        }
        result = function(args)
    return result


def sampling_function(
    model: Any,
    x: Tensor,
    timestep: Any,
    uncond: Any,
    cond: Any,
    cond_scale: float,
    model_options: Any = None,
    seed: Any = None,
) -> Tensor:
    options = model_options or {}
    skips = abs(cond_scale - 1.0) < 1e-9 and not options.get("disable_cfg1_optimization", False)
    conds = [cond, None if skips else uncond]
    if "sampler_calc_cond_batch_function" in options:
        args = {"conds": conds, "input": x, "sigma": timestep, "model": model, "model_options": options}
        out = options["sampler_calc_cond_batch_function"](args)
    else:
        out = calc_cond_batch(model, conds, x, timestep, options)
    for function in options.get("sampler_pre_cfg_function", ()):
        args = {
            "conds": conds,
            "conds_out": out,
            "cond_scale": cond_scale,
            "timestep": timestep,
            "input": x,
            "sigma": timestep,
            "model": model,
            "model_options": options,
        }
        out = function(args)
    return cfg_function(
        model, out[0], out[1], cond_scale, x, timestep, model_options=options, cond=cond, uncond=conds[1]
    )


class CFGGuider:
    """Guides away from one conditioning towards another; packs derive their own from it."""

    def __init__(self, model_patcher: Any) -> None:
        self.model_patcher = model_patcher
        self.model_options = model_patcher.model_options
        self.original_conds: dict[str, Any] = {}
        self.conds: dict[str, Any] = {}
        self.cfg = 1.0
        self.inner_model: Any = None
        self.loaded_models: list[Any] = []
        self.running: Any = None

    def set_conds(self, positive: Any, negative: Any) -> None:
        self.inner_set_conds({"positive": positive, "negative": negative})

    def set_cfg(self, cfg: float) -> None:
        self.cfg = cfg

    def inner_set_conds(self, conds: dict[str, Any]) -> None:
        self.original_conds = {
            name: [[one[0], dict(one[1])] for one in side] for name, side in conds.items() if side is not None
        }

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.outer_predict_noise(*args, **kwargs)

    def outer_predict_noise(
        self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None
    ) -> Tensor:
        return WrapperExecutor.new_class_executor(
            self.predict_noise, self, self.model_patcher.get_all_wrappers("predict_noise")
        ).execute(x, timestep, self.model_options if model_options is None else model_options, seed)

    def predict_noise(self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None) -> Tensor:
        level = float(torch.as_tensor(timestep).flatten()[0])
        scale = self.cfg
        for layer in getattr(self.running.rule, "layers", ()):
            scale = layer.scale(level, scale)
        return globals()["sampling_function"](
            self.inner_model,
            x,
            timestep,
            self.conds.get("negative"),
            self.conds.get("positive"),
            scale,
            model_options=model_options or {},
            seed=seed,
        )

    # -- what a run asks of it

    def rule_for(self, levels: Any) -> Any:
        """The rule of ours that the model's own layers of guidance are put on."""
        from safelight.diffusion import overlay
        from safelight.diffusion.guidance import ClassifierFree
        from safelight.diffusion.layer import layer

        patches = [patch for patch in self.model_patcher.handle.patches if patch.kind == overlay.GUIDANCE]
        return ClassifierFree(self.cfg, tuple(layer(dict(patch.settings), levels) for patch in patches))

    def begin(self, running: Any) -> None:
        """A run on this network starts."""
        self.running = self.inner_model = running
        self.conds = {name: sampling.conds_of(entries, name) for name, entries in running.entries.items()}

    def inner_sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        device: Any,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any,
        callback: Any,
        disable_pbar: Any,
        seed: Any,
        latent_shapes: Any = None,
    ) -> Tensor:
        extra_args = {"model_options": self.model_options, "seed": seed}
        around = self.model_patcher.get_all_wrappers("sampler_sample")
        executor = WrapperExecutor.new_class_executor(sampler.sample, sampler, around)
        return executor.execute(
            self, sigmas, extra_args, callback, noise, latent_image, denoise_mask, disable_pbar
        )

    def outer_sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
        latent_shapes: Any = None,
    ) -> Tensor:
        return sampling.run(self, noise, latent_image, sampler, sigmas, denoise_mask, callback, seed)

    def sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
    ) -> Tensor:
        if sigmas.shape[-1] == 0:
            return latent_image
        self.conds = dict(self.original_conds)
        before = self.model_options
        self.model_options = (
            self.model_patcher.model_options if not self.model_options else self.model_options
        )
        around = self.model_patcher.get_all_wrappers("outer_sample")
        executor = WrapperExecutor.new_class_executor(self.outer_sample, self, around)
        try:
            return executor.execute(
                noise, latent_image, sampler, sigmas, denoise_mask, callback, disable_pbar, seed
            )
        finally:
            self.model_options = before
            self.inner_model = self.running = None

    def safelight_value(self) -> Any:
        from safelight.compat.shims.module.plugin import PluginGuider

        handle = self.model_patcher.safelight_value()
        return PluginGuider("cfg", handle, self.original_conds, (("cfg", float(self.cfg)),), guider=self)


Guider = CFGGuider


class Guider_Basic(CFGGuider):
    def set_conds(self, positive: Any) -> None:  # type: ignore[override]
        self.inner_set_conds({"positive": positive})


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

        rule = super().rule_for(levels)
        settings = dict(self.own.settings) | ({"cfg": self.cfg} if "cfg" in dict(self.own.settings) else {})
        return RULES[self.own.style](rule.layers, **settings)

    def predict_noise(self, x: Tensor, timestep: Any, model_options: Any = None, seed: Any = None) -> Tensor:
        if self.own.style in ("cfg", "basic"):
            return super().predict_noise(x, timestep, model_options, seed)
        level = float(torch.as_tensor(timestep).flatten()[0])
        running, names = self.running, list(self.running.rule.sides(level))
        said = calc_cond_batch(
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


# -- samplers


class Sampler:
    def sample(self, *given: Any, **named: Any) -> Tensor:
        raise NotImplementedError

    def max_denoise(self, model_wrap: Any, sigmas: Tensor) -> bool:
        return sampling.at_highest(model_wrap.inner_model.model_sampling, float(sigmas[0]))

    def safelight_value(self) -> Any:
        from safelight.compat.shims.module.plugin import PluginSampler

        return PluginSampler("euler", sampler=self)


class KSamplerX0Inpaint:
    """The model as a sampler function gets it: it predicts, and keeps what a mask keeps."""

    def __init__(self, model: Any, sigmas: Tensor) -> None:
        self.inner_model = model
        self.sigmas = sigmas
        self.latent_image: Any = None
        self.noise: Any = None

    def __call__(
        self, x: Tensor, sigma: Any, denoise_mask: Any = None, model_options: Any = None, seed: Any = None
    ) -> Tensor:
        options = model_options or {}
        if denoise_mask is None:
            return self.inner_model(x, sigma, model_options=options, seed=seed)
        if "denoise_mask_function" in options:
            extra = {"model": self.inner_model.inner_model, "sigmas": self.sigmas}
            denoise_mask = options["denoise_mask_function"](sigma, denoise_mask, extra_options=extra)
        keep = 1.0 - denoise_mask
        levels = self.inner_model.inner_model.model_sampling
        x = (
            x * denoise_mask
            + levels.noise_scaling(torch.as_tensor(sigma), self.noise, self.latent_image) * keep
        )
        out = self.inner_model(x, sigma, model_options=options, seed=seed)
        return out * denoise_mask + self.latent_image * keep


class KSAMPLER(Sampler):
    """A sampler function and its options."""

    def __init__(self, sampler_function: Any, extra_options: Any = None, inpaint_options: Any = None) -> None:
        self.sampler_function = sampler_function
        self.extra_options = extra_options or {}
        self.inpaint_options = inpaint_options or {}

    def sample(
        self,
        model_wrap: Any,
        sigmas: Tensor,
        extra_args: Any,
        callback: Any,
        noise: Tensor,
        latent_image: Any = None,
        denoise_mask: Any = None,
        disable_pbar: Any = False,
    ) -> Tensor:
        extra_args["denoise_mask"] = denoise_mask
        model_k = KSamplerX0Inpaint(model_wrap, sigmas)
        model_k.latent_image, model_k.noise = latent_image, noise
        if self.inpaint_options.get("random", False):
            generator = torch.manual_seed(extra_args.get("seed", 41) + 1)
            model_k.noise = torch.randn(noise.shape, generator=generator, device="cpu").to(noise)
        levels = model_wrap.inner_model.model_sampling
        x = levels.noise_scaling(sigmas[0], noise, latent_image, self.max_denoise(model_wrap, sigmas))
        total = len(sigmas) - 1

        def told(tree: dict[str, Any]) -> None:
            if callback is not None:
                callback(tree["i"], tree["denoised"], tree["x"], total)

        torch.manual_seed(int(extra_args.get("seed") or 0) % SEEDS)
        out = self.sampler_function(
            model_k, x, sigmas, extra_args=extra_args, callback=told, disable=True, **self.extra_options
        )
        return levels.inverse_noise_scaling(sigmas[-1], out)


class NamedSampler(KSAMPLER):
    """A sampler of ours."""

    def __init__(self, handle: SamplerHandle) -> None:
        inpaint = {"random": True} if recipes.find(handle.name).redraws_masked else {}
        super().__init__(None, dict(handle.settings), inpaint)
        self.handle = handle
        self.sampler_function = self._walk

    def _walk(
        self,
        model: Any,
        x: Tensor,
        sigmas: Tensor,
        extra_args: Any = None,
        callback: Any = None,
        disable: Any = None,
        **options: Any,
    ) -> Tensor:
        return walk(self.handle.name, model, x, sigmas, extra_args, callback, options)

    def safelight_value(self) -> Any:
        changed = dict(self.handle.settings) != self.extra_options
        return self.handle if not changed else SamplerHandle.of(self.handle.name, **self.extra_options)


def walk(
    name: str, model: Any, x: Tensor, sigmas: Tensor, extra_args: Any, callback: Any, options: dict[str, Any]
) -> Tensor:
    """One of our samplers on a model in the shape that sampler functions get."""
    from safelight.compat.shims.module.levels import ours

    recipe, given = recipes.find(name), extra_args or {}
    if recipe.needs_descent:
        sigmas = sigmas.unique_consecutive()
    guider = getattr(model, "inner_model", None)
    running = getattr(guider, "running", None)
    if running is not None:
        levels = running.network.sampling
    else:
        levels = ours(model.inner_model.inner_model.model_sampling)
    seed = int(given.get("seed") or 0) % SEEDS
    if recipe.noise.startswith("brownian"):
        device = x.device if recipe.noise.endswith("device") else None
        noise: Any = BrownianNoise(x, sigmas, seed, **({"device": device} if device is not None else {}))
    else:
        noise = StreamNoise(x, seed)

    class Asked:
        def __call__(self, x: Tensor, sigma: float) -> Tensor:
            return model(x, x.new_full((len(x),), sigma), **given)

        def both(self, x: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
            kept: list[Tensor] = []

            def keep(args: dict[str, Any]) -> Tensor:
                kept.append(args["uncond_denoised"])
                return args["denoised"]

            before = given.get("model_options") or {}
            after = [*before.get("sampler_post_cfg_function", ()), keep]
            asked = {**before, "sampler_post_cfg_function": after, "disable_cfg1_optimization": True}
            x0 = model(x, x.new_full((len(x),), sigma), **{**given, "model_options": asked})
            return x0, kept[-1] if kept else x0

    last = x
    known = {
        key: value for key, value in options.items() if isinstance(value, (int, float, str, bool, type(None)))
    }
    for state in sampling.states(recipe, known, Asked(), x, sigmas, noise, levels):
        if callback is not None:
            level = sigmas[state.step - 1]
            callback(
                {
                    "x": state.x,
                    "i": state.step - 1,
                    "sigma": level,
                    "sigma_hat": level,
                    "denoised": state.x if state.x0 is None else state.x0,
                }
            )
        last = state.x
    return last


def ksampler(sampler_name: str, extra_options: Any = None, inpaint_options: Any = None) -> Any:
    from safelight.compat.shims.module import kdiffusion

    replaced = vars(kdiffusion).get(f"sample_{sampler_name}")
    if replaced is not None:
        return KSAMPLER(replaced, extra_options, inpaint_options)
    return NamedSampler(SamplerHandle.of(sampler_name, **(extra_options or {})))


def sampler_object(name: str) -> Any:
    from safelight.compat.shims.module import kdiffusion

    if name not in SAMPLERS:
        replaced = getattr(kdiffusion, f"sample_{name}", None)
        if replaced is None:
            raise ValueError(f"there is no sampler '{name}'")
        return KSAMPLER(replaced)
    return ksampler(name)


class KSampler:
    SCHEDULERS = SCHEDULER_NAMES
    SAMPLERS = SAMPLER_NAMES
    DISCARD_PENULTIMATE_SIGMA_SAMPLERS = {"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"}

    def __init__(
        self,
        model: Any,
        steps: int,
        device: Any,
        sampler: Any = None,
        scheduler: Any = None,
        denoise: Any = None,
        model_options: Any = None,
    ) -> None:
        self.model = model
        self.device = device
        self.scheduler = scheduler if scheduler in self.SCHEDULERS else self.SCHEDULERS[0]
        self.sampler = sampler if sampler in self.SAMPLERS else self.SAMPLERS[0]
        self.denoise = denoise
        self.model_options = model_options or {}
        self.steps = steps
        self.sigmas: Any = None
        self.set_steps(steps, denoise)

    def calculate_sigmas(self, steps: int) -> Tensor:
        skips = self.sampler in self.DISCARD_PENULTIMATE_SIGMA_SAMPLERS
        levels = self.model.get_model_object("model_sampling")
        sigmas = globals()["calculate_sigmas"](levels, self.scheduler, steps + skips)
        return torch.cat([sigmas[:-2], sigmas[-1:]]) if skips else sigmas

    def set_steps(self, steps: int, denoise: Any = None) -> None:
        self.steps = steps
        if denoise is None or denoise > 0.9999:
            self.sigmas = self.calculate_sigmas(steps)
        elif denoise <= 0.0:
            self.sigmas = torch.empty(0)
        else:
            self.sigmas = self.calculate_sigmas(int(steps / denoise))[-(steps + 1) :]

    def sample(
        self,
        noise: Tensor,
        positive: Any,
        negative: Any,
        cfg: float,
        latent_image: Any = None,
        start_step: Any = None,
        last_step: Any = None,
        force_full_denoise: bool = False,
        denoise_mask: Any = None,
        sigmas: Any = None,
        callback: Any = None,
        disable_pbar: Any = False,
        seed: Any = None,
    ) -> Any:
        sigmas = self.sigmas if sigmas is None else sigmas
        if last_step is not None and last_step < len(sigmas) - 1:
            sigmas = sigmas[: last_step + 1].clone()
            if force_full_denoise:
                sigmas[-1] = 0
        if start_step is not None:
            if start_step >= len(sigmas) - 1:
                return latent_image if latent_image is not None else torch.zeros_like(noise)
            sigmas = sigmas[start_step:]
        return globals()["sample"](
            self.model,
            noise,
            positive,
            negative,
            cfg,
            self.device,
            sampler_object(self.sampler),
            sigmas,
            self.model_options,
            latent_image=latent_image,
            denoise_mask=denoise_mask,
            callback=callback,
            disable_pbar=disable_pbar,
            seed=seed,
        )


def sample(
    model: Any,
    noise: Tensor,
    positive: Any,
    negative: Any,
    cfg: float,
    device: Any,
    sampler: Any,
    sigmas: Tensor,
    model_options: Any = None,
    latent_image: Any = None,
    denoise_mask: Any = None,
    callback: Any = None,
    disable_pbar: Any = False,
    seed: Any = None,
) -> Tensor:
    guider = CFGGuider(model)
    guider.set_conds(positive, negative)
    guider.set_cfg(cfg)
    return guider.sample(noise, latent_image, sampler, sigmas, denoise_mask, callback, disable_pbar, seed)


class Noise:
    """Noise of ours as packs know it."""

    def __init__(self, handle: NoiseHandle) -> None:
        self.handle = handle
        self.seed = handle.seed

    def generate_noise(self, input_latent: Any) -> Tensor:
        from safelight.diffusion.run import drawn

        return drawn(self.handle, input_latent["samples"], input_latent)

    def safelight_value(self) -> Any:
        return self.handle


class Noise_RandomNoise(Noise):
    """Noise drawn from a seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(NoiseHandle(int(seed)))


class Noise_EmptyNoise(Noise):
    """No noise."""

    def __init__(self) -> None:
        super().__init__(NoiseHandle(0, none=True))


def get_mask_aabb(masks: Tensor) -> Any:
    raise refusal("comfy.samplers.get_mask_aabb")


def resolve_areas_and_cond_masks(conditions: Any, h: int, w: int, device: Any) -> None:
    """Areas and masks are resolved when a run begins."""


def pre_run_control(model: Any, conds: Any) -> None:
    """Pictures that steer are made ready when a run begins."""


def __getattr__(name: str) -> Any:
    match name:
        case "k_diffusion_sampling":
            return importlib.import_module("comfy.k_diffusion.sampling")
        case "comfy" | "latent_preview":
            return __import__(name)
        case "model_management":
            return model_management
        case "torch" | "math" | "scipy" | "numpy":
            return __import__(name)
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.samplers.{name}")
