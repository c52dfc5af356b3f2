"""How exact each sampler is: `python -m bench.convergence [--json]`.

The clean latents are numbers of a known mean and spread, for which the best prediction and the solution of
the probability-flow equation are known in closed form. Of a deterministic sampler the table shows the error
at 20, 40, 80 and 160 steps, in units of that spread, and the power of the number of steps by which it falls;
of a stochastic one the mean and the spread of what it draws, which should be those of the clean latents.
(dpm_adaptive takes as many steps as it wants.)
"""

from __future__ import annotations

import argparse
import json
import math
import sys

import torch
from torch import Tensor

from safelight.diffusion import sampler
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.noise import BrownianNoise, Noise, StreamNoise
from safelight.diffusion.sampler import State
from safelight.diffusion.sigma import DiscreteSampling

MEAN, SPREAD = 1.0, 0.5
TOP, BOTTOM = 10.0, 0.005
STEPS = (20, 40, 80, 160)
MODEL = DiscreteSampling.scaled_linear()


def gaussian(x: Tensor, sigma: float) -> Tensor:
    """The exact expectation of the clean latent behind x."""
    return (SPREAD**2 * x + sigma**2 * MEAN) / (SPREAD**2 + sigma**2)


def levels(steps: int) -> Tensor:
    """Karras's schedule without its zero, float64."""
    return torch.linspace(TOP ** (1 / 7), BOTTOM ** (1 / 7), steps + 1, dtype=torch.float64) ** 7


def result(name: str, x: Tensor, sigmas: Tensor) -> Tensor:
    """Where a sampler ends that starts from x."""
    recipe = sampler.find(name)
    brownian = recipe.noise.startswith("brownian")
    noise: Noise = BrownianNoise(x, sigmas, 5) if brownian else StreamNoise(x, 5)
    return list(recipe.sampler(MODEL)(gaussian, State(0, x), sigmas, noise))[-1].x


def errors(name: str) -> list[float]:
    """The distance from the exact solution, by number of steps."""
    x = torch.tensor([8.0], dtype=torch.float64)
    exact = MEAN + (x - MEAN) * math.sqrt((SPREAD**2 + BOTTOM**2) / (SPREAD**2 + TOP**2))
    return [float((result(name, x, levels(steps)) - exact).abs()) / SPREAD for steps in STEPS]


def moments(name: str) -> tuple[float, float]:
    """Mean and spread of what a sampler draws in 80 steps, over 10,000 numbers."""
    start = torch.randn(1, 1, 100, 100, generator=torch.Generator().manual_seed(0))
    sigmas = torch.cat([levels(80), torch.zeros(1)]).float()
    drawn = result(name, MEAN + start * math.hypot(SPREAD, TOP), sigmas)
    return float(drawn.mean()), float(drawn.std())


def is_stochastic(name: str) -> bool:
    """Whether two runs with different noise part."""
    return sampler.find(name).noise != "none" and name not in ("dpm_adaptive",)


def table() -> list[dict[str, object]]:
    """A row for each sampler, in the order of the menu."""
    rows: list[dict[str, object]] = []
    for name in SAMPLERS:
        if is_stochastic(name):
            mean, spread = moments(name)
            rows.append({"sampler": name, "mean": mean, "spread": spread})
        else:
            measured = errors(name)
            order = math.log2(measured[0] / measured[2]) / 2
            rows.append({"sampler": name, "errors": measured, "order": order})
    return rows


def line(row: dict[str, object]) -> str:
    """A row as text."""
    if "order" not in row:
        return f"{row['sampler']:27} mean {row['mean']:.3f} of {MEAN}, spread {row['spread']:.3f} of {SPREAD}"
    shown = " ".join(f"{error:9.2e}" for error in row["errors"])  # type: ignore[attr-defined]
    return f"{row['sampler']:27} {shown}  order {row['order']:.1f}"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print, a line a sampler or one JSON list."""
    parser = argparse.ArgumentParser(prog="python -m bench.convergence", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    rows = table()
    as_json = parser.parse_args(arguments).json
    print(json.dumps(rows) if as_json else "\n".join(map(line, rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
