"""Small random encoders of pictures and IP-Adapters, and a narrow Stable Diffusion 1.5 to put them on."""

from __future__ import annotations

from typing import Any

WIDTHS = (32, 64, 64, 64)
"""Channels of the levels of the narrow model."""
TEXT = 768
SEEING = 128
"""Width of the encoders; their vector for a whole picture is as long as ViT-H's."""
EMBEDS = 1024
TOKENS, QUERIES = 4, 16
"""Words that a picture becomes, of a plain adapter and of one that looks at parts."""
HEADS, HEAD, DEPTH = 12, 64, 4
"""Heads and layers of the latter."""

EYES = (
    "CLIP-ViT-H-14-laion2B-s32B-b79K",
    "CLIP-ViT-bigG-14-laion2B-39B-b160k",
    "clip-vit-large-patch14-336",
)
PLAIN = ("ip-adapter_sd15", "ip-adapter_sd15_light_v11", "ip-adapter_sd15_vit-G")
PARTS = ("ip-adapter-plus_sd15", "ip-adapter-plus-face_sd15", "ip_plus_composition_sd15")


def save_encoders(folder: Any) -> None:
    """Files with the names that packs look for, each the same small network of CLIP."""
    import torch
    from safetensors.torch import save_file

    from safelight.diffusion.vision import VisionTransformer

    torch.manual_seed(0)
    config = {
        "hidden_size": SEEING,
        "patch_size": 32,
        "image_size": 224,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "projection_dim": EMBEDS,
        "hidden_act": "quick_gelu",
        "causal": False,
    }
    module = VisionTransformer(config)
    torch.nn.init.normal_(module.embeddings.position_embedding.weight, std=0.1)
    tensors = {
        name if name.startswith("visual_projection") else f"vision_model.{name}": tensor
        for name, tensor in module.state_dict().items()
    }
    for name in EYES:
        save_file(tensors, folder / f"{name}.safetensors")


def save_adapters(folder: Any) -> None:
    """Adapters as they are published: a projection of what was seen, and keys and values for each layer."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(1)
    levels = (0, 0, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0, 3)  # of the layers, the middle's last
    layers = {
        f"ip_adapter.{2 * place + 1}.to_{kind}_ip.weight": torch.randn(WIDTHS[level], TEXT) * 0.1
        for place, level in enumerate(levels)
        for kind in "kv"
    }
    for name in PLAIN:
        save_file(layers | _projection(), folder / f"{name}.safetensors")
    for name in PARTS:
        save_file(layers | _resampler(), folder / f"{name}.safetensors")


def _projection() -> dict[str, Any]:
    return {
        **_linear("image_proj.proj", TOKENS * TEXT, EMBEDS, bias=True),
        **_norm("image_proj.norm", TEXT),
    }


def _resampler() -> dict[str, Any]:
    import torch

    inner = HEADS * HEAD
    made = {"image_proj.latents": torch.randn(1, QUERIES, TEXT) * 0.05}
    made |= _linear("image_proj.proj_in", TEXT, SEEING, bias=True)
    made |= _linear("image_proj.proj_out", TEXT, TEXT, bias=True) | _norm("image_proj.norm_out", TEXT)
    for layer in range(DEPTH):
        first, second = f"image_proj.layers.{layer}.0", f"image_proj.layers.{layer}.1"
        made |= _norm(f"{first}.norm1", TEXT) | _norm(f"{first}.norm2", TEXT) | _norm(f"{second}.0", TEXT)
        made |= _linear(f"{first}.to_q", inner, TEXT) | _linear(f"{first}.to_kv", 2 * inner, TEXT)
        made |= _linear(f"{first}.to_out", TEXT, inner)
        made |= _linear(f"{second}.1", 4 * TEXT, TEXT) | _linear(f"{second}.3", TEXT, 4 * TEXT)
    return made


def _linear(name: str, rows: int, columns: int, bias: bool = False) -> dict[str, Any]:
    import torch

    made = {f"{name}.weight": torch.randn(rows, columns) * columns**-0.5}
    return made | ({f"{name}.bias": torch.zeros(rows)} if bias else {})


def _norm(name: str, width: int) -> dict[str, Any]:
    import torch

    return {f"{name}.weight": torch.ones(width), f"{name}.bias": torch.zeros(width)}


def save_narrow(unets: Any, encoders: Any) -> None:
    """A random UNet of Stable Diffusion 1.5 with few channels, and a text encoder of one layer."""
    import torch
    from diffusers import UNet2DConditionModel
    from safetensors.torch import save_file

    from safelight.diffusion.single import definition
    from safelight.diffusion.transformer import TextTransformer

    torch.manual_seed(2)
    family = definition("sd15")
    unet = UNet2DConditionModel(**{**family["unet"], "block_out_channels": list(WIDTHS)})
    save_file({k: v.contiguous() for k, v in unet.state_dict().items()}, unets / "narrow.safetensors")
    config = {**family["text"][0]["config"], "num_hidden_layers": 1, "intermediate_size": 64}
    module = TextTransformer(config, projection=False)
    for table in (module.embeddings.token_embedding, module.embeddings.position_embedding):
        torch.nn.init.normal_(table.weight, std=0.02)
    named = {f"text_model.{name}": tensor.half() for name, tensor in module.state_dict().items()}
    save_file(named, encoders / "narrow.safetensors")
