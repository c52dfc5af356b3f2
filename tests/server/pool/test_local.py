"""Workers that are processes: started, heard, given up when they must be, and started again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight import Graph
from safelight.core.error import SafelightError
from safelight.message import Ended, Happened, Ready, Run
from server.pool import LocalPool, Lost, Notice, WorkerGone

Start = Callable[..., Any]
MIB = 1 << 20


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        await asyncio.sleep(0.01)


async def idle(pool: LocalPool, count: int = 1) -> str:
    await until(lambda: sum(one.state == "idle" for one in pool.workers()) == count)
    return pool.workers()[0].name


def order(type: str, job: str = "j", **inputs: Any) -> Run:
    graph = Graph()
    graph.add("1", type, **inputs)
    return Run(job, 1, graph.as_tree())


async def end_of(notices: list[Notice], job: str = "j") -> Ended:
    await until(lambda: any(isinstance(one, Ended) and one.job == job for one in notices))
    return next(one for one in notices if isinstance(one, Ended) and one.job == job)


async def loss(notices: list[Notice]) -> Lost:
    await until(lambda: any(isinstance(one, Lost) for one in notices))
    return next(one for one in notices if isinstance(one, Lost))


def test_a_worker_tells_what_it_is_and_takes_orders_before_torch_is_there(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        name = await idle(pool)
        (info,) = pool.workers()
        assert (info.device, info.python) == ("cpu", sys.version.split()[0])
        assert info.torch == ""
        assert info.memory > 2**28
        assert any(isinstance(one, Ready) for one in notices)
        await pool.submit(name, order("ToyText"))
        assert (await end_of(notices)).status == "done"
        await until(lambda: info.torch or pool.workers()[0].torch)
        assert pool.workers()[0].devices[0]["type"] == "cpu"

    pool(body, options=("--module", "toy_nodes"))


def test_what_nodes_print_goes_to_the_log_and_not_between_the_messages(
    pool: Start, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyFlood", mebibytes=0))
        assert (await end_of(notices)).status == "done"
        await until(lambda: "the end of the flood" in caplog.text, 5)

    with caplog.at_level("INFO", "safelight.worker"):
        pool(body)


def test_a_flood_in_the_log_neither_fills_nor_stops_the_server(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        name = await idle(pool)
        await pool.submit(name, order("ToyFlood", mebibytes=32))
        slowest = 0.0
        while not any(isinstance(one, Ended) for one in notices):
            began = time.monotonic()
            await asyncio.sleep(0.005)
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 0.5
        child = pool._slots[name].child
        assert child is not None
        assert child.tail.left_out > 24 * MIB
        await until(lambda: child.tail.last()[-1] == "the end of the flood", 10)
        assert sum(map(len, child.tail.last(10**6))) < 2 * MIB

    pool(body)


def test_a_stuck_worker_is_replaced_and_has_said_where_it_was_stuck(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyStuck"))
        lost = await loss(notices)
        assert lost.reason == "it gave no sign of life for 2.5 s"
        assert lost.job == "j"
        assert any("in stuck" in line for line in lost.log)
        await idle(pool)
        assert pool.workers()[0].starts == 2

    pool(body, silence=2.5)


def test_a_busy_worker_is_not_taken_for_a_stuck_one(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToySleep", seconds=3.2))
        assert (await end_of(notices)).status == "done"
        assert pool.workers()[0].starts == 1

    pool(body, silence=2.5)


def test_an_error_in_a_thread_is_logged_and_the_worker_lives(
    pool: Start, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyThread"))
        ended = await end_of(notices)
        assert (ended.status, ended.outputs) == ("done", {"1": {"text": ["went on"]}})
        await until(lambda: "raised in a thread" in caplog.text, 5)
        assert pool.workers()[0].starts == 1

    with caplog.at_level("INFO", "safelight.worker"):
        pool(body)


def test_a_worker_that_leaks_is_replaced_between_two_jobs(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyLeak", "first", mebibytes=300))
        assert (await end_of(notices, "first")).status == "done"
        lost = await loss(notices)
        assert "it had grown to" in lost.reason
        assert lost.job is None
        await pool.submit(await idle(pool), order("ToyText", "second"))
        assert (await end_of(notices, "second")).status == "done"
        assert pool.workers()[0].starts == 2

    pool(body, memory=250 * MIB)


def test_a_worker_that_cannot_work_is_tried_ever_more_seldom_and_says_why(
    pool: Start, tmp_path: Path
) -> None:
    (tmp_path / "settings.json").write_text('{"device": "cuda:77"}')

    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await until(lambda: sum(isinstance(one, Lost) for one in notices) >= 2)
        (info,) = pool.workers()
        lost = await loss(notices)
        assert lost.reason == "it ended with exit code 2"
        assert any("cuda:77" in line for line in lost.log)
        assert pool._slots[info.name].delay >= 0.2
        (tmp_path / "settings.json").unlink()
        await idle(pool)

    pool(body)


def test_a_python_that_is_not_there_is_said_too(tmp_path: Path) -> None:
    async def body() -> None:
        notices: list[Notice] = []
        pool = LocalPool(tmp_path, python=str(tmp_path / "nothing"))
        pool.hear = lambda _name, notice: notices.append(notice)
        await pool.start()
        assert "cannot be started" in (await loss(notices)).reason
        with pytest.raises(SafelightError, match="cannot be started"):
            await pool.ask("choices", "checkpoints", patience=0.3)
        await pool.close()

    asyncio.run(body())


def test_a_lost_worker_takes_no_job(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        name = await idle(pool)
        os.kill(pool.workers()[0].pid or 0, 9)
        await until(lambda: pool.workers()[0].state == "dead")
        with pytest.raises(WorkerGone):
            await pool.submit(name, order("ToyText"))
        with pytest.raises(WorkerGone):
            await pool.submit("nobody", order("ToyText"))

    pool(body)


def test_questions_are_answered_also_while_a_job_runs(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyNap", seconds=1.0))
        assert await pool.ask("choices", "checkpoints") == ["emoji"]
        graph = order("ToyText", text=["no"]).graph
        (problem,) = await pool.ask("validate", {"graph": graph})
        assert (problem["node"], problem["input"]) == ("1", "text")
        with pytest.raises(SafelightError, match="no question 'weather'"):
            await pool.ask("weather")
        assert not any(isinstance(one, Ended) for one in notices)

    pool(body)


def test_a_question_waits_for_a_worker_and_goes_to_another_if_that_one_dies(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        assert await pool.ask("choices", "checkpoints") == ["emoji"]
        await pool.submit(pool.workers()[0].name, order("ToyStuck"))
        await asyncio.sleep(0.2)
        assert await pool.ask("choices", "checkpoints") == ["emoji"]
        assert pool.workers()[0].starts == 2

    pool(body, silence=2.5)


def test_results_in_memory_are_let_go_of_on_demand(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        name = await idle(pool)
        for number, state in enumerate(("ran", "memory", "disk")):
            await pool.submit(name, order("ToyText", f"j{number}"))
            assert (await end_of(notices, f"j{number}")).nodes["1"]["state"] == state
            if state == "memory":
                await pool.free(models=True, memory=True)

    pool(body)


def test_events_of_a_job_come_before_its_end(pool: Start) -> None:
    async def body(pool: LocalPool, notices: list[Notice]) -> None:
        await pool.submit(await idle(pool), order("ToyText"))
        await end_of(notices)
        told = [one for one in notices if isinstance(one, (Happened, Ended))]
        names = [one.event["event"] if isinstance(one, Happened) else "Ended" for one in told]
        assert names == ["RunStarted", "NodeStarted", "NodeFinished", "RunFinished", "Ended"]

    pool(body)


SERVER = """
import asyncio, sys, time
from pathlib import Path
from server.pool import LocalPool
async def main():
    pool = LocalPool(Path(sys.argv[1]), options=["--cold", "--module", "toy_nodes"])
    await pool.start()
    while pool.workers()[0].state != "idle":
        await asyncio.sleep(0.01)
    if len(sys.argv) > 2:
        from safelight import Graph
        from safelight.message import Run
        graph = Graph()
        graph.add("1", sys.argv[2])
        await pool.submit("worker-1", Run("j", 1, graph.as_tree()))
        await asyncio.sleep(0.3)
    print(pool.workers()[0].pid, flush=True)
    await asyncio.sleep(100)
asyncio.run(main())
"""


@pytest.mark.parametrize("busy", [None, "ToyStuck"])
def test_workers_end_when_the_server_is_killed(tmp_path: Path, busy: str | None) -> None:
    root = Path(__file__).resolve().parents[3]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, tmp_path, *([busy] if busy else [])],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{root}:{Path(__file__).parent}"},
    )
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    server.kill()
    server.wait()
    server.stdout.close()
    end = time.monotonic() + 5
    while _lives(pid):
        assert time.monotonic() < end
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()
