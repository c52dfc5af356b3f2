"""What a model predicts for each side, and how one prediction is made of them.

Packs put functions of their own in place of these, so each is looked up in `samplers` when it is called.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.compat.shims.module import samplers, sampling
from safelight.compat.shims.module.extension import WrapperExecutor, get_all_wrappers


def calc_cond_batch(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> list[Tensor]:
    around = [
        *model.patcher.get_all_wrappers("calc_cond_batch"),
        *get_all_wrappers("calc_cond_batch", model_options, is_model_options=True),
    ]

    def plain(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> list[Tensor]:
        return model.predict(conds, x_in, timestep, model_options)

    return WrapperExecutor.new_executor(plain, around).execute(model, conds, x_in, timestep, model_options)


def _calc_cond_batch_outer(model: Any, conds: Any, x_in: Tensor, timestep: Any, model_options: Any) -> Any:
    return samplers.calc_cond_batch(model, conds, x_in, timestep, model_options)


def calc_cond_uncond_batch(
    model: Any, cond: Any, uncond: Any, x_in: Tensor, timestep: Any, model_options: Any
) -> Any:
    return tuple(samplers.calc_cond_batch(model, [cond, uncond], x_in, timestep, model_options))


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
        out = samplers.calc_cond_batch(model, conds, x, timestep, options)
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
    return samplers.cfg_function(
        model, out[0], out[1], cond_scale, x, timestep, model_options=options, cond=cond, uncond=conds[1]
    )
