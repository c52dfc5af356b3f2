"""`comfy_api.latest.ui`: what a node shows."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import absent
from safelight.compat.shims.call import current


class _UIOutput:
    def as_dict(self) -> dict[str, Any]:
        raise NotImplementedError


class SavedResult(dict[str, str]):
    def __init__(self, filename: str, subfolder: str, type: Any) -> None:
        super().__init__(filename=filename, subfolder=subfolder, type=str(getattr(type, "value", type)))


class SavedImages(_UIOutput):
    def __init__(self, results: Any, is_animated: bool = False) -> None:
        self.results = list(results)
        self.is_animated = is_animated

    def as_dict(self) -> dict[str, Any]:
        return {"images": self.results} | ({"animated": (True,)} if self.is_animated else {})


class SavedAudios(_UIOutput):
    def __init__(self, results: Any) -> None:
        self.results = list(results)

    def as_dict(self) -> dict[str, Any]:
        return {"audio": self.results}


def _save(images: Any, prefix: str, folder: Any, cls: Any, compress: int) -> list[dict[str, str]]:
    from safelight.compat.shims.module.corenodes import PreviewImage, SaveImage

    temporary = str(getattr(folder, "value", folder)) == "temp"
    saver = PreviewImage() if temporary else SaveImage()
    saver.compress_level = compress
    hidden = getattr(cls, "hidden", None)
    shown = saver.save_images(
        images, prefix, getattr(hidden, "prompt", None), getattr(hidden, "extra_pnginfo", None)
    )
    return list(shown["ui"]["images"])


class ImageSaveHelper:
    @staticmethod
    def save_images(
        images: Any, filename_prefix: str, folder_type: Any, cls: Any, compress_level: int = 4
    ) -> list[Any]:
        return _save(images, filename_prefix, folder_type, cls, compress_level)

    @staticmethod
    def get_save_images_ui(
        images: Any, filename_prefix: str, cls: Any, compress_level: int = 4
    ) -> SavedImages:
        return SavedImages(_save(images, filename_prefix, "output", cls, compress_level))


class PreviewImage(_UIOutput):
    def __init__(self, image: Any, animated: bool = False, cls: Any = None, **more: Any) -> None:
        self.values = _save(image, "ComfyUI", "temp", cls, 1)
        self.animated = animated

    def as_dict(self) -> dict[str, Any]:
        return {"images": self.values, "animated": (self.animated,)}


class AudioSaveHelper:
    @staticmethod
    def save_audio(
        audio: Any, filename_prefix: str, folder_type: Any, cls: Any, format: str = "flac", quality: str = ""
    ) -> list[Any]:
        from nodes.audio.save import write

        call = current()
        if call is None:
            raise RuntimeError("A sound is saved while a node runs.")
        before = len(call.context.shown.get("audio", []))
        folder = str(getattr(folder_type, "value", folder_type))
        write(call.context, audio, filename_prefix, format, quality if format != "flac" else "", folder)
        shown = call.context.shown.pop("audio")  # it is shown as what the node gives back
        return [SavedResult(**one) for one in shown[before:]]

    @staticmethod
    def get_save_audio_ui(
        audio: Any, filename_prefix: str, cls: Any, format: str = "flac", quality: str = ""
    ) -> SavedAudios:
        return SavedAudios(AudioSaveHelper.save_audio(audio, filename_prefix, "output", cls, format, quality))


class PreviewAudio(SavedAudios):
    def __init__(self, audio: Any, cls: Any = None, **more: Any) -> None:
        super().__init__(AudioSaveHelper.save_audio(audio, "ComfyUI_temp", "temp", cls))


class PreviewMask(PreviewImage):
    def __init__(self, mask: Any, animated: bool = False, cls: Any = None, **more: Any) -> None:
        pixels = mask.reshape((-1, 1, *mask.shape[-2:])).movedim(1, -1).expand(-1, -1, -1, 3)
        super().__init__(pixels, animated, cls)


class PreviewText(_UIOutput):
    def __init__(self, value: Any, **more: Any) -> None:
        self.value = value

    def as_dict(self) -> dict[str, Any]:
        return {"text": (self.value,)}


class PreviewVideo(_UIOutput):
    def __init__(self, values: Any, **more: Any) -> None:
        self.values = values

    def as_dict(self) -> dict[str, Any]:
        return {"images": self.values, "animated": (True,)}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy_api.latest.ui.{name}")
