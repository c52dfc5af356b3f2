"""Every sampler, killed three times at random moments, comes to the bits that it has undisturbed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safelight.diffusion.names import SAMPLERS

ROOT = Path(__file__).resolve().parents[2]
DIFFERENT = ("euler_ancestral", "dpmpp_2m_sde", "uni_pc", "sa_solver")
"""One that draws from a stream, one on a Brownian path, and two whose states look ahead."""


def killed(*arguments: object) -> dict[str, Any]:
    """What `bench.resume` finds: by sampler what became of it."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.resume", "--json", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def assert_whole(found: dict[str, Any]) -> None:
    assert [name for name, one in found.items() if not one["identical"]] == []
    taken_up = [one for one in found.values() if one["why"].startswith("resumed at step")]
    assert len(taken_up) > len(found) / 2
    assert all(one["steps_at_last"] < one["steps"] for one in taken_up)


def test_every_sampler() -> None:
    found = killed("--on", "closed")
    assert tuple(found) == SAMPLERS
    assert_whole(found)


def test_with_a_controlnet_a_lora_and_a_mask_on_two_pictures_one_after_the_other() -> None:
    assert_whole(killed("--on", "scene", "--steps", 6, "--samplers", *DIFFERENT))


@pytest.mark.slow
@pytest.mark.skipif("sys.platform == 'darwin'", reason="forks a process that has computed")
def test_stable_diffusion_at_its_full_size() -> None:
    assert_whole(killed("--on", "full", "--steps", 4))
