"""Load CLIP Vision."""

from __future__ import annotations

from typing import Annotated

from safelight import ClipVision, Context, File, node

VisionName = Annotated[
    str, File("clip_vision", tip="A .safetensors file of ViT-L, ViT-H, ViT-bigG or another CLIP.")
]


@node(
    "CLIPVisionLoader",
    category="model/loaders",
    title="Load CLIP Vision",
    aliases=("image encoder", "ip-adapter"),
    lane="io",
)
def load_clip_vision(ctx: Context, *, clip_name: VisionName) -> ClipVision:
    """Choose an encoder of pictures from models/clip_vision: it says in numbers what a picture shows.

    How large it is follows from the file, which may have transformers' or OpenCLIP's names. unCLIP models,
    style models and the nodes of IP-Adapter packs want one, each a certain one.
    """
    from safelight import diffusion

    file = ctx.open(ctx.folders.find("clip_vision", clip_name))
    return diffusion.sight.load(file.path, file.digest)
