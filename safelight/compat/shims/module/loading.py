"""`comfy.sd`: text encoders and VAEs as objects with methods, and the functions that load models."""

from __future__ import annotations

import enum
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from safelight.compat.shims.absent import absent, refusal
from safelight.compat.shims.module import device as devices
from safelight.compat.shims.module import patcher as patchers
from safelight.diffusion import checkpoint, lone, lora, residency, text, vae
from safelight.diffusion.failure import UnsupportedError


class CLIPType(enum.Enum):
    STABLE_DIFFUSION = 1
    STABLE_CASCADE = 2
    SD3 = 3
    STABLE_AUDIO = 4
    HUNYUAN_DIT = 5
    FLUX = 6
    MOCHI = 7
    LTXV = 8
    HUNYUAN_VIDEO = 9
    PIXART = 10
    COSMOS = 11
    LUMINA2 = 12
    WAN = 13
    HIDREAM = 14
    CHROMA = 15
    ACE = 16
    OMNIGEN2 = 17
    QWEN_IMAGE = 18
    HUNYUAN_IMAGE = 19


NAMES = {1: ("l",), 2: ("l", "g")}
"""What packs call the text encoders of a model, by how many there are."""


def _context() -> Any:
    from safelight.compat.shims.module.corenodes import context_here

    return context_here()


def _find(name: str) -> Any:
    return _context().find("embeddings", name)


class Tokens(dict[str, Any]):
    """Chunks of (token, weight) by encoder, with the text that they are of."""

    text: str | None = None


class CLIP:
    """A text encoder of ours."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.layer_idx = handle.last_layer
        self.patcher = patchers.ModelPatcher(
            SimpleNamespace(handle=None), devices.text_encoder_device(), devices.text_encoder_offload_device()
        )
        self.use_clip_schedule = False
        self.apply_hooks_to_conds: Any = None
        self.cond_stage_model = patchers.Missing("clip.cond_stage_model")

    @classmethod
    def of_handle(cls, handle: Any) -> CLIP:
        return cls(handle)

    def safelight_value(self) -> Any:
        return self._effective()

    def _effective(self) -> Any:
        return (
            self.handle
            if self.layer_idx == self.handle.last_layer
            else replace(self.handle, last_layer=self.layer_idx)
        )

    @property
    def tokenizer(self) -> Any:
        return Tokenizer(self)

    def clone(self, **more: Any) -> CLIP:
        made = CLIP(self.handle)
        made.layer_idx = self.layer_idx
        return made

    def clip_layer(self, layer_idx: int) -> None:
        self.layer_idx = layer_idx

    def add_patches(
        self, patches: Any, strength_patch: float = 1.0, strength_model: float = 1.0
    ) -> list[str]:
        if not patches:
            return []
        raise refusal("CLIP.add_patches (weights by ComfyUI's names)")

    def load_model(self, *given: Any) -> Any:
        return self.patcher

    def get_sd(self) -> Any:
        raise refusal("CLIP.get_sd")

    def get_key_patches(self) -> Any:
        raise refusal("CLIP.get_key_patches")

    def _lent(self) -> Any:
        return residency.lend(self._effective(), patchers.plan_here(), _context())

    def _names(self, encoder: Any) -> list[str]:
        towers = encoder.towers
        if len(towers) == 1:
            width = towers[0].model.config["hidden_size"]
            return ["l" if width == 768 else "h" if width == 1024 else "g" if width == 1280 else "l"]
        return list(NAMES.get(len(towers), tuple(str(place) for place in range(len(towers)))))

    def tokenize(self, text: str, return_word_ids: bool = False, **more: Any) -> dict[str, Any]:
        made = Tokens()
        made.text = text
        with self._lent() as encoder, torch.no_grad():
            for name, tower in zip(self._names(encoder), encoder.towers, strict=True):
                groups = tower.groups(text, _find)
                chunks = tower.chunks(groups)
                if not return_word_ids:
                    made[name] = [[(token, weight) for token, weight in chunk] for chunk in chunks]
                    continue
                words = [number for number, group in enumerate(groups, 1) for _ in group]
                made[name] = _numbered(chunks, words, tower.vocabulary)
        return made

    def _encode(self, tokens: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """The vectors of tokens, whatever a pack made of them."""
        with self._lent() as encoder, torch.no_grad():
            layer = self._effective().last_layer
            found = []
            for name, tower in zip(self._names(encoder), encoder.towers, strict=True):
                chunks = [[(piece[0], float(piece[1])) for piece in chunk] for chunk in tokens[name]]
                found.append(_encoded(tower, chunks, layer))
            length = min(vectors.shape[1] for vectors, _ in found)
            vectors = torch.cat([vectors[:, :length] for vectors, _ in found], dim=-1)
        return vectors.float().cpu(), found[-1][1].float().cpu()

    def encode_from_tokens(self, tokens: Any, return_pooled: Any = False, return_dict: bool = False) -> Any:
        cond, pooled = self._encode(tokens)
        if return_pooled == "unprojected":
            raise refusal("CLIP.encode_from_tokens(return_pooled='unprojected')")
        if return_dict:
            return {"cond": cond, "pooled_output": pooled}
        return (cond, pooled) if return_pooled else cond

    def encode_from_tokens_scheduled(
        self, tokens: Any, unprojected: bool = False, add_dict: Any = None, show_pbar: bool = True
    ) -> list[Any]:
        cond, pooled = self._encode(tokens)
        return [[cond, {"pooled_output": pooled, **(add_dict or {})}]]

    def encode(self, text_: str) -> Tensor:
        return self._encode(self.tokenize(text_))[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"CLIP.{name}", attribute=True)


class Tokenizer:
    """A text encoder's tokenizer, as much of it as packs use."""

    def __init__(self, clip: CLIP) -> None:
        self._clip = clip

    def tokenize_with_weights(self, text: str, return_word_ids: bool = False, **more: Any) -> Any:
        return self._clip.tokenize(text, return_word_ids)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise refusal(f"CLIP.tokenizer.{name}", attribute=True)


