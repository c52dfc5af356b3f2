"""The schedules that packs choose from and may add to."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from safelight.diffusion import schedule as schedules
from safelight.diffusion.names import SCHEDULES

SCHEDULER_NAMES: list[str] = list(SCHEDULES)


class SchedulerHandler:
    def __init__(self, handler: Any, use_ms: bool = True) -> None:
        self.handler = handler
        self.use_ms = use_ms

    def __iter__(self) -> Any:
        return iter((self.handler, self.use_ms))


SAID = {"threshold_noise": "threshold", "linear_steps": "linear"}
"""What settings of schedules are called here."""


def _schedule(name: str) -> Any:
    def make(model_sampling: Any, steps: int, **settings: Any) -> Tensor:
        from safelight.compat.shims.module.levels import ours

        given = {SAID.get(key, key): value for key, value in settings.items()}
        return schedules.find(name)(ours(model_sampling), steps, **given)

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


def calculate_sigmas_scheduler(model: Any, scheduler_name: str, steps: int) -> Tensor:
    """The same under its former name, for a model."""
    return calculate_sigmas(model.model_sampling, scheduler_name, steps)
