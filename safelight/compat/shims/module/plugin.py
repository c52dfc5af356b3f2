"""Handles that carry a plugin's own functions: they stay in memory, and take a run over from us."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle


def _token() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class PluginModel(ModelHandle):
    """A model with what a plugin put around its denoiser."""

    patcher: Any = field(default=None, compare=False, repr=False)
    token: str = field(default_factory=_token)

    def identity(self) -> dict[str, Any]:
        """The functions of a plugin have no key, so that each such model is another one."""
        return {**super().identity(), "plugin": self.token}

    def custom_sampling(self, own: Any) -> Any:
        """The levels that the plugin chose, or the model's own."""
        from safelight.compat.shims.module.levels import ours

        patch = self.patcher.object_patches.get("model_sampling")
        return own if patch is None else ours(patch)

    def take_over(self, network: Any, task: Any, together: bool, watch: Any) -> tuple[Any, Any]:
        """Run a task the way that plugins can change."""
        from safelight.compat.shims.module.sampling import taken_over

        return taken_over(network, task, together, watch)


@dataclass(frozen=True)
class PluginSampler(SamplerHandle):
    """A sampler that a plugin wrote."""

    sampler: Any = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        return _token()

    def take_over(self, network: Any, task: Any, together: bool, watch: Any) -> tuple[Any, Any]:
        """Run a task the way that plugins can change."""
        from safelight.compat.shims.module.sampling import taken_over

        return taken_over(network, task, together, watch)


@dataclass(frozen=True, eq=False)
class PluginGuider(GuiderHandle):
    """A guider that a plugin wrote."""

    guider: Any = field(default=None, repr=False)

    def take_over(self, network: Any, task: Any, together: bool, watch: Any) -> tuple[Any, Any]:
        """Run a task the way that plugins can change."""
        from safelight.compat.shims.module.sampling import taken_over

        return taken_over(network, task, together, watch)


@dataclass(frozen=True)
class PluginNoise(NoiseHandle):
    """Noise that a plugin draws."""

    noise: Any = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        return _token()

    def take_over(self, network: Any, task: Any, together: bool, watch: Any) -> tuple[Any, Any]:
        """Run a task the way that plugins can change."""
        from safelight.compat.shims.module.sampling import taken_over

        return taken_over(network, task, together, watch)
