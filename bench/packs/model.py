"""Small models, so that loaders have something to load: the shipped one in parts, and narrow random ones."""

from __future__ import annotations

from typing import Any

from bench.packs import vision

PARTS = {
    "VAESave": ("vae", 2, "vae"),
    "CLIPSave": ("clip", 1, "text_encoders"),
    "ModelSave": ("model", 0, "diffusion_models"),
}
"""The nodes that save a part of a model: input, output of the loader, kind of models."""
RANK = 4


def make(engine: Any) -> None:
    """Fill the folders of models."""
    _save_parts(engine)
    _save_control_net(engine)
    _save_upscaler(engine)
    _save_lora(engine)
    _save_embedding(engine)
    vision.save_encoders(_place(engine, "clip_vision"))
    vision.save_adapters(_place(engine, "ipadapter"))


def make_narrow(engine: Any) -> None:
    """A Stable Diffusion 1.5 of few channels, for graphs."""
    vision.save_narrow(_place(engine, "diffusion_models"), _place(engine, "text_encoders"))


def _save_parts(engine: Any) -> None:
    """The shipped model as a checkpoint and in its parts."""
    from safelight.core.graph import Graph, Link

    graph = Graph()
    graph.add("load", "CheckpointLoaderSimple", ckpt_name=engine.folders.names("checkpoints")[0])
    parts = {name: Link("load", slot) for name, slot in (("model", 0), ("clip", 1), ("vae", 2))}
    graph.add("all", "CheckpointSave", filename_prefix="all/small", **parts)
    for id, (name, slot, kind) in PARTS.items():
        graph.add(id, id, filename_prefix=f"{kind}/small", **{name: Link("load", slot)})
    for root in ("all", *PARTS):  # what is of no layout that a single file has is left out
        engine.run(graph, [root])
    for kind in ("all", *(kind for _, _, kind in PARTS.values())):
        target = _place(engine, "checkpoints" if kind == "all" else kind)
        for file in (engine.folders.output / kind).glob("*.safetensors"):
            file.rename(target / file.name)


def _place(engine: Any, kind: str) -> Any:
    folder = engine.folders.root(kind)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _save_control_net(engine: Any) -> None:
    """A narrow ControlNet of Stable Diffusion 1.5 with random weights."""
    from diffusers import ControlNetModel
    from safetensors.torch import save_file

    from safelight.diffusion import controlnet
    from safelight.diffusion.single import definition

    unet = definition("sd15")["unet"]
    config = {name: value for name, value in unet.items() if name not in controlnet.NOT_SHARED}
    hint = {"conditioning_embedding_out_channels": [4, 8, 8, 16]}
    net = ControlNetModel(**config | hint | {"block_out_channels": [32, 64, 64, 64]})
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(tensors, _place(engine, "controlnet") / "small.safetensors")


def _save_upscaler(engine: Any) -> None:
    """A random ESRGAN, where there is something to run it with."""
    try:
        from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet
    except ImportError:
        return
    from safetensors.torch import save_file

    tensors = RRDBNet(num_filters=8, num_blocks=1, scale=2).state_dict()
    save_file(tensors, _place(engine, "upscale_models") / "small.safetensors")


def _save_lora(engine: Any) -> None:
    """A kohya file for the attention of the shipped model."""
    import torch
    from safetensors.torch import save_file

    from safelight.diffusion import checkpoint, residency

    model, _, _ = checkpoint.load(checkpoint.builtin()["emoji"], digest="e" * 64)
    tensors = {}
    with residency.lend(model, engine.plan) as network:
        for name, tensor in network.tensors().items():
            if "attn" in name and tensor.ndim == 2 and name.endswith(".weight"):
                flat = "lora_unet_" + name.removesuffix(".weight").replace(".", "_")
                tensors[f"{flat}.lora_up.weight"] = torch.randn(tensor.shape[0], RANK) * 0.01
                tensors[f"{flat}.lora_down.weight"] = torch.randn(RANK, tensor.shape[1]) * 0.01
                tensors[f"{flat}.alpha"] = torch.tensor(float(RANK))
    save_file(tensors, _place(engine, "loras") / "small.safetensors")


def _save_embedding(engine: Any) -> None:
    """A textual inversion as wide as the shipped model's text encoder."""
    import torch
    from safetensors.torch import save_file

    save_file({"emb_params": torch.randn(2, 128)}, _place(engine, "embeddings") / "small.safetensors")