def _numbered(chunks: list[Any], words: list[int], vocabulary: Any) -> list[Any]:
    """Chunks whose pieces say which word they are of; marks and filling are of none."""
    left = iter(words)
    made = []
    for chunk in chunks:
        end = next(
            (i for i, (t, _) in enumerate(chunk) if isinstance(t, int) and t == vocabulary.end and i),
            len(chunk),
        )
        made.append(
            [(token, weight, next(left, 0) if 0 < i < end else 0) for i, (token, weight) in enumerate(chunk)]
        )
    return made


def _encoded(tower: Any, chunks: list[Any], layer: int | None) -> tuple[Tensor, Tensor]:
    weighted = any(weight != 1.0 for chunk in chunks for _, weight in chunk)
    out = tower._run(  # noqa: SLF001 - our own, one layer down
        [*chunks, tower.empty()] if weighted else chunks, layer or tower.last_layer, lambda: None
    )
    vectors = out.layer
    if weighted:
        vectors = text.weigh(vectors[:-1], vectors[-1:], chunks)
    return vectors.flatten(0, 1)[None], out.pooled[:1]


class VAE:
    """A VAE of ours."""

    def __init__(
        self,
        sd: Any = None,
        device: Any = None,
        config: Any = None,
        dtype: Any = None,
        metadata: Any = None,
        handle: Any = None,
    ) -> None:
        if handle is None:
            raise refusal("comfy.sd.VAE(sd=...) from tensors")
        self.handle = handle
        self.device = devices.vae_device()
        self.output_device = devices.intermediate_device()
        self.vae_dtype = torch.float32
        self.latent_dim = 2
        self.not_video = True
        self.patcher = patchers.ModelPatcher(
            SimpleNamespace(handle=None), self.device, devices.vae_offload_device()
        )
        self.first_stage_model = patchers.Missing("vae.first_stage_model")

    @classmethod
    def of_handle(cls, handle: Any) -> VAE:
        return cls(handle=handle)

    def safelight_value(self) -> Any:
        return self.handle

    def _plan(self) -> Any:
        return patchers.plan_here()

    def _config(self) -> tuple[int, int]:
        if not hasattr(self, "_shape"):
            with residency.lend(self.handle, self._plan(), _context()) as model:
                self._shape = (model.factor, model.channels)
        return self._shape

    @property
    def downscale_ratio(self) -> int:
        return self._config()[0]

    upscale_ratio = downscale_ratio

    @property
    def latent_channels(self) -> int:
        return self._config()[1]

    upscale_index_formula = downscale_index_formula = None

    def spacial_compression_decode(self) -> int:
        return self.downscale_ratio

    spacial_compression_encode = spacial_compression_decode

    def temporal_compression_decode(self) -> None:
        return None

    def throw_exception_if_invalid(self) -> None:
        """A handle is always of a VAE."""

    def vae_encode_crop_pixels(self, pixels: Tensor) -> Tensor:
        return vae.cropped(pixels, self.downscale_ratio)

    def encode(self, pixel_samples: Tensor) -> Tensor:
        return vae.encode(self.handle, pixel_samples, plan=self._plan(), watch=_context())

    def decode(self, samples_in: Tensor, vae_options: Any = None) -> Tensor:
        return vae.decode(self.handle, samples_in, plan=self._plan(), watch=_context())

    def encode_tiled(
        self,
        pixel_samples: Tensor,
        tile_x: Any = None,
        tile_y: Any = None,
        overlap: Any = None,
        tile_t: Any = None,
        overlap_t: Any = None,
    ) -> Tensor:
        return vae.encode_tiled(
            self.handle,
            pixel_samples,
            tile_x or 512,
            overlap if overlap is not None else 64,
            plan=self._plan(),
            watch=_context(),
        )

    def decode_tiled(
        self,
        samples: Tensor,
        tile_x: Any = None,
        tile_y: Any = None,
        overlap: Any = None,
        tile_t: Any = None,
        overlap_t: Any = None,
    ) -> Tensor:
        factor = self.downscale_ratio
        shared = None if overlap is None else overlap * factor
        return vae.decode_tiled(
            self.handle, samples, (tile_x or 64) * factor, shared, plan=self._plan(), watch=_context()
        )

    decode_tiled_ = decode_tiled
    encode_tiled_ = encode_tiled

    def get_sd(self) -> Any:
        raise refusal("VAE.get_sd")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"VAE.{name}", attribute=True)


