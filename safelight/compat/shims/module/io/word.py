"""The words that schemas use: folders, displays, hidden inputs."""

from __future__ import annotations

import enum
from types import SimpleNamespace
from typing import Any


class FolderType(str, enum.Enum):
    input = "input"
    output = "output"
    temp = "temp"

    def __str__(self) -> str:
        return self.value


class UploadType(str, enum.Enum):
    image = "image_upload"
    audio = "audio_upload"
    video = "video_upload"
    model = "file_upload"

    def __str__(self) -> str:
        return self.value


class NumberDisplay(str, enum.Enum):
    number = "number"
    slider = "slider"
    color = "color"
    gradient_slider = "gradientslider"


class ControlAfterGenerate(str, enum.Enum):
    fixed = "fixed"
    increment = "increment"
    decrement = "decrement"
    randomize = "randomize"


class RemoteOptions:
    def __init__(self, route: str = "", refresh_button: bool = True, **more: Any) -> None:
        self.route = route


class Hidden(str, enum.Enum):
    unique_id = "UNIQUE_ID"
    prompt = "PROMPT"
    extra_pnginfo = "EXTRA_PNGINFO"
    dynprompt = "DYNPROMPT"
    auth_token_comfy_org = "AUTH_TOKEN_COMFY_ORG"  # noqa: S105 - a name
    api_key_comfy_org = "API_KEY_COMFY_ORG"
    comfy_usage_source = "COMFY_USAGE_SOURCE"


class HiddenHolder(SimpleNamespace):
    """What a node asked to be told; None for the rest."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    @classmethod
    def from_dict(cls, values: Any) -> HiddenHolder:
        return cls(**{str(getattr(key, "name", key)): value for key, value in (values or {}).items()})
