"""An encoder leaves the scheduling of the process as it was."""

from __future__ import annotations

import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
import torch

from safelight.diffusion import film, recording

LINUX = Path("/proc/self/task").is_dir()
AV1 = recording.Style(container="webm", codec="av1")


@pytest.mark.skipif(not LINUX, reason="only Linux tells the policy of each thread")
def test_a_film_in_av1_takes_the_processor_from_nothing_else() -> None:
    before, seen = os.sched_getscheduler(0), set[int]()

    def watch(done: int, total: int) -> None:
        seen.update(policies())

    data = BytesIO()
    recording.write(film.of_frames(torch.zeros(4, 64, 64, 3), 24.0), data, AV1, progress=watch)
    assert data.getvalue()
    assert seen | set(policies()) == {before}


def policies() -> list[int]:
    """Of each thread of this process that is still there."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):
            found.append(os.sched_getscheduler(int(task.name)))
    return found
