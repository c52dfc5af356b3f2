"""What the channels of a model's latents look like: `python -m bench.colours [MODEL] [--write]`.

Pictures are made with a model (the embedded one, or any file or folder), and red, green and blue of their
cells are fitted by the channels of their latents, by least squares. Printed are the map that previews use and
how far it is off on pictures that were left out, in levels of 255. With `--write` the model's folder gets the
map as `vae/colours.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from safelight.diffusion import checkpoint, residency, text, vae
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample

PLAN = Plan(threads=1)
THINGS = ("rocket", "red apple", "panda", "banana", "eggplant", "evergreen tree", "tropical fish", "pizza")
GROUNDS = ("white", "black", "red", "green", "blue", "yellow")
PROMPTS = [f"{thing} on a {ground} background" for thing in THINGS for ground in GROUNDS]


def main(arguments: list[str] | None = None) -> int:
    """Fit, print, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.colours", description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, default=checkpoint.builtin()["emoji"])
    parser.add_argument("--side", type=int, default=64, help="the edge of the pictures in pixels (64)")
    parser.add_argument("--write", action="store_true", help="write vae/colours.json into the model's folder")
    options = parser.parse_args(arguments)
    cells, colours = made(options.model, options.side)
    known = fitted(cells[1::2].flatten(0, 1), colours[1::2].flatten(0, 1))
    error = float((shown(cells[::2], known) - colours[::2]).abs().mean()) * 127.5
    tree = {"rows": known[:-1].tolist(), "bias": known[-1].tolist()}
    print(json.dumps(tree), f"off by {error:.1f} levels on average", sep="\n")
    if options.write:
        (options.model / "vae/colours.json").write_text(json.dumps(tree) + "\n", encoding="utf-8")
    return 0


def made(path: Path, side: int) -> tuple[Tensor, Tensor]:
    """Cells [N, h * w, C] as a network sees them, and their mean colours [N, h * w, 3] in -1..1."""
    model: Any = checkpoint.load(path, digest=str(path))
    with residency.lend(model.model, PLAN) as network:
        inside = network.latent.process_in
    pairs = [_pair(model, prompt, side) for prompt in PROMPTS]
    cells = torch.cat([inside(samples).flatten(2).transpose(1, 2) for samples, _ in pairs])
    return cells, torch.cat([colours.flatten(2).transpose(1, 2) for _, colours in pairs])


def _pair(model: Any, prompt: str, side: int) -> tuple[Tensor, Tensor]:
    """A latent and, of its picture, the mean colour of each cell."""
    asked, nothing = (text.encode(model.clip, words, plan=PLAN) for words in (prompt, ""))
    empty = {"samples": torch.zeros(1, 4, side // 8, side // 8)}
    how: dict[str, Any] = {"seed": 1, "steps": 10, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
    samples = sample(model.model, empty, asked, nothing, plan=PLAN, **how)["samples"]
    picture = vae.decode(model.vae, samples, plan=PLAN).movedim(-1, 1)
    return samples, avg_pool2d(picture, picture.shape[-1] // samples.shape[-1]) * 2 - 1


def fitted(cells: Tensor, colours: Tensor) -> Tensor:
    """A row of colours for each channel, and one that is added, which fit best; of four digits."""
    best: Tensor = torch.linalg.lstsq(_with_one(cells), colours).solution
    return best.double().mul(1e4).round().div(1e4)


def shown(cells: Tensor, known: Tensor) -> Tensor:
    """The colours of cells by such rows."""
    return _with_one(cells) @ known.to(cells)


def _with_one(cells: Tensor) -> Tensor:
    return torch.cat([cells, torch.ones_like(cells[..., :1])], dim=-1)


if __name__ == "__main__":
    sys.exit(main())
