"""What a LoRA costs: `python -m bench.lora [--json]`.

A whole Stable Diffusion 1.5 UNet with random weights, fp32 on the CPU, and a kohya file of rank 16 that
changes all its 192 matrices of attention and feed-forward. Timed are the first use of the LoRA, the change of
its strength, and the way back to the pristine model. Sizes are what the model and the patched copy hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import family, lora, residency
from safelight.diffusion.handle import Handle, ModelHandle, Source
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.network import Unet
from safelight.diffusion.plan import Plan
from safelight.diffusion.sigma import DiscreteSampling
from safelight.diffusion.single import definition

RANK = 16
MODEL = ModelHandle(Source("", "random", "random sd15", "original", "unet"))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print, as lines or as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench.lora", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--threads", type=int, default=1, help="threads of the processor (1)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder) / "lora.safetensors", Plan(threads=options.threads))
    print(json.dumps(figures) if options.json else "\n".join(f"{k}: {v:.4g}" for k, v in figures.items()))
    return 0


def measured(path: Path, plan: Plan) -> dict[str, float]:
    """The figures, in seconds and megabytes."""
    loads: list[int] = []
    family.register("random sd15", lambda *given: loads.append(1) or unet(*given))
    with residency.lend(MODEL, plan) as network:
        tensors = network.tensors()
        layers = [name.removesuffix(".weight") for name in tensors if adapted(name, tensors[name])]
        write(path, {layer: tensors[f"{layer}.weight"] for layer in layers})
        whole = sum(tensor.nbytes for tensor in tensors.values())
    first = seconds(patched(path, 1.0), plan)
    switches = [seconds(patched(path, 0.1 * step), plan) for step in range(1, 4)]
    own = residency.used("cpu")
    back = seconds(MODEL, plan)
    return {
        "layers": len(layers),
        "loads": len(loads),
        "model_megabytes": whole / 1e6,
        "patched_megabytes": own / 1e6,
        "first_use_seconds": first,
        "change_of_strength_seconds": min(switches),
        "back_to_pristine_seconds": back,
    }


def adapted(name: str, tensor: Tensor) -> bool:
    """Whether kohya's scripts train this tensor."""
    return "transformer_blocks" in name and tensor.ndim == 2


def unet(_handle: Handle, plan: Plan, _check: Any) -> Unet:
    """A UNet with random weights."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    with torch.device("meta"):
        module = UNet2DConditionModel.from_config(dict(definition("sd15")["unet"]))
    state = {name: torch.randn(tensor.shape) * 0.02 for name, tensor in module.state_dict().items()}
    module.load_state_dict(state, assign=True)
    return Unet(module.requires_grad_(False).eval(), LatentFormat(), DiscreteSampling.scaled_linear(), plan)


def write(path: Path, weights: dict[str, Tensor]) -> None:
    """A kohya file for these layers, in fp16."""
    tensors: dict[str, Tensor] = {}
    for layer, weight in weights.items():
        name = "lora_unet_" + layer.replace(".", "_")
        tensors[f"{name}.lora_up.weight"] = torch.randn(weight.shape[0], RANK).half()
        tensors[f"{name}.lora_down.weight"] = torch.randn(RANK, weight.shape[1]).half()
        tensors[f"{name}.alpha"] = torch.tensor(float(RANK))
    save_file(tensors, path)


def patched(path: Path, strength: float) -> ModelHandle:
    """The model with the LoRA."""
    found, _ = lora.attached(path, "lora", MODEL, None, strength, 0.0)
    assert found is not None
    return found


def seconds(handle: Handle, plan: Plan) -> float:
    """How long it takes until a model can be used."""
    began = time.perf_counter()
    with residency.lend(handle, plan):
        return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
