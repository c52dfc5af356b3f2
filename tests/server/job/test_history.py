from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Serve = Callable[[Any], None]


async def ran(house: Any, *texts: str, **fields: Any) -> list[str]:
    ids = []
    for text in texts:
        ids.append((await house.submit(house.paint(text, **fields)))["prompt_id"])
        await house.player.run_all()
    return ids


def test_an_entry_has_what_was_asked_what_came_of_it_and_what_was_told(serve: Serve) -> None:
    async def body(house: Any) -> None:
        (id,) = await ran(house, "a cat")
        history = await house.get("/history")
        assert await house.get(f"/history/{id}") == history
        entry = history[id]
        assert entry["prompt"][:2] == [1, id]
        assert entry["prompt"][2] == house.paint("a cat")
        assert entry["prompt"][4] == ["2"]
        assert entry["outputs"] == {
            "2": {"images": [{"filename": "x.png", "subfolder": "", "type": "output"}]}
        }
        assert entry["meta"] == {
            "2": {"node_id": "2", "display_node": "2", "parent_node": None, "real_node_id": "2"}
        }
        assert (entry["status"]["status_str"], entry["status"]["completed"]) == ("success", True)
        names = [name for name, _ in entry["status"]["messages"]]
        assert names == ["execution_start", "execution_cached", "execution_success"]
        assert all(data["prompt_id"] == id for _, data in entry["status"]["messages"])

    serve(body)


def test_a_job_that_waits_or_is_unknown_has_no_entry(serve: Serve) -> None:
    async def body(house: Any) -> None:
        id = (await house.submit())["prompt_id"]
        assert await house.get(f"/history/{id}") == {}
        assert await house.get("/history/nothing") == {}

    serve(body)


def test_the_newest_entries_come_last_and_pages_count_from_the_oldest(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ids = await ran(house, *"abcdefg")
        assert list(await house.get("/history")) == ids
        assert list(await house.get("/history?max_items=3")) == ids[-3:]
        assert list(await house.get("/history?max_items=3&offset=-1")) == ids[-3:]
        assert list(await house.get("/history?max_items=3&offset=2")) == ids[2:5]
        assert await house.get("/history?max_items=0") == {}
        assert "whole number" in (await house.get("/history?max_items=x", 400))["error"]["details"]

    serve(body)


def test_entries_are_forgotten_by_id_or_all_together(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ids = await ran(house, *"abc")
        await house.post("/history", {"delete": [ids[1], "unknown"]})
        assert list(await house.get("/history")) == [ids[0], ids[2]]
        waiting = (await house.submit())["prompt_id"]
        await house.post("/history", {"clear": True})
        assert await house.get("/history") == {}
        assert (await house.get(f"/api/jobs/{waiting}"))["status"] == "pending"

    serve(body)


def test_jobs_are_searched_by_what_they_are_made_of(serve: Serve) -> None:
    async def body(house: Any) -> None:
        cat, dog = await ran(house, "a black cat", seed=2**64 - 1) + await ran(house, "a dog", seed=3)
        prompt = {
            **house.paint("a cow"),
            "4": {"class_type": "Load", "inputs": {"name": "sd.safetensors"}},
            "5": {"class_type": "Refuse", "inputs": {"images": ["1", 0]}},
        }
        extra = {"extra_pnginfo": {"workflow": {"id": "w1"}}}
        cow = (await house.submit(prompt, extra_data=extra))["prompt_id"]
        await house.player.run_all()

        async def found(query: str) -> list[str]:
            return [job["id"] for job in (await house.get(f"/safelight/history?{query}"))["jobs"]]

        assert await found("") == [cow, dog, cat]
        assert await found("text=BLACK%20cat") == [cat]
        assert await found("text=keep") == [cow, dog, cat]
        assert await found(f"seed={2**64 - 1}") == [cat]
        assert await found("workflow=w1") == [cow]
        assert await found("state=failed") == [cow]
        assert await found("state=done,cancelled&text=dog") == [dog]
        assert await found("text=unicorn") == []
        await house.get("/safelight/history?state=lost", 400)
        await house.get("/safelight/history?seed=-1", 400)

    serve(body)


def test_jobs_are_searched_page_by_page(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ids = await ran(house, *"abcdefg")
        seen: list[str] = []
        before = ""
        while True:
            page = await house.get(f"/safelight/history?limit=3{before}")
            seen += [job["id"] for job in page["jobs"]]
            assert page["total"] == 7
            if page["next"] is None:
                break
            before = f"&before={page['next']}"
        assert seen == ids[::-1]

    serve(body)


def test_a_page_after_a_job_that_was_forgotten_is_refused_rather_than_empty(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ids = await ran(house, *"abcd")
        page = await house.get("/safelight/history?limit=2")
        await house.post("/history", {"delete": [ids[2]]})
        told = await house.get(f"/safelight/history?limit=2&before={page['next']}", 400)
        assert "forgotten" in told["error"]["message"]

    serve(body)


def test_a_model_is_found_by_a_part_of_its_name(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {
            "4": {"class_type": "Load", "inputs": {"name": "sd.safetensors"}},
            "5": {"class_type": "Save", "inputs": {"images": ["6", 0]}},
            "6": {"class_type": "Use", "inputs": {"model": ["4", 0]}},
        }
        id = (await house.submit(prompt))["prompt_id"]
        await ran(house, "without")
        page = await house.get("/safelight/history?model=SD")
        assert [(job["id"], job["models"]) for job in page["jobs"]] == [(id, ["sd.safetensors"])]
        assert page["total"] == 1

    serve(body)


@pytest.mark.parametrize("sort", ["created_at", "execution_duration"])
def test_jobs_are_listed_in_every_order_and_by_page(serve: Serve, sort: str) -> None:
    async def body(house: Any) -> None:
        ids = await ran(house, *"abc")
        up = await house.get(f"/api/jobs?sort_by={sort}&sort_order=asc")
        down = await house.get(f"/api/jobs?sort_by={sort}")
        assert [job["id"] for job in up["jobs"]] == [job["id"] for job in down["jobs"]][::-1]
        if sort == "created_at":
            assert [job["id"] for job in up["jobs"]] == ids
        page = await house.get("/api/jobs?limit=2&offset=1&sort_order=asc")
        assert [job["id"] for job in page["jobs"]] == ids[1:]
        assert page["pagination"] == {"offset": 1, "limit": 2, "total": 3, "has_more": False}
        assert (await house.get("/api/jobs?limit=2"))["pagination"]["has_more"] is True

    serve(body)
