"""Large graphs by name: full chains from a model to a picture, over and over."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]
STEP_X, STEP_Y = 360, 420
CHAIN: tuple[tuple[str, int, int], ...] = (
    ("CheckpointLoaderSimple", 300, 100),
    ("CLIPTextEncode", 300, 140),
    ("CLIPTextEncode", 300, 140),
    ("EmptyLatentImage", 300, 106),
    ("KSampler", 300, 262),
    ("VAEDecode", 220, 46),
    ("ImageScale", 300, 130),
    ("ImageInvert", 220, 46),
    ("SaveImage", 300, 300),
    ("LoadImage", 300, 314),
)
WIRES: tuple[tuple[int, int, int, str, str], ...] = (
    (0, 0, 4, "model", "MODEL"),
    (0, 1, 1, "clip", "CLIP"),
    (0, 1, 2, "clip", "CLIP"),
    (1, 0, 4, "positive", "CONDITIONING"),
    (2, 0, 4, "negative", "CONDITIONING"),
    (3, 0, 4, "latent_image", "LATENT"),
    (4, 0, 5, "samples", "LATENT"),
    (0, 2, 5, "vae", "VAE"),
    (5, 0, 6, "image", "IMAGE"),
    (6, 0, 7, "image", "IMAGE"),
    (7, 0, 8, "images", "IMAGE"),
)
"""From, output, to, input within a chain, and the type."""


def document(count: int) -> dict[str, Any]:
    """A graph of `count` nodes in rows of chains, every tenth with a picture."""
    nodes = [_node(index, count) for index in range(count)]
    links = []
    for chain in range(0, count, len(CHAIN)):
        for source, slot, target, name, type in WIRES:
            if chain + target < count:
                link = {"id": len(links) + 1, "from": str(chain + source + 1), "slot": slot, "type": type}
                links.append({**link, "to": str(chain + target + 1), "input": name})
    return {"format": "safelight", "version": 1, "nodes": nodes, "links": links, "groups": []}


def _node(index: int, count: int) -> Node:
    place = index % len(CHAIN)
    type, width, height = CHAIN[place]
    across = max(1, round((count / len(CHAIN) / 2) ** 0.5))
    chain = index // len(CHAIN)
    x = (chain % across) * len(CHAIN) * STEP_X + place * STEP_X
    values = {"text": f"a picture of thing {index}, in the evening light"} if type == "CLIPTextEncode" else {}
    if type == "LoadImage":
        values = {"image": "example.png"}
    return {
        "id": str(index + 1),
        "type": type,
        "title": "",
        "pos": [x, (chain // across) * STEP_Y],
        "size": [width, height],
        "mode": "run",
        "values": values,
    }
