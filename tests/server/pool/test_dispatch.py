"""Jobs and real workers: whatever becomes of a worker, each job comes to one end, and the queue goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.core.event import NodeProgressed, NodeStarted
from server.job.record import StoreFull
from server.job.store import JobStore

Run = Callable[..., Any]


def test_jobs_run_one_after_the_other_and_their_ends_are_kept(plant: Run) -> None:
    async def body(plant: Any) -> None:
        for number in range(20):
            await plant.put(f"j{number}", "ToyText", text=str(number))
        for number in range(20):
            job = await plant.end_of(f"j{number}")
            assert (job.state, job.attempt) == ("done", 1)
        assert plant.heard.starts == [f"j{number}" for number in range(20)]
        assert all(len(ends) == 1 for ends in plant.heard.ends.values())
        assert plant.heard.ends["j7"][0].outputs == {"1": {"text": ["7"]}}

    plant(body)


def test_an_error_in_a_node_is_told_with_its_place_and_the_worker_goes_on(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.put("bad", "ToyRefuse", text="not today")
        job = await plant.end_of("bad")
        assert job.state == "failed"
        error = plant.heard.ends["bad"][0].error
        assert (error["node"], error["type"], error["exception"]) == ("1", "ToyRefuse", "ValueError")
        assert "not today" in error["text"]
        assert "refuse" in "".join(error["traceback"])
        assert error["inputs"] == {"text": "not today"}
        pid = plant.worker.pid
        await plant.put("good", "ToyText")
        assert (await plant.end_of("good")).state == "done"
        assert plant.worker.pid == pid

    plant(body)


@pytest.mark.parametrize(("type", "said"), [("ToyExit", "exit code 3"), ("ToyCrash", "SIGSEGV")])
def test_a_job_that_ends_its_worker_twice_is_failed_with_the_reason_and_the_log(
    plant: Run, type: str, said: str
) -> None:
    async def body(plant: Any) -> None:
        await plant.put("bad", type)
        await plant.put("good", "ToyText")
        job = await plant.end_of("bad")
        assert (job.state, job.attempt) == ("failed", 2)
        error = plant.heard.ends["bad"][0].error
        assert said in error["text"]
        assert (error["kind"], error["node"], error["type"]) == ("worker_lost", "1", type)
        log = "\n".join(error["traceback"])
        assert "about to leave" in log if type == "ToyExit" else "Fatal Python error" in log
        assert (await plant.end_of("good")).state == "done"

    plant(body)


def test_a_job_that_comes_on_in_each_life_is_seen_through(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.put("slow", "ToySteps", total=4)
        job = await plant.end_of("slow")
        assert (job.state, job.attempt) == ("done", 4)

    plant(body)


def test_a_job_whose_worker_is_killed_from_outside_runs_again_at_its_place(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.put("first", "ToyNap", seconds=2)
        await plant.put("second", "ToyText")
        await plant_until(plant, lambda: plant.heard.saw("first", NodeProgressed))
        os.kill(plant.worker.pid, signal.SIGKILL)
        assert (await plant.end_of("first")).state == "done"
        assert (await plant.end_of("second")).state == "done"
        assert plant.heard.starts == ["first", "first", "second"]
        assert list((plant.data / "cache" / "jobs").iterdir()) == []

    plant(body)


@pytest.mark.parametrize("type", ["ToyNap", "ToySleep", "ToySleepBeside", "ToyStuck"])
def test_a_job_is_cancelled_within_a_second_whatever_it_is_at(plant: Run, type: str) -> None:
    async def body(plant: Any) -> None:
        await plant.put("slow", type)
        await plant.put("next", "ToyText")
        await plant_until(plant, lambda: plant.heard.saw("slow", NodeStarted))
        began = time.monotonic()
        assert await plant.dispatch.cancel("slow") == "running"
        job = await plant.end_of("slow")
        assert plant.heard.told["slow"] - began < 1.0
        assert job.state == "cancelled"
        assert (await plant.end_of("next")).state == "done"
        assert len(plant.heard.ends["slow"]) == 1
        if type in ("ToySleep", "ToyStuck"):
            assert plant.worker.starts == 2
        else:
            assert plant.worker.starts == 1

    plant(body, grace=1.5)


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.put("first", "ToyNap", seconds=0.5)
        await plant.put("second", "ToyText")
        assert await plant.dispatch.cancel("second") == "queued"
        await plant.end_of("first")
        assert (await plant.jobs.get("second")).state == "cancelled"
        assert await plant.dispatch.cancel("nothing") is None
        assert plant.heard.starts == ["first"]

    plant(body)


def test_a_job_that_lost_its_worker_is_cancelled_while_it_waits_for_the_next_and_that_is_told(
    plant: Run,
) -> None:
    async def body(plant: Any) -> None:
        await plant.put("first", "ToyNap", seconds=2)
        await plant_until(plant, lambda: plant.heard.saw("first", NodeProgressed))
        await plant.jobs.pause()
        os.kill(plant.worker.pid, signal.SIGKILL)
        await plant_until(plant, lambda: plant.heard.drops)
        assert await plant.dispatch.cancel("first") == "queued"
        assert plant.heard.recalls == ["first"]
        await plant.put("second", "ToyText")
        assert await plant.dispatch.cancel("second") == "queued"
        assert plant.heard.recalls == ["first"]
        assert list((plant.data / "cache" / "jobs").glob("*")) == []

    plant(body)


def test_two_workers_run_two_jobs_at_once(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.ready(2)
        for number in range(4):
            await plant.put(f"j{number}", "ToyNap", seconds=0.7)
        await plant_until(plant, lambda: sum(one.state == "busy" for one in plant.pool.workers()) == 2)
        for number in range(4):
            assert (await plant.end_of(f"j{number}")).state == "done"

    plant(body, workers=2)


def test_a_paused_queue_starts_nothing_until_it_goes_on(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.ready()
        await plant.jobs.pause()
        await plant.put("a", "ToyText")
        await asyncio.sleep(0.3)
        assert plant.heard.starts == []
        await plant.jobs.resume()
        assert (await plant.end_of("a")).state == "done"

    plant(body)


def test_jobs_that_were_accepted_before_any_worker_is_there_are_run(plant: Run) -> None:
    async def body(plant: Any) -> None:
        await plant.put("early", "ToyText")
        assert plant.worker.state == "starting"
        assert (await plant.end_of("early")).state == "done"

    plant(body)


def test_a_job_that_was_running_when_the_server_ended_is_run_by_the_next(plant: Run) -> None:
    async def first(plant: Any) -> None:
        await plant.put("long", "ToyNap", seconds=1)
        await plant.put("other", "ToyText")
        await plant_until(plant, lambda: plant.heard.saw("long", NodeProgressed))

    async def second(plant: Any) -> None:
        assert (await plant.end_of("long")).state == "done"
        assert (await plant.end_of("other")).state == "done"
        assert plant.heard.starts == ["long", "other"]

    plant(first)
    plant(second)


def test_what_a_former_server_left_of_ended_jobs_is_tidied_up(plant: Run, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "jobs" / "0123"
    folder.mkdir(parents=True)
    empty = tmp_path / "output" / "x_00001_.png"
    empty.parent.mkdir()
    empty.touch()
    (folder / "journal.jsonl").write_text(
        f'{{"name": "{empty}", "for": ["k"]}}\n{{"made": "{empty}"}}\n', encoding="utf-8"
    )

    async def body(plant: Any) -> None:
        assert not folder.exists()
        assert not empty.exists()

    plant(body)


def test_a_full_disk_holds_the_queue_up_and_loses_nothing(
    plant: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = {"recover": 1, "take": 1, "finish": 2}

    def filled(name: str) -> Callable[..., Any]:
        kept = getattr(JobStore, name)

        def call(store: JobStore, *given: Any, **named: Any) -> Any:
            if full[name]:
                full[name] -= 1
                raise StoreFull("there is no room")
            return kept(store, *given, **named)

        return call

    async def body(plant: Any) -> None:
        await plant.put("a", "ToyText")
        await plant.put("b", "ToyText")
        for id in ("a", "b"):
            job = await plant.end_of(id)
            assert (job.state, job.attempt) == ("done", 1)
        assert set(full.values()) == {0}
        assert all(len(ends) == 1 for ends in plant.heard.ends.values())

    for name in full:
        monkeypatch.setattr(JobStore, name, filled(name))
    plant(body)


async def plant_until(plant: Any, condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
