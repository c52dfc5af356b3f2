"""Runs that are killed at random and given again: `python -m bench.resume [--on scene|closed|full] [--json]`.

Each sampler runs once undisturbed; then in processes that are killed (SIGKILL) at random moments, each taking
up what the one before it left, and at last to the end in the first process. What comes out must have the same
bits. Processes are forked from the first, which has the weights, so that they start at once.

`scene`: `bench.scene` through the whole engine, with a ControlNet for a part of the run, a LoRA, a mask of
greys, and two pictures one after the other. `closed`: a network in closed form, which takes no time.
`full`: a randomly initialised UNet of Stable Diffusion 1.5's full size (860 million weights, 3.4 GB).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bench import scene, standin
from safelight.core import checkpoint
from safelight.core.event import Event, NodeProgressed
from safelight.core.registry import Registry
from safelight.diffusion import family, network, single
from safelight.diffusion.handle import ModelHandle, Source
from safelight.diffusion.latent import LatentFormat
from safelight.diffusion.names import SAMPLERS
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample
from safelight.diffusion.sigma import DiscreteSampling
from safelight.setting import Settings
from safelight.tensor import storing
from safelight.worker import open_engine

SOON = 0.1
"""A process is killed at most so much of a step's time after a step."""
PLAN = Plan(threads=1)


def main(arguments: list[str] | None = None) -> int:
    """Run, print a line each or one JSON object; 1 if any result differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.resume", description=__doc__)
    parser.add_argument("--on", choices=("scene", "closed", "full"), default="scene", help="what to sample")
    parser.add_argument("--samplers", nargs="+", metavar="NAME", help="these (all; of `full` one)")
    parser.add_argument("--kills", type=int, default=3, help="how often each is killed (3)")
    parser.add_argument("--steps", type=int, default=8, help="steps of each run (8)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    checkpoint.INTERVAL = 0.0
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        runs = {"scene": Scene, "closed": Closed, "full": Full}[options.on](Path(folder), options.steps)
        moments = random.Random(options.seed)
        for name in options.samplers or (SAMPLERS if options.on != "full" else ["dpmpp_2m"]):
            found[name] = killed(runs, name, options.kills, moments)
            if not options.json:
                print(f"{name:32} {found[name]}", flush=True)
    if options.json:
        print(json.dumps(found))
    return 0 if all(one["identical"] for one in found.values()) else 1


def killed(runs: Runs, name: str, kills: int, moments: random.Random) -> dict[str, Any]:
    """What became of a sampler: whether the bits are the same, and where it was taken up."""
    undisturbed, disturbed = runs.folder(f"{name}-a"), runs.folder(f"{name}-b")
    started = time.perf_counter()
    steps, _ = runs.count(undisturbed, name)
    seconds = time.perf_counter() - started
    deaths = [moments.randint(2, max(2, steps // kills)) for _ in range(kills)]
    for death in deaths:
        runs.kill(disturbed, name, death, moments.uniform(0.0, SOON) * seconds / steps)
    last, why = runs.count(disturbed, name)
    expected, result = runs.saved(undisturbed), runs.saved(disturbed)
    return {
        "identical": bool(expected) and same(expected, result) and same(result, expected),
        "saved_twice": len(result) - len(expected),
        "steps": steps,
        "killed_after": deaths,
        "steps_at_last": last,
        "why": why,
        "seconds": round(time.perf_counter() - started, 2),
    }


def same(some: list[Tensor], others: list[Tensor]) -> bool:
    """Whether each of some is among the others; one that was saved just before a kill may be there twice."""
    return all(any(torch.equal(one, other) for other in others) for one in some)


class Runs(ABC):
    """Runs that leave their results in folders."""

    def __init__(self, place: Path, steps: int) -> None:
        self.place, self.steps = place, steps

    @abstractmethod
    def folder(self, name: str) -> Path:
        """A new data folder."""

    @abstractmethod
    def saved(self, data: Path) -> list[Tensor]:
        """What runs in a folder came to."""

    @abstractmethod
    def run(self, data: Path, sampler: str, step: Callable[[], None]) -> str:
        """Sample to the end, telling of each step; how it began."""

    def count(self, data: Path, sampler: str) -> tuple[int, str]:
        """Run to the end in this process; the steps that it took, and how it began."""
        steps: list[None] = []
        why = self.run(data, sampler, lambda: steps.append(None))
        return len(steps), why

    def kill(self, data: Path, sampler: str, death: int, soon: float) -> None:
        """Run in a process of its own, killed `soon` after so many steps, or where it ends."""
        child = os.fork()
        if child == 0:
            try:
                left = itertools.count(death - 1, -1)
                self.run(data, sampler, lambda: None if next(left) else _die_soon(soon))
                _die(0.0)
            finally:
                os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != -signal.SIGKILL:
            raise RuntimeError(f"{sampler}: a run ended with {code} before it was killed")


def _die_soon(soon: float) -> None:
    threading.Thread(target=_die, args=(soon,)).start()


def _die(soon: float) -> None:
    time.sleep(soon)
    os.kill(os.getpid(), signal.SIGKILL)


class Scene(Runs):
    """The scene through the whole engine."""

    def __init__(self, place: Path, steps: int) -> None:
        super().__init__(place, steps)
        self._registry = Registry().load("nodes")
        scene.furnish(place / "furnished")
        self.run(self.folder("warm"), "euler", lambda: None)

    def folder(self, name: str) -> Path:
        """A data folder with what the scene needs."""
        return Path(shutil.copytree(self.place / "furnished", self.place / name))

    def saved(self, data: Path) -> list[Tensor]:
        """The latents of the two pictures."""
        return scene.saved(data)

    def run(self, data: Path, sampler: str, step: Callable[[], None]) -> str:
        """The scene's graph, as a worker runs it."""

        def listen(event: Event) -> None:
            if isinstance(event, NodeProgressed) and event.node == "sample":
                step()

        with open_engine(data, Settings(threads=1), registry=self._registry) as engine:
            graph = scene.graph(sampler_name=sampler, steps=self.steps)
            return engine.run(graph, ["save"], listener=listen).raise_for_error().nodes["sample"].why


