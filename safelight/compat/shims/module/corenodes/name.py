"""How the methods and inputs of ComfyUI's own nodes are called, where packs call them."""

from __future__ import annotations

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
    "CLIPVisionLoader": "load_clip",
    "CLIPVisionEncode": "encode",
    "StyleModelLoader": "load_style_model",
    "StyleModelApply": "apply_stylemodel",
    "unCLIPCheckpointLoader": "load_checkpoint",
    "unCLIPConditioning": "apply_adm",
}
"""What the method of each class is called; the others have `execute`."""


ORDERS = {
    "VAEDecode": ("vae", "samples"),
    "VAEEncode": ("vae", "pixels"),
    "VAEDecodeTiled": ("vae", "samples", "tile_size", "overlap", "temporal_size", "temporal_overlap"),
    "VAEEncodeTiled": ("vae", "pixels", "tile_size", "overlap", "temporal_size", "temporal_overlap"),
    "VAEEncodeForInpaint": ("vae", "pixels", "mask", "grow_mask_by"),
    "CLIPTextEncode": ("clip", "text"),
    "ConditioningSetMask": ("conditioning", "mask", "set_cond_area", "strength"),
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