class UpscaleModel:
    """A network that enlarges, as packs know spandrel's descriptors."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def safelight_value(self) -> Any:
        return self.handle

    @property
    def scale(self) -> int:
        from safelight.diffusion import upscale

        found = getattr(upscale, "scale", None)
        if found is not None:
            return int(found(self.handle, plan=patchers.plan_here(), watch=_context()))
        with residency.lend(self.handle, patchers.plan_here(), _context()) as network:
            return int(network.scale)

    @property
    def model(self) -> Any:
        return self

    def to(self, *given: Any) -> UpscaleModel:
        return self

    cpu = cuda = eval = to

    def __call__(self, image: Tensor) -> Tensor:
        from safelight.diffusion import upscale

        pixels = image.movedim(1, -1).float().cpu()
        return (
            upscale.upscale(self.handle, pixels, plan=patchers.plan_here(), watch=_context())
            .movedim(-1, 1)
            .to(image)
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "handle":
            raise AttributeError(name)
        raise refusal(f"UPSCALE_MODEL.{name}", attribute=True)


# -- loading


def _opened(path: Any) -> Any:
    return _context().open(Path(path))


def load_checkpoint_guess_config(
    ckpt_path: Any,
    output_vae: bool = True,
    output_clip: bool = True,
    output_clipvision: bool = False,
    embedding_directory: Any = None,
    output_model: bool = True,
    **more: Any,
) -> tuple[Any, Any, Any, Any]:
    from safelight.compat.shims.facade import wrapped

    file = _opened(ckpt_path)
    model, clip, found = checkpoint.load(file.path, file.digest)
    return (
        wrapped(model) if output_model and model else None,
        wrapped(clip) if output_clip and clip else None,
        wrapped(found) if output_vae and found else None,
        None,
    )


def load_checkpoint(
    config_path: Any = None,
    ckpt_path: Any = None,
    output_vae: bool = True,
    output_clip: bool = True,
    embedding_directory: Any = None,
    **more: Any,
) -> Any:
    return load_checkpoint_guess_config(ckpt_path, output_vae, output_clip)[:3]


def load_diffusion_model(unet_path: Any, model_options: Any = None, **more: Any) -> Any:
    from safelight.compat.shims.facade import wrapped

    file = _opened(unet_path)
    return wrapped(lone.unet(file.path, file.digest))


load_unet = load_diffusion_model


def load_clip(
    ckpt_paths: Any,
    embedding_directory: Any = None,
    clip_type: Any = CLIPType.STABLE_DIFFUSION,
    model_options: Any = None,
) -> Any:
    files = [_opened(path) for path in ckpt_paths]
    return CLIP(lone.clip([(file.path, file.digest) for file in files]))


def load_lora_for_models(
    model: Any, clip: Any, lora_sd: Any, strength_model: float, strength_clip: float
) -> tuple[Any, Any]:
    """Adapters are attached by file here; tensors that came from one know which it was."""
    source = getattr(lora_sd, "safelight_path", None)
    if source is None:
        raise refusal("comfy.sd.load_lora_for_models with tensors of no file")
    return attach(model, clip, source, strength_model, strength_clip)


def attach(model: Any, clip: Any, path: Any, strength_model: float, strength_clip: float) -> tuple[Any, Any]:
    """A model and its text encoder with an adapter; either may be None."""
    file = _opened(path)
    made = []
    for one, strength in ((model, strength_model), (clip, strength_clip)):
        made.append(None if one is None else _attached(one, file, strength))
    return made[0], made[1]


def _attached(one: Any, file: Any, strength: float) -> Any:
    new = one.clone()
    handle = one.handle if isinstance(one, CLIP) else patchers._pristine(one.handle)  # noqa: SLF001
    if isinstance(one, CLIP):
        new.handle = (
            lora.attached(file.path, file.digest, None, handle, 0.0, strength)[1] if strength else handle
        )
    else:
        patched = (
            lora.attached(file.path, file.digest, handle, None, strength, 0.0)[0] if strength else handle
        )
        new.model = type(one.model)(patched)
    return new


def load_text_encoder_state_dicts(*given: Any, **named: Any) -> Any:
    raise refusal("comfy.sd.load_text_encoder_state_dicts")


def load_diffusion_model_state_dict(*given: Any, **named: Any) -> Any:
    raise refusal("comfy.sd.load_diffusion_model_state_dict")


def load_state_dict_guess_config(*given: Any, **named: Any) -> Any:
    raise refusal("comfy.sd.load_state_dict_guess_config")


class StyleModel:
    """Not offered."""


def __getattr__(name: str) -> Any:
    match name:
        case "model_management":
            return devices
        case "torch":
            return torch
        case "UnsupportedError":
            return UnsupportedError
    if name.startswith("__"):
        raise AttributeError(name)
    return absent(f"comfy.sd.{name}")
