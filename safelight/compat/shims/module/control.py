"""`comfy.controlnet`: networks that steer by a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from safelight.compat.shims.absent import absent, refusal


class ControlBase:
    """What steers; a pack's own kinds derive from it and are refused when they run."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.cond_hint_original: Any = None
        self.strength = 1.0
        self.timestep_percent_range = (0.0, 1.0)
        self.previous_controlnet: Any = None
        self.extra_args: dict[str, Any] = {}
        self.vae: Any = None
        self.extra_concat_orig: Any = None

    def set_cond_hint(
        self,
        cond_hint: Tensor,
        strength: float = 1.0,
        timestep_percent_range: Any = (0.0, 1.0),
        vae: Any = None,
        extra_concat: Any = (),
    ) -> ControlBase:
        self.cond_hint_original = cond_hint
        self.strength = strength
        self.timestep_percent_range = timestep_percent_range
        self.vae = vae
        return self

    def set_previous_controlnet(self, controlnet: Any) -> ControlBase:
        self.previous_controlnet = controlnet
        return self

    def set_extra_arg(self, argument: str, value: Any = None) -> None:
        self.extra_args[argument] = value

    def safelight_link(self) -> Any:
        raise refusal("comfy.controlnet.ControlBase subclasses")


class ControlNet(ControlBase):
    """A steering network of ours."""

    def __init__(self, handle: Any = None, *given: Any, **named: Any) -> None:
        super().__init__()
        if handle is None or not hasattr(handle, "weights_key"):
            raise refusal("comfy.controlnet.ControlNet made from a network")
        self.handle = handle

    def safelight_value(self) -> Any:
        return self.handle

    def copy(self) -> ControlNet:
        made = ControlNet(self.handle)
        made.__dict__.update(self.__dict__)
        return made

    def get_models(self) -> list[Any]:
        return []

    def inference_memory_requirements(self, dtype: Any) -> int:
        return 0

    def cleanup(self) -> None:
        """Nothing was loaded."""

    def safelight_link(self) -> dict[str, Any]:
        """As a conditioning of ours holds it."""
        start, end = self.timestep_percent_range
        before = self.previous_controlnet
        image = self.cond_hint_original
        return {
            "handle": self.handle,
            "image": image.movedim(1, -1),
            "strength": float(self.strength),
            "start_percent": float(start),
            "end_percent": float(end),
            "previous": None if before is None else before.safelight_link(),
            **self._kind(),
        }

    def _kind(self) -> dict[str, Any]:
        kinds = self.extra_args.get("control_type")
        return {} if not kinds else {"control_type": list(kinds)}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"CONTROL_NET.{name}", attribute=True)


class ControlLora(ControlBase):
    """Not offered; a name to be recognised by."""


class T2IAdapter(ControlBase):
    """The same."""


def hinted(link: dict[str, Any]) -> ControlNet:
    """What a conditioning of ours holds, as an object with methods."""
    made = ControlNet(link["handle"])
    made.set_cond_hint(
        link["image"].movedim(-1, 1), link["strength"], (link["start_percent"], link["end_percent"])
    )
    if link.get("previous") is not None:
        made.set_previous_controlnet(hinted(link["previous"]))
    return made


def load_controlnet(ckpt_path: Any, model: Any = None, model_options: Any = None) -> ControlNet:
    from safelight.compat.shims.module.corenodes import context_here
    from safelight.diffusion import controlnet

    file = context_here().open(Path(ckpt_path))
    return ControlNet(controlnet.load(file.path, file.digest))


def broadcast_image_to(tensor: Tensor, target_batch_size: int, batched_number: int) -> Tensor:
    from safelight.compat.shims.module.tensor import repeat_to_batch_size

    return repeat_to_batch_size(tensor, target_batch_size)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.controlnet.{name}")
