"""`comfy_api.latest`'s media: pictures, sound and video as they travel on wires."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.absent import absent
from safelight.diffusion.film import Components, Film, FilmFile, FilmFrames

ImageInput = MaskInput = LatentInput = AudioInput = Any
VideoInput, VideoFromFile, VideoFromComponents, VideoComponents = Film, FilmFile, FilmFrames, Components


class _Choices(str, enum.Enum):
    @classmethod
    def as_input(cls) -> list[str]:
        return [one.value for one in cls]


class VideoCodec(_Choices):
    AUTO = "auto"
    H264 = "h264"
    AV1 = "av1"
    VP9 = "vp9"


class VideoContainer(_Choices):
    AUTO = "auto"
    MP4 = "mp4"
    MKV = "mkv"
    WEBM = "webm"
    MOV = "mov"

    @classmethod
    def get_extension(cls, value: Any) -> str:
        said = cls(value)
        return "mp4" if said is cls.AUTO else said.value


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy_api.latest.{name}")
