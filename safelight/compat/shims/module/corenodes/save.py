"""The nodes that save and show pictures, which packs derive their own from."""

from __future__ import annotations

import json
import os
from typing import Any

from safelight.compat.shims.module import paths as folder_paths


class SaveImage:
    """Saves pictures; packs derive their own savers from it."""

    RETURN_TYPES = ()
    FUNCTION = "save_images"
    OUTPUT_NODE = True
    CATEGORY = "image"

    def __init__(self) -> None:
        self.output_dir = folder_paths.get_output_directory()
        self.type = "output"
        self.prefix_append = ""
        self.compress_level = 4

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {"images": ("IMAGE",), "filename_prefix": ("STRING", {"default": "ComfyUI"})},
            "hidden": {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"},
        }

    def save_images(
        self, images: Any, filename_prefix: str = "ComfyUI", prompt: Any = None, extra_pnginfo: Any = None
    ) -> dict[str, Any]:
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        first = images[0]
        full, name, counter, subfolder, _ = folder_paths.get_save_image_path(
            filename_prefix + self.prefix_append, self.output_dir, first.shape[1], first.shape[0]
        )
        told = PngInfo()
        if prompt is not None:
            told.add_text("prompt", json.dumps(prompt))
        for key, value in (extra_pnginfo or {}).items():
            told.add_text(key, json.dumps(value))
        shown = []
        for number, picture in enumerate(images):
            pixels = (picture.detach().cpu().clamp(0, 1) * 255).round().byte().numpy()
            file = f"{name.replace('%batch_num%', str(number))}_{counter:05}_.png"
            Image.fromarray(pixels).save(
                os.path.join(full, file), pnginfo=told, compress_level=self.compress_level
            )
            shown.append({"filename": file, "subfolder": subfolder, "type": self.type})
            counter += 1
        return {"ui": {"images": shown}}


class PreviewImage(SaveImage):
    """Shows pictures, from files that need not last."""

    def __init__(self) -> None:
        super().__init__()
        self.output_dir = folder_paths.get_temp_directory()
        self.type = "temp"
        self.prefix_append = "_temp_preview"
        self.compress_level = 1

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {
            "required": {"images": ("IMAGE",)},
            "hidden": {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"},
        }