class Closed(Runs):
    """A network in closed form, sampled with a checkpoint."""

    model = standin.HANDLE

    def folder(self, name: str) -> Path:
        """An empty folder."""
        (self.place / name).mkdir()
        return self.place / name

    def saved(self, data: Path) -> list[Tensor]:
        """The latent."""
        return [torch.load(data / "latent.pt", weights_only=True)]

    def run(self, data: Path, sampler: str, step: Callable[[], None]) -> str:
        """A KSampler's run."""
        kept = checkpoint.DiskCheckpoint(data / "half", b"key", storing())
        prompts = [
            [[torch.randn(1, 77, 768, generator=torch.Generator().manual_seed(seed)), {}]] for seed in (1, 2)
        ]
        made = sample(
            self.model,
            {"samples": torch.zeros(1, 4, 8, 8)},
            *prompts,
            seed=3,
            steps=self.steps,
            cfg=4.0,
            sampler_name=sampler,
            scheduler="karras",
            plan=PLAN,
            watch=_Steps(step),
            checkpoint=kept,
        )
        torch.save(made["samples"], data / "latent.pt")
        return f"resumed at step {kept.taken_up[0]} of {kept.taken_up[1]}" if kept.taken_up else "ran"


class _Steps:
    """A watch that passes on that a step is done."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step

    def check(self) -> None:
        """Never stop."""

    def progress(self, done: int, total: int, preview: Tensor | None = None) -> None:
        """Tell of a step."""
        self._step()


class Full(Closed):
    """A full-size UNet with random weights; 64 x 64 pixels."""

    model = ModelHandle(Source("", "random", "full size", "original", "unet"))

    def __init__(self, place: Path, steps: int) -> None:
        super().__init__(place, steps)
        made = full_size()
        family.register("full size", lambda _handle, _plan, _check: made)


def full_size() -> network.Unet:
    """Stable Diffusion 1.5's UNet, its weights drawn so that what goes through keeps its size."""
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):
        module = UNet2DConditionModel(**single.definition("sd15")["unet"])
    module.to_empty(device="cpu").requires_grad_(False).eval()
    generator = torch.Generator().manual_seed(1)
    for name, weight in module.named_parameters():
        if weight.ndim > 1:
            edge = (3.0 / weight[0].numel()) ** 0.5
            weight.uniform_(-edge, edge, generator=generator)
        else:
            weight.fill_(float(name.endswith("weight")))
    return network.Unet(module, LatentFormat(), DiscreteSampling.scaled_linear(), PLAN)


if __name__ == "__main__":
    sys.exit(main())
