"""Large graphs: full chains from a model to a picture, over and over, as files that both editors open."""

from __future__ import annotations

from typing import Any

from safelight.compat import Document
from safelight.core.registry import Registry

Node = dict[str, Any]
Point = tuple[float, float]
STEP_X, STEP_Y = 360, 420
PICTURE = "example.png"
"""A picture in the input folder, which every tenth node shows."""
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


class Grid:
    """How the chains of a graph of `count` nodes are laid out; an even number of them side by side."""

    def __init__(self, count: int) -> None:
        chains = -(-count // len(CHAIN))
        self.count = count
        self.across = max(2, 2 * round((chains / 2) ** 0.5 / 2))
        self.down = -(-chains // self.across)

    @property
    def centre(self) -> Point:
        """The middle of the graph: always between two columns, a loader and a text to the right of it."""
        width, height = self.size
        return width / 2, (height - 60) / 2

    @property
    def size(self) -> Point:
        """How much room the whole graph takes, title bars included."""
        return self.across * len(CHAIN) * STEP_X - 60, (self.down - 1) * STEP_Y + 344

    @property
    def ground(self) -> Point:
        """A place near the middle where there is nothing."""
        return self.centre[0], self.centre[1] + (0 if self.down % 2 == 0 else STEP_Y / 2)

    @property
    def title(self) -> Point:
        """A place in the title bar of the loader that is nearest to the middle."""
        return self.centre[0] + 150, self._row - 15

    @property
    def text(self) -> Point:
        """A place in the text field of the node to its right."""
        return self.centre[0] + 30 + STEP_X + 140, self._row + 100

    @property
    def _row(self) -> float:
        return (self.down // 2) * STEP_Y


def workflow(count: int, registry: Registry) -> str:
    """A graph of `count` nodes as a workflow file."""
    return Document.from_named(document(count), registry).write()


def document(count: int) -> dict[str, Any]:
    """The same as a document by name."""
    grid = Grid(count)
    links = []
    for chain in range(0, count, len(CHAIN)):
        for source, slot, target, name, type in WIRES:
            if chain + target < count:
                link = {"id": len(links) + 1, "from": str(chain + source + 1), "slot": slot, "type": type}
                links.append({**link, "to": str(chain + target + 1), "input": name})
    nodes = [_node(index, grid.across) for index in range(count)]
    return {"format": "safelight", "version": 1, "nodes": nodes, "links": links, "groups": []}


def _node(index: int, across: int) -> Node:
    chain, place = divmod(index, len(CHAIN))
    type, width, height = CHAIN[place]
    values = {"text": f"a picture of thing {index}, in the evening light"} if type == "CLIPTextEncode" else {}
    return {
        "id": str(index + 1),
        "type": type,
        "title": "",
        "pos": [((chain % across) * len(CHAIN) + place) * STEP_X, (chain // across) * STEP_Y],
        "size": [width, height],
        "mode": "run",
        "values": {"image": PICTURE} if type == "LoadImage" else values,
    }
