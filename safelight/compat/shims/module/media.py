"""`comfy_api.latest`'s media: pictures, sound and video as they travel on wires."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from safelight.compat.shims.absent import absent

ImageInput = MaskInput = LatentInput = AudioInput = Any


class VideoInput:
    """A video; made of frames, or of a file."""

    def get_components(self) -> Any:
        raise NotImplementedError


class VideoCodec(str, enum.Enum):
    AUTO = "auto"
    H264 = "h264"

    @classmethod
    def as_input(cls) -> list[str]:
        return [one.value for one in cls]


class VideoContainer(str, enum.Enum):
    AUTO = "auto"
    MP4 = "mp4"

    @classmethod
    def as_input(cls) -> list[str]:
        return [one.value for one in cls]

    @classmethod
    def get_extension(cls, value: Any) -> str:
        return "mp4"


@dataclass
class VideoComponents:
    images: Any
    frame_rate: Fraction
    audio: Any = None
    metadata: Any = None


class VideoFromComponents(VideoInput):
    def __init__(self, components: VideoComponents) -> None:
        self.components = components

    def get_components(self) -> VideoComponents:
        return self.components

    def get_dimensions(self) -> tuple[int, int]:
        return int(self.components.images.shape[2]), int(self.components.images.shape[1])

    def get_frame_count(self) -> int:
        return len(self.components.images)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy_api.latest.{name}")
