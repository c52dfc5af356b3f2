"""What sampling costs beside the model: `python -m bench.sampling [--json]`.

A KSampler's path of 20 steps with guidance, on the embedded model and one thread, is timed against the same
network called as often in a bare torch loop. Repetitions alternate, so that a busy machine slows both:
`ratio_min` compares the fastest of each, `ratio_median` is the median over neighbours. What the path itself
takes is also measured where almost nothing hides it, on a network that computes next to nothing:
`overhead_us_per_step`, in processor time, and `overhead_share` of a step of the bare loop.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from bench import standin
from safelight.diffusion import checkpoint, residency
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample

STEPS = 20
PLAN = Plan(threads=1)


class Timing(NamedTuple):
    """Seconds that a run took on the wall and of the processor."""

    wall: float
    processor: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and print, as lines or as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench.sampling", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repetitions", type=int, default=20, help="how often each is timed (20)")
    options = parser.parse_args(arguments)
    figures = measured(options.repetitions)
    print(json.dumps(figures) if options.json else "\n".join(f"{k}: {v:.4g}" for k, v in figures.items()))
    return 0


def measured(repetitions: int) -> dict[str, float]:
    """The figures, in seconds, as ratios, and in microseconds."""
    model = checkpoint.load(checkpoint.builtin()["emoji"], digest="emoji").model
    ours, bare = interleaved(repetitions, ksampler(model, 24, 128), bare_loop(model))
    light, nothing = interleaved(repetitions, ksampler(standin.HANDLE, 77, 768), bare_standin())
    overhead = (quickest(light).processor - quickest(nothing).processor) / STEPS
    return {
        "steps": STEPS,
        "repetitions": repetitions,
        "ksampler_seconds": quickest(ours).wall,
        "bare_seconds": quickest(bare).wall,
        "ratio_min": quickest(ours).wall / quickest(bare).wall,
        "ratio_median": statistics.median(a.wall / b.wall for a, b in zip(ours, bare, strict=True)),
        "overhead_us_per_step": overhead * 1e6,
        "overhead_share": overhead * STEPS / quickest(bare).wall,
    }


def quickest(timings: list[Timing]) -> Timing:
    """The smallest of each kind."""
    return Timing(*(min(kind) for kind in zip(*timings, strict=True)))


def interleaved(repetitions: int, *runs: Callable[[], Any]) -> list[list[Timing]]:
    """Time each run so often, in turns, after one of each to warm up; every other turn backwards."""
    timings: list[list[Timing]] = [[] for _ in runs]
    for run in runs:
        run()
    for turn in range(repetitions):
        for which in sorted(range(len(runs)), reverse=bool(turn % 2)):
            timings[which].append(timed(runs[which]))
    return timings


def timed(run: Callable[[], Any]) -> Timing:
    """How long one run takes."""
    wall, used = time.perf_counter(), time.process_time()
    run()
    return Timing(time.perf_counter() - wall, time.process_time() - used)


def prompt(tokens: int, width: int, seed: int) -> Tensor:
    """Numbers of a prompt's shape."""
    return torch.randn(1, tokens, width, generator=torch.Generator().manual_seed(seed))


def ksampler(model: ModelHandle, tokens: int, width: int) -> Callable[[], Any]:
    """The path that the KSampler node takes, model lent and conditioning prepared each time."""
    positive, negative = ([[prompt(tokens, width, seed), {}]] for seed in (1, 2))
    latent = {"samples": torch.zeros(1, 4, 8, 8)}

    def run() -> Any:
        return sample(
            model,
            latent,
            positive,
            negative,
            seed=1,
            steps=STEPS,
            cfg=4.0,
            sampler_name="euler",
            scheduler="karras",
            plan=PLAN,
        )

    return run


def bare_loop(model: ModelHandle) -> Callable[[], Any]:
    """As many calls of the UNet itself, with as large a batch, and nothing else."""
    context = torch.cat([prompt(24, 128, seed) for seed in (1, 2)])
    x, timestep = torch.randn(2, 4, 8, 8), torch.full((2,), 500.0)

    def run() -> None:
        with residency.lend(model, PLAN) as network, torch.no_grad():
            for _ in range(STEPS):
                network.module(x, timestep, context, return_dict=False)

    return run


def bare_standin() -> Callable[[], Any]:
    """As many calls of the closed-form network."""
    network, context = standin.StandIn(), torch.cat([prompt(77, 768, seed) for seed in (1, 2)])
    x, timestep = torch.randn(2, 4, 8, 8), torch.full((2,), 500.0)

    def run() -> None:
        with torch.no_grad():
            for _ in range(STEPS):
                network(x, timestep, context)

    return run


if __name__ == "__main__":
    sys.exit(main())
