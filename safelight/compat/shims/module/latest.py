"""`comfy_api.latest`: what schema nodes import."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from safelight.compat.shims.call import current
from safelight.compat.shims.module import io, media, ui
from safelight.compat.shims.module.io import ComfyExtension

IO, UI = io, ui
Input = SimpleNamespace(Image=Any, Audio=Any, Mask=Any, Latent=Any, Video=media.VideoInput)
InputImpl = SimpleNamespace(VideoFromComponents=media.VideoFromComponents, VideoFromFile=media.VideoFromFile)
Types = SimpleNamespace(
    VideoCodec=media.VideoCodec,
    VideoContainer=media.VideoContainer,
    VideoComponents=media.VideoComponents,
)


class Execution:
    """How far a node is."""

    async def set_progress(
        self, value: float, max_value: float, node_id: Any = None, preview_image: Any = None, **more: Any
    ) -> None:
        call = current()
        if call is not None:
            call.context.progress(int(value), int(max_value), preview_image)


class NodeReplacement:
    async def register(self, node_replacement: Any) -> None:
        """Replacements are data of ours."""


class ComfyAPI:
    def __init__(self) -> None:
        self.execution = Execution()
        self.node_replacement = NodeReplacement()


class ExecutionSync:
    def set_progress(
        self, value: float, max_value: float, node_id: Any = None, preview_image: Any = None, **more: Any
    ) -> None:
        call = current()
        if call is not None:
            call.context.progress(int(value), int(max_value), preview_image)


class ComfyAPISync:
    def __init__(self) -> None:
        self.execution = ExecutionSync()


ComfyAPI_latest, ComfyAPISyncStub = ComfyAPI, ComfyAPISync

__all__ = ["ComfyAPI", "ComfyAPISync", "ComfyExtension", "Input", "InputImpl", "Types", "io", "ui"]
