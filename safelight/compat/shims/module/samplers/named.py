"""Our samplers as packs call them."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.compat.shims.module import samplers, sampling
from safelight.compat.shims.module.samplers.sampler import KSAMPLER
from safelight.diffusion import sampler as recipes
from safelight.diffusion.ingredient import SamplerHandle
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import SEEDS, BrownianNoise, StreamNoise

SAMPLER_NAMES: list[str] = list(SAMPLERS)


KSAMPLER_NAMES: list[str] = list(SAMPLERS)


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
    return samplers.ksampler(name)
