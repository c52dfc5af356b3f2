"""A value of a job, asked over HTTP: what is refused, and what is said where there is nothing to look at."""

from __future__ import annotations

from typing import Any

import pytest

PROMPT = {
    "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "a"}},
}


@pytest.fixture(scope="module")
def job(live: Any) -> str:
    """A job that waits."""
    return str(live.post("/prompt", {"prompt": PROMPT}).tree["prompt_id"])


def test_a_job_that_is_not_there_is_refused(live: Any) -> None:
    answer = live.get("/safelight/jobs/nothing/value?node=1")
    assert (answer.status, answer.problem) == (404, "There is no job 'nothing'")


def test_a_node_that_the_job_does_not_have_gave_nothing(live: Any, job: str) -> None:
    answer = live.get(f"/safelight/jobs/{job}/value?node=9")
    assert (answer.status, answer.tree["kept"], answer.tree["tensors"]) == (200, False, [])
    assert live.get(f"/safelight/jobs/{job}/value").tree["kept"] is False


@pytest.mark.parametrize("slot", ["-1", "256", "first", "1e3"])
def test_an_output_that_cannot_be_is_refused(live: Any, job: str, slot: str) -> None:
    answer = live.get(f"/safelight/jobs/{job}/value?node=1&slot={slot}")
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_parameter")


def test_without_a_worker_there_is_nobody_to_look(live: Any, job: str) -> None:
    answer = live.get(f"/safelight/jobs/{job}/value?node=1")
    assert (answer.status, answer.problem) == (503, "No worker can look now")
