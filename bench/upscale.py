"""What a picture at 4K costs: `python -m bench.upscale [--filters N] [--blocks N] [--threads N] [--json]`.

A 512 px picture goes through a random ESRGAN (x4), is brought to a quarter of the wanted size, and goes
through it again: to 3840 x 2160 and to 4096 x 4096, each in a process of its own. Printed are the time, the
peak of the process's memory, and the seam: how far any pixel where tiles meet is from what the network makes
of the same place in the middle of a tile.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

SIZES = ((3840, 2160), (4096, 4096))
LIMIT = 4 * 2**30
TEXTURE = 0.2
"""How much of the network is random, where the picture passes through."""
CROSSINGS = 4
"""Of how many crossings of borders the seam is measured at most: each costs as much as a tile."""


def main() -> int:
    """Measure every size; 1 if one of them needs more memory than the limit."""
    arguments = _parser().parse_args()
    if arguments.size:
        width, height = arguments.size
        print(json.dumps(measured(width, height, arguments)))
        return 0
    results = []
    for size in SIZES:
        one = _apart(size, arguments)
        results.append(one)
        print(
            f"{one['width']} x {one['height']}: {one['seconds']:.1f} s, peak {one['peak'] / 2**30:.2f} GiB, "
            f"seam {one['seam']:.3f} of 255 levels",
            flush=True,
        )
    if arguments.json:
        print(json.dumps(results))
    return int(any(one["peak"] > LIMIT for one in results))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.upscale", description=__doc__)
    parser.add_argument("--filters", type=int, default=32, help="channels inside the network")
    parser.add_argument("--blocks", type=int, default=1, help="its residual blocks")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    parser.add_argument("--picture", help="where to save the last picture")
    parser.add_argument("--size", type=int, nargs=2, help=argparse.SUPPRESS)
    return parser


def _apart(size: tuple[int, int], arguments: argparse.Namespace) -> dict[str, Any]:
    """One size in a process of its own, so that its peak is its own."""
    command = [sys.executable, "-m", "bench.upscale", "--size", *map(str, size)]
    for name in ("filters", "blocks", "threads", "picture"):
        value = getattr(arguments, name)
        command += [f"--{name}", str(value)] if value else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measured(width: int, height: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Time, peak memory and seam of a 512 px picture at this size."""
    from safelight.diffusion import picture, plan, resize, upscale

    plain = plan.choose(threads=arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        model = upscale.load(network(Path(folder), arguments.filters, arguments.blocks), "0" * 64)
        run = partial(upscale.run, model, plan=plain)
        small = scene(512, round(512 * height / width))
        began = perf_counter()
        first = run(small).movedim(-1, 1)
        quarter = resize.resize(first, width // 4, height // 4, "area").movedim(1, -1)
        del first
        large = run(quarter)
        seconds = perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        assert large.shape == (1, height, width, 3)
        levels = seam(quarter, large, run, upscale.TILE, upscale.OVERLAP)
    if arguments.picture:
        picture.save(large[0], Path(arguments.picture))
    return {"width": width, "height": height, "seconds": seconds, "peak": peak, "seam": levels}


def scene(width: int, height: int) -> Any:
    """A picture [1, H, W, 3] with slopes, waves and hard edges."""
    import torch

    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    waves = torch.sin(40 * x * y) * 0.25 + 0.5
    ring = (((x - 0.5) ** 2 + (y - 0.5) ** 2).sqrt() * 12 % 1 > 0.5).float() * 0.5 + 0.25
    return torch.stack([x * 0.8 + 0.1, waves, ring], dim=-1)[None]


def network(folder: Path, filters: int, blocks: int) -> Path:
    """A file with a random ESRGAN that enlarges four times, and keeps the picture in sight.

    Three channels carry the picture through, softly interpolated; all else is random and adds a texture.
    """
    import safetensors.torch
    import torch

    from safelight.diffusion import enlarger

    enlarger.imported()
    from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet  # type: ignore[import-untyped]

    torch.manual_seed(0)
    weights = RRDBNet(num_filters=filters, num_blocks=blocks, scale=4).state_dict()
    sharp, soft = torch.tensor([0.0, 1.0, 0.0]), torch.tensor([0.25, 0.5, 0.25])
    for name in ("model.0", "model.3", "model.6", "model.8", "model.10"):
        line = soft if name in ("model.3", "model.6") else sharp  # after each of these the picture doubles
        weight = weights[f"{name}.weight"].mul_(TEXTURE)
        weights[f"{name}.bias"].zero_()
        weight[range(3), range(3)] += line[:, None] * line
    weights[f"model.1.sub.{blocks}.weight"].mul_(
        TEXTURE * 1.2**-blocks
    )  # each block lets the picture grow by a fifth
    path = folder / "esrgan.safetensors"
    safetensors.torch.save_file(weights, path)
    return path


def seam(quarter: Any, large: Any, run: Callable[[Any], Any], edge: int, overlap: int) -> float:
    """How far pixels at borders of tiles are from what the network makes with the border in the middle.

    In levels of 255; the worst of some crossings of borders.
    """
    from safelight.diffusion import tile

    rows, columns = quarter.shape[1:3]
    half, factor, worst = edge // 2, large.shape[1] // rows, 0.0
    corners = [(span[0].start, span[1].start) for span in tile.tiles((rows, columns), edge, overlap, 1)]
    inside = [(y, x) for y, x in corners if half <= y <= rows - half and half <= x <= columns - half]
    for y, x in inside[:: -(-len(inside) // CROSSINGS)]:
        apart = run(quarter[:, y - half : y + half, x - half : x + half])
        near = slice(half // 2 * factor, (half + half // 2) * factor)
        top, left = (y - half) * factor, (x - half) * factor
        there = large[:, top + near.start : top + near.stop, left + near.start : left + near.stop]
        worst = max(worst, float((apart[:, near, near] - there).abs().max()) * 255)
    return worst


if __name__ == "__main__":
    sys.exit(main())
