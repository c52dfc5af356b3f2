"""`comfy_api.latest.io`: schema nodes, and a class with `Input` and `Output` for each type of socket."""

from __future__ import annotations

from typing import Any

from safelight.compat.shims.absent import absent
from safelight.compat.shims.module.io.dynamic import Autogrow, DynamicCombo, DynamicSlot, MatchType, MultiType
from safelight.compat.shims.module.io.input import NOT_OPTIONS, SAID, Input, Output, WidgetInput
from safelight.compat.shims.module.io.node import (
    ClassType,
    ComfyExtension,
    ComfyNode,
    NodeOutput,
    Schema,
    add_to_dict_v1,
)
from safelight.compat.shims.module.io.type import (
    ComfyType,
    ComfyTypeI,
    ComfyTypeIO,
    ComfyTypeMeta,
    Custom,
    comfytype,
    made,
)
from safelight.compat.shims.module.io.widget import (
    AnyType,
    Boolean,
    BoundingBox,
    Color,
    Combo,
    Curve,
    Float,
    Int,
    MultiCombo,
    String,
)
from safelight.compat.shims.module.io.word import (
    ControlAfterGenerate,
    FolderType,
    Hidden,
    HiddenHolder,
    NumberDisplay,
    RemoteOptions,
    UploadType,
)

PLAIN = {
    "Image": "IMAGE",
    "Mask": "MASK",
    "Latent": "LATENT",
    "Conditioning": "CONDITIONING",
    "Sampler": "SAMPLER",
    "Sigmas": "SIGMAS",
    "Noise": "NOISE",
    "Guider": "GUIDER",
    "Clip": "CLIP",
    "ControlNet": "CONTROL_NET",
    "Vae": "VAE",
    "Model": "MODEL",
    "ClipVision": "CLIP_VISION",
    "ClipVisionOutput": "CLIP_VISION_OUTPUT",
    "AudioEncoder": "AUDIO_ENCODER",
    "AudioEncoderOutput": "AUDIO_ENCODER_OUTPUT",
    "StyleModel": "STYLE_MODEL",
    "Gligen": "GLIGEN",
    "UpscaleModel": "UPSCALE_MODEL",
    "LatentUpscaleModel": "LATENT_UPSCALE_MODEL",
    "Audio": "AUDIO",
    "Video": "VIDEO",
    "SVG": "SVG",
    "LoraModel": "LORA_MODEL",
    "LossMap": "LOSS_MAP",
    "Voxel": "VOXEL",
    "Mesh": "MESH",
    "Hooks": "HOOKS",
    "HookKeyframes": "HOOK_KEYFRAMES",
    "TimestepsRange": "TIMESTEPS_RANGE",
    "LatentOperation": "LATENT_OPERATION",
    "FlowControl": "FLOW_CONTROL",
    "Accumulation": "ACCUMULATION",
    "Load3D": "LOAD_3D",
    "Load3DCamera": "LOAD3D_CAMERA",
    "Load3DAnimation": "LOAD_3D_ANIMATION",
    "Photomaker": "PHOTOMAKER",
    "Point": "POINT",
    "FaceAnalysis": "FACE_ANALYSIS",
    "BBOX": "BBOX",
    "SEGS": "SEGS",
    "WanCameraEmbedding": "WAN_CAMERA_EMBEDDING",
    "Webcam": "WEBCAM",
    "Tracks": "TRACKS",
    "ModelPatch": "MODEL_PATCH",
    "File3DAny": "FILE_3D",
    "Array": "ARRAY",
    "ImageCompare": "IMAGECOMPARE",
}


for _name, _io in PLAIN.items():
    globals()[_name] = made(_name, _io)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name[:1].isupper():
        return absent(f"comfy_api.latest.io.{name}")
    raise AttributeError(name)


__all__ = [
    "NOT_OPTIONS",
    "PLAIN",
    "SAID",
    "AnyType",
    "Autogrow",
    "Boolean",
    "BoundingBox",
    "ClassType",
    "Color",
    "Combo",
    "ComfyExtension",
    "ComfyNode",
    "ComfyType",
    "ComfyTypeI",
    "ComfyTypeIO",
    "ComfyTypeMeta",
    "ControlAfterGenerate",
    "Curve",
    "Custom",
    "DynamicCombo",
    "DynamicSlot",
    "Float",
    "FolderType",
    "Hidden",
    "HiddenHolder",
    "Input",
    "Int",
    "MatchType",
    "MultiCombo",
    "MultiType",
    "NodeOutput",
    "NumberDisplay",
    "Output",
    "RemoteOptions",
    "Schema",
    "String",
    "UploadType",
    "WidgetInput",
    "add_to_dict_v1",
    "comfytype",
]
