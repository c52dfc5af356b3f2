"""`nodes` and `comfy_extras.nodes_*`: ComfyUI's own node classes, each calling our node of that name."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from safelight.compat.catalogue import node_info
from safelight.compat.shims.body import finished
from safelight.compat.shims.call import current
from safelight.compat.shims.facade import unwrapped, wrapped
from safelight.compat.shims.host import HOST
from safelight.compat.shims.module import device as model_management
from safelight.compat.shims.module import paths as folder_paths
from safelight.core.bind import outputs_of
from safelight.core.context import Context
from safelight.core.outcome import Blocked, Item
from safelight.core.socket import Lazy, Many
from safelight.core.spec import REQUIRED, NodeSpec

MAX_RESOLUTION = 16384
EXTENSION_WEB_DIRS: dict[str, str] = {}
LOADED_MODULE_DIRS: dict[str, str] = {}
NODE_CLASS_MAPPINGS: dict[str, Any] = HOST.classes
NODE_DISPLAY_NAME_MAPPINGS: dict[str, str] = HOST.titles

METHODS = {
    "KSampler": "sample",
    "KSamplerAdvanced": "sample",
    "CheckpointLoaderSimple": "load_checkpoint",
    "CLIPTextEncode": "encode",
    "CLIPSetLastLayer": "set_last_layer",
    "VAEDecode": "decode",
    "VAEEncode": "encode",
    "VAEDecodeTiled": "decode",
    "VAEEncodeTiled": "encode",
    "VAEEncodeForInpaint": "encode",
    "VAELoader": "load_vae",
    "EmptyLatentImage": "generate",
    "LatentUpscale": "upscale",
    "LatentUpscaleBy": "upscale",
    "LatentFromBatch": "frombatch",
    "RepeatLatentBatch": "repeat",
    "LatentComposite": "composite",
    "LatentBlend": "blend",
    "LatentRotate": "rotate",
    "LatentFlip": "flip",
    "LatentCrop": "crop",
    "SetLatentNoiseMask": "set_mask",
    "LoadImage": "load_image",
    "LoadImageMask": "load_image",
    "LoadImageOutput": "load_image",
    "LoadLatent": "load",
    "SaveLatent": "save",
    "ImageScale": "upscale",
    "ImageScaleBy": "upscale",
    "ImageInvert": "invert",
    "ImageBatch": "batch",
    "ImagePadForOutpaint": "expand_image",
    "EmptyImage": "generate",
    "ConditioningCombine": "combine",
    "ConditioningAverage": "addWeighted",
    "ConditioningConcat": "concat",
    "ConditioningSetArea": "append",
    "ConditioningSetAreaPercentage": "append",
    "ConditioningSetAreaStrength": "append",
    "ConditioningSetMask": "append",
    "ConditioningZeroOut": "zero_out",
    "ConditioningSetTimestepRange": "set_range",
    "ControlNetLoader": "load_controlnet",
    "DiffControlNetLoader": "load_controlnet",
    "ControlNetApply": "apply_controlnet",
    "ControlNetApplyAdvanced": "apply_controlnet",
    "UNETLoader": "load_unet",
    "CLIPLoader": "load_clip",
    "DualCLIPLoader": "load_clip",
    "LoraLoader": "load_lora",
    "LoraLoaderModelOnly": "load_lora_model_only",
    "InpaintModelConditioning": "encode",
}
"""What the method of each class is called; the others have `execute`."""
ORDERS = {
    "VAEDecode": ("vae", "samples"),
    "VAEEncode": ("vae", "pixels"),
    "VAEDecodeTiled": ("vae", "samples", "tile_size", "overlap", "temporal_size", "temporal_overlap"),
    "VAEEncodeTiled": ("vae", "pixels", "tile_size", "overlap", "temporal_size", "temporal_overlap"),
    "VAEEncodeForInpaint": ("vae", "pixels", "mask", "grow_mask_by"),
    "CLIPTextEncode": ("clip", "text"),
    "InpaintModelConditioning": ("positive", "negative", "pixels", "vae", "mask", "noise_mask"),
}
"""The order of a method's arguments where it is not that of the inputs."""
OTHER_NAMES = {
    "Blend": "ImageBlend",
    "Blur": "ImageBlur",
    "Quantize": "ImageQuantize",
    "Sharpen": "ImageSharpen",
}
"""Classes whose names are not their node types'."""


