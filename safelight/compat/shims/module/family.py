"""`comfy.model_base`, `comfy.supported_models` and their like: families, to be recognised by name."""

from __future__ import annotations

import enum
from typing import Any

from safelight.compat.shims.absent import absent, refusal
from safelight.compat.shims.module.latents import SD15 as LATENT_SD15
from safelight.compat.shims.module.latents import SDXL as LATENT_SDXL


class ModelType(enum.Enum):
    EPS = 1
    V_PREDICTION = 2
    V_PREDICTION_EDM = 3
    STABLE_CASCADE = 4
    EDM = 5
    FLOW = 6
    V_PREDICTION_CONTINUOUS = 7
    FLUX = 8
    IMG_TO_IMG = 9
    FLOW_COSMOS = 10
    IMG_TO_IMG_FLOW = 11


class BaseModel:
    """The inside of a model; ours are known as these."""

    def apply_model(self, *given: Any, **named: Any) -> Any:
        raise refusal("model.apply_model outside of a run")


class SDXL(BaseModel):
    pass


class SDXLRefiner(BaseModel):
    pass


class SD21UNCLIP(BaseModel):
    pass


class BASE:
    """What a family is like."""

    unet_config: dict[str, Any]
    unet_extra_config: dict[str, Any]
    sampling_settings: dict[str, Any]
    latent_format: Any = LATENT_SD15
    memory_usage_factor = 2.0

    def __init__(self, unet_config: dict[str, Any] | None = None) -> None:
        self.unet_config = dict(unet_config or {})
        self.sampling_settings = {}
        self.manual_cast_dtype = None
        self.custom_operations = None
        self.optimizations: dict[str, Any] = {"fp8": False}
        self.latent_format = type(self).latent_format()


class SD15(BASE):
    pass


class SD20(BASE):
    pass


class SDXLBase(BASE):
    latent_format = LATENT_SDXL


class SDXLRefinerConfig(SDXLBase):
    pass


_FAMILIES: dict[str, type] = {}


def marker(name: str) -> type:
    """An empty class for a family that there is no model of here: nothing is an instance of it."""
    if name not in _FAMILIES:
        _FAMILIES[name] = type(name, (), {"__module__": "comfy.model_base"})
    return _FAMILIES[name]


CLIP_NAMES = (
    "SDXLClipModel",
    "SDXLTokenizer",
    "SDXLRefinerClipModel",
    "SD1ClipModel",
    "SD1Tokenizer",
    "StableCascadeClipModel",
)
KNOWN = frozenset(
    [
        "SD3",
        "AuraFlow",
        "PixArt",
        "HunyuanDiT",
        "HunyuanDiT1",
        "HunyuanVideo",
        "Flux",
        "Flux2",
        "GenmoMochi",
        "LTXV",
        "LTXAV",
        "CosmosVideo",
        "Lumina2",
        "WAN21",
        "WAN22",
        "Hunyuan3Dv2",
        "HiDream",
        "Chroma",
        "ACEStep",
        "Omnigen2",
        "QwenImage",
        "Cosmos",
        "StableAudio1",
        "StableCascade_B",
        "StableCascade_C",
        "SVD_img2vid",
        "SV3D_p",
        "SV3D_u",
        "SD_X4Upscaler",
        "Stable_Zero123",
        "IP2P",
        "FluxSchnell",
        "FluxInpaint",
        "SSD1B",
        "Segmind_Vega",
        "KOALA_700M",
        "KOALA_1B",
        "SD15_instructpix2pix",
        "SDXL_instructpix2pix",
        "SD21UnclipL",
        "SD21UnclipH",
        "ZImage",
        "Kandinsky5",
        "HunyuanImage21",
        "InstructPix2Pix",
        "SVD",
        "SV3D",
        "StableAudio",
        "Hunyuan3D",
    ]
)


def __getattr__(name: str) -> Any:
    if name == "model_sampling":
        from safelight.compat.shims.module.levels import model_sampling

        return model_sampling
    if name in CLIP_NAMES or name in KNOWN:
        return marker(name)
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.model_base.{name}")


models: list[type] = [SD15, SD20, SDXLBase]
