from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

Serve = Callable[[Any], None]


def test_a_job_is_described_from_its_arrival_to_its_end(serve: Serve) -> None:
    async def body(house: Any) -> None:
        extra = {"extra_pnginfo": {"workflow": {"id": "w"}}}
        id = (await house.submit(extra_data=extra))["prompt_id"]
        job = await house.get(f"/api/jobs/{id}")
        created = job.pop("create_time")
        assert job == {
            "id": id,
            "status": "pending",
            "priority": 1,
            "outputs_count": 0,
            "previewable_outputs_count": 0,
            "workflow_id": "w",
        }
        await house.jobs.take("w1")
        running = await house.get(f"/api/jobs/{id}")
        assert running["status"] == "in_progress"
        assert running["execution_start_time"] >= created
        await house.jobs.requeue(id, died=True)
        await house.player.run_all()
        done = await house.get(f"/api/jobs/{id}")
        image = {"filename": "x.png", "subfolder": "", "type": "output"}
        assert done["status"] == "completed"
        assert done["execution_end_time"] >= done["execution_start_time"]
        assert done["outputs"] == {"2": {"images": [image]}}
        assert done["preview_output"] == {**image, "nodeId": "2", "mediaType": "images"}
        assert (done["outputs_count"], done["previewable_outputs_count"]) == (1, 1)
        assert done["execution_status"]["status_str"] == "success"
        assert done["workflow"]["prompt"] == house.paint()
        assert done["workflow"]["extra_data"] == extra

    serve(body)


def test_a_job_that_failed_says_where_and_why(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {**house.paint(), "3": {"class_type": "Refuse", "inputs": {"images": ["1", 0]}}}
        id = (await house.submit(prompt))["prompt_id"]
        await house.player.run_all()
        job = await house.get(f"/api/jobs/{id}")
        error = job["execution_error"]
        assert job["status"] == "failed"
        assert (error["node_id"], error["node_type"], error["exception_type"]) == ("3", "Refuse", "bad_input")
        assert "the picture is upside down. Turn it." in error["exception_message"]

    serve(body)


def test_jobs_are_listed_by_status_and_workflow(serve: Serve) -> None:
    async def body(house: Any) -> None:
        done = (await house.submit(extra_data={"extra_pnginfo": {"workflow": {"id": "w"}}}))["prompt_id"]
        await house.player.run_all()
        waiting = (await house.submit())["prompt_id"]
        gone = (await house.submit())["prompt_id"]
        await house.post("/queue", {"delete": [gone]})

        async def listed(query: str) -> list[str]:
            return [job["id"] for job in (await house.get(f"/api/jobs?{query}"))["jobs"]]

        assert await listed("") == [gone, waiting, done]
        assert await listed("status=pending,in_progress") == [waiting]
        assert await listed("status=Completed") == [done]
        assert await listed("status=cancelled") == [gone]
        assert await listed("workflow_id=w") == [done]

    serve(body)


@pytest.mark.parametrize(
    "query", ["status=lost", "sort_by=size", "sort_order=up", "limit=0", "limit=-1", "limit=x", "offset=x"]
)
def test_a_listing_that_cannot_be_understood_is_refused(serve: Serve, query: str) -> None:
    async def body(house: Any) -> None:
        assert query.split("=")[1] in (await house.get(f"/api/jobs?{query}", 400))["error"]

    serve(body)


def test_an_unknown_job_is_not_found(serve: Serve) -> None:
    async def body(house: Any) -> None:
        assert "no job" in (await house.get(f"/api/jobs/{uuid4()}", 404))["error"]

    serve(body)


def test_jobs_are_cancelled_in_any_state_and_again_without_harm(serve: Serve) -> None:
    async def body(house: Any) -> None:
        running, waiting, other = [(await house.submit(house.endless()))["prompt_id"] for _ in range(3)]
        task = asyncio.create_task(house.player.run(await house.jobs.take("w1")))
        await asyncio.sleep(0)
        assert await house.post(f"/api/jobs/{running}/cancel") == {"cancelled": True}
        assert await house.post("/api/jobs/cancel", {"job_ids": [waiting, other]}) == {"cancelled": True}
        await task
        for id in (running, waiting, other):
            assert (await house.get(f"/api/jobs/{id}"))["status"] == "cancelled"
            assert await house.post(f"/api/jobs/{id}/cancel") == {"cancelled": False}
        assert await house.post(f"/api/jobs/{uuid4()}/cancel") == {"cancelled": False}

    serve(body)


@pytest.mark.parametrize(
    "sent", [{}, {"job_ids": []}, {"job_ids": "x"}, {"job_ids": ["x"]}, {"job_ids": [5]}]
)
def test_ids_that_are_none_are_refused(serve: Serve, sent: Any) -> None:
    async def body(house: Any) -> None:
        assert "UUIDs" in (await house.post("/api/jobs/cancel", sent, 400))["error"]
        assert "UUIDs" in (await house.post("/api/jobs/not-an-id/cancel", None, 400))["error"]

    serve(body)