class CoreMeta(type):
    """Classes made of node types; any method name that they are asked for is the one that they have."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") or name.isupper() or "spec" not in vars(cls):
            raise AttributeError(name)
        return cls.execute  # type: ignore[attr-defined]


class CoreNode(metaclass=CoreMeta):
    """A node of ours as a class of ComfyUI's."""

    spec: NodeSpec
    FUNCTION = "execute"
    OUTPUT_NODE = False

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        said = node_info(cls.spec, HOST.folders.names)["input"]
        return {
            section: {name: tuple(one) for name, one in inputs.items()} for section, inputs in said.items()
        }

    @classmethod
    def execute(cls, *given: Any, **named: Any) -> tuple[Any, ...]:
        order = ORDERS.get(cls.spec.id) or tuple(one.name for one in cls.spec.inputs)
        return run(cls.spec, {**dict(zip(order, given, strict=False)), **named})

    @classmethod
    def IS_CHANGED(cls, **named: Any) -> Any:
        return None

    @classmethod
    def VALIDATE_INPUTS(cls, *given: Any, **named: Any) -> Any:
        names = [*given, *named.values()]
        missing = [
            one for one in names if isinstance(one, str) and not folder_paths.exists_annotated_filepath(one)
        ]
        return (
            f"Invalid image file: {missing[0]}" if missing and cls.spec.id.startswith("LoadImage") else True
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name.isupper():
            raise AttributeError(name)
        return type(self).execute


class Output(tuple[Any, ...]):
    """What a node gave, under both names that packs have for it."""

    @property
    def result(self) -> tuple[Any, ...]:
        return tuple(self)

    @property
    def args(self) -> tuple[Any, ...]:
        return tuple(self)


def run(spec: NodeSpec, values: Mapping[str, Any]) -> Output:
    """Call a node's function here, within the call of the pack's node that is under way."""
    given: dict[str, Any] = {}
    for one in spec.inputs:
        if one.name not in values:
            continue
        value = unwrapped(values[one.name])
        if one.many:
            value = Many(value if isinstance(value, (list, tuple)) else [value])
        given[one.name] = Lazy.of(value) if one.lazy else value
    known = {one.name for one in spec.inputs if one.default is not REQUIRED and one.default is not None}
    given = {name: value for name, value in given.items() if value is not None or name not in known}
    if spec.context is not None:
        given[spec.context] = context_here()
    outcome = spec.function(**given)
    if inspect.iscoroutine(outcome):
        outcome = finished(outcome)
    return Output(_plain(value) for value in outputs_of(spec, outcome))


def _plain(value: Any) -> Any:
    if isinstance(value, Many):
        return [wrapped(one.value if isinstance(one, Item) else one) for one in value]
    return None if isinstance(value, Blocked) else wrapped(value)


def context_here() -> Context:
    """The context of the call under way; outside of any, one that nobody listens to."""
    call = current()
    if call is not None:
        return call.context
    return Context.plain(HOST.folders.data, plan=HOST.plan)


def make(spec: NodeSpec) -> Any:
    """The class of a node type."""
    method = METHODS.get(spec.id, "execute")
    names = {
        "spec": spec,
        "FUNCTION": method,
        "CATEGORY": spec.category,
        "RETURN_TYPES": tuple(output.type for output in spec.outputs),
        "RETURN_NAMES": tuple(output.name for output in spec.outputs),
        "OUTPUT_NODE": spec.effect,
        "DESCRIPTION": spec.doc,
        "__module__": "nodes",
        "__doc__": spec.doc,
    }
    if any(output.many for output in spec.outputs):
        names["OUTPUT_IS_LIST"] = tuple(output.many for output in spec.outputs)
    if method != "execute":
        names[method] = CoreNode.__dict__["execute"]
    return CoreMeta(spec.id.replace(" ", "_"), (CoreNode,), names)


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


def fill() -> None:
    """List ComfyUI's own classes, as far as there are nodes of ours for them."""
    NODE_CLASS_MAPPINGS.setdefault("SaveImage", SaveImage)
    NODE_CLASS_MAPPINGS.setdefault("PreviewImage", PreviewImage)
    for spec in HOST.registry:
        if spec.id not in NODE_CLASS_MAPPINGS:
            NODE_CLASS_MAPPINGS[spec.id] = make(spec)
            NODE_DISPLAY_NAME_MAPPINGS[spec.id] = spec.title


def class_named(name: str) -> Any:
    """The class of ComfyUI's with this name, if there is a node of ours for it."""
    if name in ("SaveImage", "PreviewImage"):
        return globals()[name]
    if name.startswith(("Noise_", "Guider_")):
        return getattr(sys.modules["safelight.compat.shims.module.samplers"], name, None)
    name = OTHER_NAMES.get(name, name)
    return NODE_CLASS_MAPPINGS.get(name) if HOST.registry.find(name) is not None else None


def common_ksampler(
    model: Any,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent: Any,
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
) -> tuple[Any]:
    from safelight.compat.shims.module import sample

    samples = sample.fix_empty_latent_channels(model, latent["samples"])
    drawn = (
        sample.prepare_noise(samples, seed, latent.get("batch_index")) if not disable_noise else samples * 0
    )
    made = sample.sample(
        model,
        drawn,
        steps,
        cfg,
        sampler_name,
        scheduler,
        positive,
        negative,
        samples,
        denoise=denoise,
        disable_noise=disable_noise,
        start_step=start_step,
        last_step=last_step,
        force_full_denoise=force_full_denoise,
        noise_mask=latent.get("noise_mask"),
        seed=seed,
    )
    rest = {name: value for name, value in latent.items() if name != "downscale_ratio_spatial"}
    return ({**rest, "samples": made},)


def before_node_execution() -> None:
    model_management.throw_exception_if_processing_interrupted()


def interrupt_processing(value: bool = True) -> None:
    model_management.interrupt_current_processing(value)


async def init_extra_nodes(*given: Any, **named: Any) -> None:
    """They are there already."""


async def load_custom_node(*given: Any, **named: Any) -> bool:
    return False


def get_module_name(module_path: str) -> str:
    return os.path.splitext(os.path.basename(module_path))[0]


def __getattr__(name: str) -> Any:
    found = class_named(name)
    if found is not None:
        return found
    match name:
        case "comfy" | "folder_paths" | "node_helpers" | "latent_preview":
            return __import__(name)
        case "torch" | "np" | "numpy":
            return __import__({"np": "numpy"}.get(name, name))
    raise AttributeError(name)


def offered() -> list[str]:
    """What `from nodes import *` gives."""
    return [*(name for name in globals() if not name.startswith("_")), *NODE_CLASS_MAPPINGS]
