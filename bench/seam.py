"""Whether tiles show in a picture: `python -m bench.seam [--picture FILE] [--json]`.

Pictures of the embedded model are enlarged, encoded, denoised a little and decoded, all in tiles. A seam is
a line along a border of tiles where neighbouring pixels differ more than beside it: the ratio says how much,
1 where no border can be told from any other line. It is given for the picture worked on as a whole, for tiles
whose predictions are averaged (`Sample in Tiles`), and for tiles that know nothing of each other. Exits with
1 if the second is above the limit, or the third so low that the measure tells nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from safelight.diffusion import checkpoint, mosaic, picture, resize, text, tile, vae
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample

LIMIT = 1.15
BESIDE = 4
"""How many lines on either side a border is compared with."""
CELL, TILE, OVERLAP, SIDE = 8, 64, 32, 192
PLAN = Plan(threads=1)
PROMPTS = ("a rocket", "a red apple on a blue background")


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 if a seam shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.seam", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--picture", type=Path, help="where to save the pictures, side by side")
    options = parser.parse_args(arguments)
    pictures = {way: torch.cat(made) for way, made in worked().items()}
    figures = {way: ratio(made, borders(way)) for way, made in pictures.items()}
    if options.picture:
        rows = [torch.cat(list(made), dim=1) for made in pictures.values()]
        picture.save(torch.cat(rows), options.picture)
    print(json.dumps(figures) if options.json else "\n".join(f"{k}: {v:.3f}" for k, v in figures.items()))
    return int(figures["averaged tiles"] > LIMIT or figures["separate tiles"] < 2 * LIMIT)


def worked() -> dict[str, list[Tensor]]:
    """The pictures [1, H, W, 3] in 0..1 that each way of working makes."""
    model: Any = checkpoint.load(checkpoint.builtin()["emoji"], digest="emoji")
    found: dict[str, list[Tensor]] = {"whole": [], "averaged tiles": [], "separate tiles": []}
    for prompt in PROMPTS:
        large = enlarged(model, prompt)
        found["whole"].append(_through(model, model.model, large, 0, 0))
        tiled = mosaic.with_tiles(model.model, TILE, OVERLAP)
        found["averaged tiles"].append(_through(model, tiled, large, TILE, OVERLAP))
        apart = tile.tiled(large.movedim(-1, 1), lambda part: _alone(model, part), TILE, 1, 1, 0)
        found["separate tiles"].append(apart.movedim(1, -1))
    return found


def enlarged(model: Any, prompt: str) -> Tensor:
    """A picture of the model, three times as large as it can make it."""
    asked, nothing = (text.encode(model.clip, words, plan=PLAN) for words in (prompt, ""))
    empty = {"samples": torch.zeros(1, 4, TILE // CELL, TILE // CELL)}
    made = sample(
        model.model,
        empty,
        asked,
        nothing,
        seed=3,
        steps=12,
        cfg=4.0,
        sampler_name="euler",
        scheduler="normal",
        plan=PLAN,
    )
    small = vae.decode(model.vae, made["samples"], plan=PLAN).movedim(-1, 1)
    return resize.resize(small, SIDE, SIDE, "lanczos").movedim(1, -1).clamp(0, 1)


def _through(model: Any, network: ModelHandle, large: Tensor, edge: int, overlap: int) -> Tensor:
    """The picture [1, H, W, 3] encoded, denoised a little and decoded, in tiles of an edge (0 for none)."""
    nothing = text.encode(model.clip, "", plan=PLAN)
    samples = vae.encode_tiled(model.vae, large, edge, overlap, plan=PLAN)
    denoised = sample(
        network,
        {"samples": samples},
        nothing,
        nothing,
        seed=5,
        steps=2,
        cfg=1.0,
        sampler_name="euler",
        scheduler="normal",
        denoise=0.3,
        plan=PLAN,
    )
    return vae.decode_tiled(model.vae, denoised["samples"], edge, overlap, plan=PLAN)


def _alone(model: Any, part: Tensor) -> Tensor:
    """A tile [1, 3, h, w] of a picture for which nothing else is there."""
    return _through(model, model.model, part.movedim(1, -1), 0, 0).movedim(-1, 1)


def borders(way: str) -> list[int]:
    """The rows, and columns, at which a tile begins or ends within the picture."""
    spans = tile.tiles((SIDE, 1), TILE, 0 if way == "separate tiles" else OVERLAP, 1)
    return sorted({place for rows, _ in spans for place in (rows.start, rows.stop)} - {0, SIDE})


def ratio(pictures: Tensor, places: list[int]) -> float:
    """How far steps across lines at these places stand out in pixels [B, H, W, 3], as a ratio to other lines.

    A step is compared with those a few pixels beside it, so that what the picture shows does not count; and
    only with lines between cells of the latent, since a VAE may make its own grid seen.
    """
    others = [place for place in range(CELL, SIDE, CELL) if place not in places]
    at, elsewhere = (
        torch.cat([_peaks(plane, lines) for plane in _ways(pictures)]) for lines in (places, others)
    )
    return float(at.mean() / elsewhere.mean())


def _ways(pictures: Tensor) -> tuple[Tensor, Tensor]:
    return pictures, pictures.transpose(1, 2)


def _peaks(pictures: Tensor, lines: list[int]) -> Tensor:
    """The step across each of these rows as a multiple of the steps beside it."""
    steps = (pictures[:, 1:] - pictures[:, :-1]).abs().mean(dim=(0, 2, 3))
    beside = [[line + side * far for side in (-1, 1) for far in range(1, BESIDE + 1)] for line in lines]
    return torch.stack(
        [
            steps[line - 1] / steps[[one - 1 for one in near]].mean()
            for line, near in zip(lines, beside, strict=True)
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
