"""Parameters: the text that the A1111 web page and its kin put into pictures, read as a workflow.

A best effort: prompts, LoRAs, model, sampler, schedule, steps, guidance, seed, size and clip skip are taken;
what else was done (extensions, inpainting, a second pass) is not in the text in a form that could be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LORA = re.compile(r"<lora:([^:<>]+)(?::(-?[\d.]+))?(?::[^<>]*)?>")
_FIELD = re.compile(r'\s*([A-Za-z][\w /+-]*):\s*("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)')
NEGATIVE = "Negative prompt:"
SCHEDULES = {
    "karras": "karras",
    "exponential": "exponential",
    "sgm uniform": "sgm_uniform",
    "simple": "simple",
    "beta": "beta",
    "ddim": "ddim_uniform",
    "kl optimal": "kl_optimal",
    "automatic": "normal",
    "uniform": "normal",
}
SAMPLERS = {
    "euler a": "euler_ancestral",
    "dpm++ 2m": "dpmpp_2m",
    "dpm++ sde": "dpmpp_sde",
    "dpm++ 2m sde": "dpmpp_2m_sde",
    "dpm++ 3m sde": "dpmpp_3m_sde",
    "dpm++ 2s a": "dpmpp_2s_ancestral",
    "dpm2": "dpm_2",
    "dpm2 a": "dpm_2_ancestral",
    "unipc": "uni_pc",
    "plms": "ipndm",
}
"""Where the name is not just the other one with underscores."""
SIZE = 512


def is_parameters(text: str) -> bool:
    """Whether a text is of this kind: its last line tells the steps."""
    return re.search(r"(^|\n)\s*Steps: \d+", text) is not None


def to_tree(text: str) -> dict[str, Any]:
    """The workflow that such a text tells of, as API-format JSON."""
    positive, negative, fields = _parts(text)
    sampler, schedule = _sampler(fields)
    width, _, height = fields.get("Size", "").partition("x")
    nodes: dict[str, Any] = {}

    def add(id: str, type: str, **inputs: Any) -> str:
        nodes[id] = {"class_type": type, "inputs": inputs}
        return id

    add("1", "CheckpointLoaderSimple", ckpt_name=_file(fields.get("Model", "model")))
    model, clip = ["1", 0], ["1", 1]
    for place, (name, strength) in enumerate(_loras(positive)):
        lora = {"lora_name": _file(name), "strength_model": strength, "strength_clip": strength}
        id = add(str(20 + place), "LoraLoader", model=model, clip=clip, **lora)
        model, clip = [id, 0], [id, 1]
    if (skip := _whole(fields.get("Clip skip"), 1)) > 1:
        clip = [add("10", "CLIPSetLastLayer", clip=clip, stop_at_clip_layer=-skip), 0]
    add("2", "CLIPTextEncode", text=_LORA.sub("", positive).strip(), clip=clip)
    add("3", "CLIPTextEncode", text=negative, clip=clip)
    add("4", "EmptyLatentImage", width=_whole(width, SIZE), height=_whole(height, SIZE), batch_size=1)
    wires: dict[str, Any] = {
        "model": model,
        "positive": ["2", 0],
        "negative": ["3", 0],
        "latent_image": ["4", 0],
    }
    numbers = {"seed": _whole(fields.get("Seed"), 0), "steps": _whole(fields.get("Steps"), 20)}
    settings = {"cfg": _real(fields.get("CFG scale"), 7.0), "sampler_name": sampler, "scheduler": schedule}
    add("5", "KSampler", **wires, **numbers, **settings, denoise=1.0)
    add("6", "VAEDecode", samples=["5", 0], vae=["1", 2])
    add("7", "SaveImage", images=["6", 0], filename_prefix="Safelight")
    return nodes


def hashes(text: str) -> dict[str, str]:
    """The hash of the model that such a text names, by the file's name."""
    _, _, fields = _parts(text)
    name, hash = fields.get("Model"), fields.get("Model hash")
    return {_file(name): hash} if name and hash else {}


def _parts(text: str) -> tuple[str, str, dict[str, str]]:
    """The prompt, the negative prompt and the settings by name."""
    lines = text.strip().split("\n")
    place = next(place for place in range(len(lines) - 1, -1, -1) if re.match(r"\s*Steps: \d+", lines[place]))
    fields = {
        name.strip(): value.strip().strip('"') for name, value in _FIELD.findall(" ".join(lines[place:]))
    }
    positive, _, negative = "\n".join(lines[:place]).partition(NEGATIVE)
    return positive.strip(), negative.strip(), fields


def _sampler(fields: dict[str, str]) -> tuple[str, str]:
    """The sampler and the schedule; older texts have both in one name."""
    name = fields.get("Sampler", "Euler").lower()
    schedule = SCHEDULES.get(fields.get("Schedule type", "").lower(), "normal")
    for word in ("karras", "exponential"):
        if name.endswith(f" {word}"):
            name, schedule = name.removesuffix(f" {word}"), word
    return SAMPLERS.get(name, name.replace("++", "pp").replace(" ", "_")), schedule


def _loras(prompt: str) -> Iterator[tuple[str, float]]:
    for name, strength in _LORA.findall(prompt):
        yield name, _real(strength, 1.0)


def _file(name: str) -> str:
    return name if name.endswith((".safetensors", ".ckpt")) else f"{name}.safetensors"


def _whole(text: str | None, otherwise: int) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 21 else otherwise


def _real(text: str | None, otherwise: float) -> float:
    found = re.fullmatch(r"-?\d{1,9}(\.\d{0,9})?", (text or "").strip())
    return float(found[0]) if found else otherwise
