"""`comfy.clip_vision`: encoders of pictures as packs load, call and recognise them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import absent, refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import patcher as patchers
from safelight.compat.shims.module.loading.file import context, opened
from safelight.diffusion import residency, sight, vision
from safelight.diffusion.seen import Seen


class Output:
    """What an encoder saw, by attribute and by name."""

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, item: Any) -> None:
        setattr(self, key, item)

    @classmethod
    def of_seen(cls, seen: Seen) -> Output:
        made = cls()
        vars(made).update(seen.to_tree())
        return made

    def safelight_value(self) -> Any:
        """What our nodes take, if all of it is there."""
        names = ("last_hidden_state", "penultimate_hidden_states", "image_embeds")
        if any(getattr(self, name, None) is None for name in names):
            return self
        return Seen(**{name: getattr(self, name) for name in names})


def clip_preprocess(
    image: Tensor, size: int = 224, mean: Any = vision.MEAN, std: Any = vision.SPREAD, crop: bool = True
) -> Tensor:
    return vision.preprocessed(image, size, tuple(mean), tuple(std), crop)


class ClipVisionModel:
    """An encoder of ours; its weights are lent when it is called."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.load_device = devices.get_torch_device()
        self.offload_device = devices.text_encoder_offload_device()
        self.dtype = torch.float32
        self.image_mean, self.image_std = list(vision.MEAN), list(vision.SPREAD)
        self.patcher = patchers.ModelPatcher(
            SimpleNamespace(handle=None), self.load_device, self.offload_device
        )
        self.model = Inside(self)
        self.return_all_hidden_states = False

    def safelight_value(self) -> Any:
        return self.handle

    @property
    def config(self) -> dict[str, Any]:
        return dict(sight.component(self.handle.source).config)

    @property
    def image_size(self) -> int:
        return int(self.config["image_size"])

    def encode_image(self, image: Tensor, crop: bool = True) -> Output:
        seen = vision.encode(self.handle, image.cpu(), crop=crop, plan=patchers.plan_here(), watch=context())
        return Output.of_seen(seen)

    def load_sd(self, sd: Any) -> Any:
        raise refusal("ClipVisionModel.load_sd")

    def get_sd(self) -> Any:
        raise refusal("ClipVisionModel.get_sd")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"CLIP_VISION.{name}", attribute=True)


class Inside:
    """The module of an encoder, to be called with prepared pictures."""

    def __init__(self, outer: ClipVisionModel) -> None:
        self._outer = outer

    def __call__(self, pixel_values: Tensor, intermediate_output: Any = None, **more: Any) -> tuple[Any, ...]:
        if intermediate_output == "all":
            raise refusal("CLIP_VISION.model(intermediate_output='all')")
        layer = vision.PENULTIMATE if intermediate_output is None else int(intermediate_output)
        listening = context()
        with residency.lend(self._outer.handle, patchers.plan_here(), listening) as eye:
            looked = eye(pixel_values, layer, listening.check)
        asked = None if intermediate_output is None else looked.layer
        return looked.last, asked, looked.embeds, None

    def to(self, *given: Any, **named: Any) -> Inside:
        return self

    eval = cpu = cuda = to

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise refusal(f"CLIP_VISION.model.{name}", attribute=True)


def load(ckpt_path: Any) -> ClipVisionModel:
    file = opened(ckpt_path)
    return ClipVisionModel(sight.load(file.path, file.digest))


def load_clipvision_from_sd(sd: Any, prefix: str = "", convert_keys: bool = False) -> ClipVisionModel:
    """The encoder among tensors of a file; they know which it was."""
    source = getattr(sd, "safelight_path", None)
    if source is None:
        raise refusal("comfy.clip_vision.load_clipvision_from_sd with tensors of no file")
    return load(source)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.clip_vision.{name}")
