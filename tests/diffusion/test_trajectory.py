from __future__ import annotations

from typing import Any

import pytest
import torch

from safelight.diffusion.noise import StreamNoise
from safelight.diffusion.sampler import State, find
from safelight.diffusion.sigma import DiscreteSampling
from safelight.diffusion.trajectory import follow
from safelight.diffusion.watch import NO_CHECKPOINT, QUIET

SIGMAS = torch.tensor([10.0, 5.0, 2.0, 1.0, 0.0])
START = torch.linspace(-9, 9, 16).reshape(1, 1, 4, 4)


class Memory:
    """A checkpoint that keeps every state that it is offered."""

    waypoints = None

    def __init__(self) -> None:
        self.saved: list[tuple[int, int, str, dict[str, Any]]] = []
        self.taken_up: list[tuple[int, int]] = []

    def load(self, digest: str) -> dict[str, Any] | None:
        return self.saved[-1][3] if self.saved and self.saved[-1][2] == digest else None

    def due(self) -> bool:
        return True

    def save(self, step: int, total: int, digest: str, tree: dict[str, Any]) -> None:
        self.saved.append((step, total, digest, tree))

    def resumed(self, step: int, total: int) -> None:
        self.taken_up.append((step, total))


class Stopped(Exception):
    pass


class StopAfter:
    """A watch that stops a run once so many steps are done."""

    def __init__(self, steps: int) -> None:
        self.left, self.heard = steps, []

    def check(self) -> None:
        if len(self.heard) >= self.left:
            raise Stopped

    def progress(self, done: int, total: int, preview: torch.Tensor | None = None) -> None:
        self.heard.append((done, total, preview))


def run(checkpoint=NO_CHECKPOINT, watch=QUIET, depends: object = "this", x=START) -> torch.Tensor:
    return follow(
        find("euler_ancestral").sampler(DiscreteSampling.scaled_linear()),
        lambda x, sigma: torch.tanh(x) / (1 + sigma),
        State(0, x),
        SIGMAS,
        StreamNoise(x, 3),
        watch=watch,
        checkpoint=checkpoint,
        depends=depends,
    ).x


def test_each_step_is_reported_with_a_preview() -> None:
    watch = StopAfter(9)
    run(watch=watch)
    assert [heard[:2] for heard in watch.heard] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert all(preview.shape == START.shape for *_, preview in watch.heard)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_stopped_run_is_taken_up_where_it_was_and_ends_with_the_same_bits(steps: int) -> None:
    memory = Memory()
    with pytest.raises(Stopped):
        run(memory, StopAfter(steps))
    assert memory.saved[-1][:2] == (steps, 4)
    watch = StopAfter(9)
    assert torch.equal(run(memory, watch), run())
    assert memory.taken_up == [(steps, 4)]
    assert [done for done, *_ in watch.heard] == list(range(steps + 1, 5))


def test_the_finished_state_is_not_saved() -> None:
    memory = Memory()
    run(memory)
    assert [step for step, *_ in memory.saved] == [1, 2, 3]


@pytest.mark.parametrize("change", [{"depends": "other"}, {"x": START + 1}])
def test_a_checkpoint_of_another_run_is_not_taken_up(change: dict[str, Any]) -> None:
    memory = Memory()
    with pytest.raises(Stopped):
        run(memory, StopAfter(2))
    assert torch.equal(run(memory, **change), run(**change))
    assert memory.taken_up == []


def test_a_run_that_cannot_be_told_from_another_is_sampled_but_not_kept() -> None:
    memory = Memory()
    assert torch.equal(run(memory, depends=object()), run())
    assert memory.saved == []
