"""Compare with reference latents: `python -m bench.fidelity DIR`.

DIR holds `index.json` with a row per reference (file, sampler, scheduler, steps, seed, cfg, denoise), the
arrays, the conditionings `cond_pos.npy` and `cond_neg.npy`, and `img2img_latent.npy` for rows whose denoise
is below 1. Each row is sampled by the closed-form stand-in; the error is `max |ours - reference| /
std(reference)`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from bench import standin
from safelight.diffusion.names import SAMPLERS, SCHEDULES
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample

EXACT, LOOSE = 1e-5, 1e-4
"""Tolerances: of deterministic samplers with one evaluation a step, and of all others."""

ONE_EVALUATION = frozenset(
    {
        "euler",
        "ddim",
        "dpmpp_2m",
        "lms",
        "ipndm",
        "ipndm_v",
        "deis",
        "res_multistep",
        "gradient_estimation",
        "uni_pc",
        "uni_pc_bh2",
    }
)
"""The deterministic samplers that ask the model once a step."""


class Outcome(NamedTuple):
    """How one row came out; no error if its sampler or schedule is not built."""

    file: str
    error: float | None
    tolerance: float

    @property
    def fine(self) -> bool:
        """Whether it is within the tolerance."""
        return self.error is not None and self.error <= self.tolerance

    def __str__(self) -> str:
        if self.error is None:
            return f"{'not built':>9}  {self.file}"
        return (
            f"{self.error:9.2e}  {self.file}{'' if self.fine else f'  OUT OF TOLERANCE {self.tolerance:g}'}"
        )


def array(path: Path) -> Tensor:
    """An array file as a tensor."""
    return torch.from_numpy(np.load(path))


def latent_for(row: dict[str, Any], folder: Path) -> dict[str, Tensor]:
    """What a row starts from."""
    if row["denoise"] < 1.0:
        return {"samples": array(folder / "img2img_latent.npy")}
    return {"samples": torch.zeros(1, 4, row["height"] // 8, row["width"] // 8)}


def sampled(row: dict[str, Any], folder: Path) -> Tensor:
    """What Safelight makes of a row."""
    positive, negative = ([[array(folder / f"cond_{side}.npy"), {}]] for side in ("pos", "neg"))
    settings = {name: row[name] for name in ("seed", "steps", "cfg", "scheduler", "denoise")}
    result = sample(
        standin.HANDLE,
        latent_for(row, folder),
        positive,
        negative,
        sampler_name=row["sampler"],
        plan=Plan(),
        **settings,
    )
    return result["samples"]


def compare(row: dict[str, Any], folder: Path) -> Outcome:
    """Sample a row and measure its distance from the reference."""
    tolerance = EXACT if row["sampler"] in ONE_EVALUATION else LOOSE
    if row["sampler"] not in SAMPLERS or row["scheduler"] not in SCHEDULES:
        return Outcome(row["file"], None, tolerance)
    reference = array(folder / row["file"])
    error = (sampled(row, folder) - reference).abs().max() / reference.std()
    return Outcome(row["file"], float(error), tolerance)


def main(arguments: list[str] | None = None) -> int:
    """Print a line a row and a summary; 1 if a row that could be sampled is out of tolerance."""
    parser = argparse.ArgumentParser(prog="python -m bench.fidelity", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of reference latents")
    folder = parser.parse_args(arguments).folder
    outcomes = []
    for row in json.loads((folder / "index.json").read_text()):
        outcomes.append(compare(row, folder))
        print(outcomes[-1], flush=True)
    measured = [outcome for outcome in outcomes if outcome.error is not None]
    worst = max(measured, key=lambda outcome: outcome.error / outcome.tolerance)
    fine = sum(outcome.fine for outcome in outcomes)
    print(f"worst {worst.error:.2e} ({worst.file}), {fine} of {len(outcomes)} within tolerance")
    return int(any(not outcome.fine for outcome in measured))


if __name__ == "__main__":
    sys.exit(main())
