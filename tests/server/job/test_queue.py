from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

Serve = Callable[[Any], None]


def test_the_queue_lists_what_runs_and_what_waits_in_order(serve: Serve) -> None:
    async def body(house: Any) -> None:
        assert await house.get("/queue") == {"queue_running": [], "queue_pending": []}
        ids = [(await house.submit(client_id=name))["prompt_id"] for name in ("ann", "ann", "bob")]
        await house.jobs.take("w1")
        queue = await house.get("/queue")
        assert [item[1] for item in queue["queue_running"]] == [ids[0]]
        assert [item[1] for item in queue["queue_pending"]] == [ids[2], ids[1]]
        assert [len(item) for item in queue["queue_pending"]] == [5, 5]

    serve(body)


def test_waiting_jobs_are_deleted_by_id_or_all_together_and_what_runs_goes_on(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ids = [(await house.submit())["prompt_id"] for _ in range(5)]
        await house.jobs.take("w1")
        await house.post("/queue", {"delete": [ids[0], ids[2], "unknown"]})
        assert [item[1] for item in (await house.get("/queue"))["queue_pending"]] == [ids[1], ids[3], ids[4]]
        await house.post("/queue", {"clear": True})
        queue = await house.get("/queue")
        assert (len(queue["queue_running"]), queue["queue_pending"]) == (1, [])
        assert await house.get("/history") == {}
        assert (await house.get(f"/api/jobs/{ids[1]}"))["status"] == "cancelled"

    serve(body)


@pytest.mark.parametrize("sent", [b"[]", b"{", b'{"delete": "all"}', b'{"delete": [5]}'])
@pytest.mark.parametrize("path", ["/queue", "/history"])
def test_a_change_that_cannot_be_understood_changes_nothing(serve: Serve, path: str, sent: bytes) -> None:
    async def body(house: Any) -> None:
        await house.submit()
        assert (await house.post(path, sent, 400))["error"]["message"]
        assert await house.jobs.count() == 1

    serve(body)


def test_a_paused_queue_says_so_and_goes_on_when_told(serve: Serve) -> None:
    async def body(house: Any) -> None:
        await house.post("/safelight/queue", {"paused": True})
        id = (await house.submit(client_id="ann"))["prompt_id"]
        await house.player.run_all()
        overview = await house.get("/safelight/queue")
        assert (overview["paused"], [job["id"] for job in overview["waiting"]]) == (True, [id])
        await house.post("/safelight/queue", {"paused": "yes"}, 400)
        await house.post("/safelight/queue", {"paused": False})
        await house.player.run_all()
        assert (await house.get("/safelight/queue"))["waiting"] == []

    serve(body)


def test_an_interruption_ends_the_job_that_runs_and_only_that(serve: Serve) -> None:
    async def body(house: Any) -> None:
        first, second = [(await house.submit(house.endless()))["prompt_id"] for _ in range(2)]
        taken = await house.jobs.take("w1")
        running = asyncio.create_task(house.player.run(taken))
        await asyncio.sleep(0)
        await house.post("/interrupt", {"prompt_id": second})
        assert not house.player.cancels[first].raised
        await house.post("/interrupt")
        assert house.player.cancels[first].raised
        await running
        entry = (await house.get(f"/history/{first}"))[first]
        assert entry["status"]["messages"][-1][0] == "execution_interrupted"
        assert (await house.get(f"/api/jobs/{second}"))["status"] == "pending"
        await house.post("/interrupt", b"{", 400)

    serve(body)


def test_freeing_memory_is_passed_on(serve: Serve) -> None:
    async def body(house: Any) -> None:
        await house.post("/free", {"unload_models": True})
        await house.post("/free", {})
        assert house.player.freed == [(True, False)]

    serve(body)


def test_a_queue_of_hundreds_is_listed_quickly_and_whole(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = house.paint("x" * 5000)
        for _ in range(20):
            await asyncio.gather(*(house.submit(prompt, client_id=f"c{n}") for n in range(25)))
        began = time.perf_counter()
        async with house.client.get("/queue") as answer:
            text = await answer.text()
        took = time.perf_counter() - began
        began = time.perf_counter()
        pending = json.loads(text)["queue_pending"]
        parsing = time.perf_counter() - began
        assert [item[2] for item in pending] == [prompt] * 500
        assert took < 50 * parsing + 0.5

    serve(body)
