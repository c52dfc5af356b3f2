from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

Serve = Callable[[Any], None]


def kinds(told: list[Any]) -> list[str]:
    return [
        one["type"] if isinstance(one, dict) else f"binary {struct.unpack('>I', one[:4])[0]}" for one in told
    ]


def test_a_good_run_is_told_in_comfyuis_order(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        asking = {"preview_method": "latent2rgb"}
        id = (await house.submit(client_id="ann", extra_data=asking))["prompt_id"]
        await house.player.run_all()
        told = await ear.until_over()
        assert kinds(told) == [
            "execution_start",
            "execution_cached",
            *("executing", "progress_state"),
            *("progress", "progress_state", "binary 1") * 2,
            "progress_state",
            *("executing", "progress_state", "progress_state", "executed"),
            "execution_success",
            "executing",
        ]
        assert all(one["data"]["prompt_id"] == id for one in told if isinstance(one, dict))
        assert told[1]["data"]["nodes"] == []
        assert [one["data"]["node"] for one in told if kinds([one]) == ["executing"]] == ["1", "2", None]
        assert told[4]["data"] == {"value": 1, "max": 2, "prompt_id": id, "node": "1"}
        assert told[6] == struct.pack(">II", 1, 2) + b"a picture"
        state = told[5]["data"]["nodes"]
        assert state == {
            "1": {
                "value": 1,
                "max": 2,
                "state": "running",
                "node_id": "1",
                "prompt_id": id,
                "display_node_id": "1",
                "parent_node_id": None,
                "real_node_id": "1",
            }
        }
        image = {"filename": "x.png", "subfolder": "", "type": "output"}
        executed = next(one for one in told if kinds([one]) == ["executed"])
        assert executed["data"] == {
            "node": "2",
            "display_node": "2",
            "output": {"images": [image]},
            "prompt_id": id,
        }

    serve(body)


def test_the_history_is_there_when_the_success_is_told(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        id = (await house.submit(client_id="ann"))["prompt_id"]
        running = asyncio.create_task(house.player.run_all())
        await ear.until("execution_success")
        entry = (await house.get(f"/history/{id}"))[id]
        assert [name for name, _ in entry["status"]["messages"]] == [
            "execution_start",
            "execution_cached",
            "execution_success",
        ]
        await running

    serve(body)


def test_results_that_were_found_are_told_together_and_what_they_show_is_shown_again(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {
            "1": {"class_type": "Paint", "inputs": {"text": "a"}},
            "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
            "3": {"class_type": "Silent", "inputs": {"images": ["1", 0]}},
        }
        await house.submit(prompt)
        await house.player.run_all()
        ear = await house.connect("ann")
        await house.submit(prompt, client_id="ann")
        await house.player.run_all()
        told = await ear.until_over()
        assert kinds(told) == [
            "execution_start",
            "execution_cached",
            "executed",
            "executed",
            "execution_success",
            "executing",
        ]
        assert sorted(told[1]["data"]["nodes"]) == ["2", "3"]
        shown = {one["data"]["node"]: one["data"]["output"] for one in told[2:4]}
        assert shown == {
            "2": {"images": [{"filename": "x.png", "subfolder": "", "type": "output"}]},
            "3": None,
        }

    serve(body)


def test_what_is_shown_in_a_loop_adds_up_at_the_node_that_a_person_sees(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {
            "1": {"class_type": "StartLoop", "inputs": {"mode": "simple", "mode.num_iterations": 3}},
            "2": {"class_type": "Paint", "inputs": {"seed": ["1", 0]}},
            "3": {"class_type": "Save", "inputs": {"images": ["2", 0]}},
            "4": {"class_type": "EndLoop", "inputs": {"output_value": ["2", 0]}},
        }
        ear = await house.connect("ann")
        await house.submit(prompt, client_id="ann", partial_execution_targets=["3"])
        await house.player.run_all()
        told = [one["data"] for one in await ear.until_over() if kinds([one]) == ["executed"]]
        assert [(one["node"], one["display_node"], one.get("merge", False)) for one in told] == [
            ("3.0", "3", False),
            ("3.1", "3", True),
            ("3.2", "3", True),
        ]

    serve(body)


def test_pictures_of_work_in_progress_go_to_nobody_who_could_take_them_for_results(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        await house.submit(client_id="ann")
        await house.player.run_all()
        assert "binary 1" not in kinds(await ear.until_over())

    serve(body)


def test_previews_say_where_they_belong_to_clients_that_can_read_it(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        await ear.socket.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": True}})
        assert (await ear.until("feature_flags"))["supports_preview_metadata"] is True
        id = (await house.submit(client_id="ann"))["prompt_id"]
        await house.player.run_all()
        frame = next(one for one in await ear.until_over() if isinstance(one, bytes))
        kind, length = struct.unpack(">II", frame[:8])
        assert (kind, frame[8 + length :]) == (4, b"a picture")
        assert json.loads(frame[8 : 8 + length]) == {
            "node_id": "1",
            "display_node_id": "1",
            "parent_node_id": None,
            "real_node_id": "1",
            "prompt_id": id,
            "image_type": "image/png",
        }

    serve(body)


def test_a_node_that_another_made_is_told_with_the_one_that_is_seen(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        prompt = {
            "1": {"class_type": "Paint", "inputs": {}},
            "5": {"class_type": "Twice", "inputs": {"images": ["1", 0]}},
            "2": {"class_type": "Save", "inputs": {"images": ["5", 0]}},
        }
        await house.submit(prompt, client_id="ann")
        await house.player.run_all()
        told = await ear.until_over()
        seen = {
            one["data"]["node"]: one["data"].get("display_node")
            for one in told
            if kinds([one]) == ["executing"]
        }
        assert seen == {"1": "1", "5": "5", "5.brush": "5", "2": "2", None: None}
        inner = [
            one["data"]["nodes"]["5.brush"]
            for one in told
            if kinds([one]) == ["progress_state"] and "5.brush" in one["data"]["nodes"]
        ]
        assert {(entry["display_node_id"], entry["parent_node_id"]) for entry in inner} == {("5", "5")}

    serve(body)


def test_a_failure_is_told_with_its_node_and_kept(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        id = (await house.submit(house.paint("fail"), client_id="ann"))["prompt_id"]
        await house.player.run_all()
        told = await ear.until_over()
        assert kinds(told)[-2:] == ["execution_error", "executing"]
        error = told[-2]["data"]
        assert (error["node_id"], error["node_type"], error["executed"]) == ("1", "Paint", [])
        assert "the brush broke" in error["exception_message"]
        entry = (await house.get(f"/history/{id}"))[id]
        assert (entry["status"]["status_str"], entry["status"]["completed"]) == ("error", False)
        assert entry["status"]["messages"][-1] == ["execution_error", error]

    serve(body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/interrupt", None),
        ("/interrupt", {"prompt_id": "ID"}),
        ("/queue", {"clear": True}),
        ("/queue", {"delete": ["ID"]}),
        ("/api/jobs/ID/cancel", None),
    ],
)
def test_a_job_that_lost_its_worker_can_be_ended_before_it_goes_on_and_its_client_hears_of_it(
    serve: Serve, path: str, body: Any
) -> None:
    async def run(house: Any) -> None:
        ear = await house.connect("ann")
        id = (await house.submit(client_id="ann"))["prompt_id"]
        taken = await house.jobs.take("w1")
        house.player.told.started(taken)
        await house.jobs.requeue(id, died=True)
        house.player.told.dropped(taken)
        sent = json.dumps(body).replace("ID", id).encode() if body is not None else None
        await house.post(path.replace("ID", id), sent)
        assert kinds(await ear.until_over())[-2:] == ["execution_interrupted", "executing"]
        assert (await house.jobs.get(id)).state == "cancelled"
        assert await house.player.run_next() is None
        kept = (await house.get(f"/history/{id}"))[id]["status"]["messages"]
        assert [name for name, _ in kept] == ["execution_start", "execution_interrupted"]
        assert all(data["prompt_id"] == id and data["timestamp"] > 1.7e12 for _, data in kept)

    serve(run)


def test_an_interruption_is_told_to_all_and_its_end_to_the_submitter(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ann, bob = await house.connect("ann"), await house.connect("bob")
        id = (await house.submit(house.endless(), client_id="ann"))["prompt_id"]
        taken = await house.jobs.take("w1")
        running = asyncio.create_task(house.player.run(taken))
        await ann.until("executing")
        house.player.cancels[id].cancel()
        await running
        told = await bob.until("execution_interrupted")
        assert (told["prompt_id"], told["node_id"], told["node_type"]) == (id, "1", "Endless")
        assert kinds(await ann.until_over())[-2:] == ["execution_interrupted", "executing"]
        assert (await house.get(f"/api/jobs/{id}"))["status"] == "cancelled"

    serve(body)


def test_a_blocked_output_is_told_as_an_error_and_the_job_is_done_all_the_same(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        prompt = {**house.paint(), "3": {"class_type": "Block", "inputs": {"images": ["1", 0]}}}
        prompt["2"]["inputs"]["images"] = ["3", 0]
        await house.submit(prompt, client_id="ann")
        await house.player.run_all()
        told = await ear.until_over()
        assert kinds(told)[-3:] == ["execution_error", "execution_success", "executing"]
        assert told[-3]["data"]["exception_type"] == "ExecutionBlocked"
        assert "nothing to see" in told[-3]["data"]["exception_message"]

    serve(body)


def test_a_client_that_comes_back_is_told_what_runs(serve: Serve) -> None:
    async def body(house: Any) -> None:
        house.hub.send("executing", {"node": "7", "display_node": "7", "prompt_id": "p"}, "ann")
        again = await house.connect("ann")
        assert (await again.until("executing"))["node"] == "7"

    serve(body)


def test_of_two_jobs_of_a_client_the_end_of_one_does_not_hide_the_other(serve: Serve) -> None:
    async def body(house: Any) -> None:
        for job in ("p", "q", "r"):
            house.hub.send("executing", {"node": f"of {job}", "prompt_id": job}, "ann")
        house.hub.send("executing", {"node": None, "prompt_id": "q"}, "ann")
        again = await house.connect("ann")
        assert [(await again.until("executing"))["node"] for _ in range(2)] == ["of p", "of r"]
        for job in ("p", "r"):
            house.hub.send("executing", {"node": None, "prompt_id": job}, "ann")
        last = await house.connect("ann")
        house.hub.send("over", {}, "ann")
        await last.until("over")
        assert "executing" not in kinds(last.heard)

    serve(body)


def test_everybody_hears_how_many_jobs_there_are_and_a_client_without_a_name_gets_one(serve: Serve) -> None:
    async def body(house: Any) -> None:
        async with house.client.ws_connect("/ws") as socket:
            first = await socket.receive_json(timeout=10)
            assert first["data"]["status"] == {"exec_info": {"queue_remaining": 0}}
            assert len(first["data"]["sid"]) == 32
            await house.submit()
            told = await socket.receive_json(timeout=10)
            assert told == {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 1}}}}

    serve(body)


def test_nonsense_from_a_client_is_ignored_and_too_much_of_it_ends_its_connection_only(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear, other = await house.connect("ann"), await house.connect("bob")
        for text in (
            "",
            "{",
            "[]",
            "null",
            '{"type": 5}',
            '{"type":"feature_flags","data":[1]}',
            "[" * 100_000,
        ):
            await ear.socket.send_str(text)
        await ear.socket.send_bytes(b"\0" * 1000)
        await ear.until("feature_flags")
        await ear.socket.send_str("x" * (2**20 + 1))
        assert (await ear.socket.receive(timeout=10)).type.name in ("CLOSE", "CLOSED")
        await house.submit(client_id="bob")
        await house.player.run_all()
        await other.until_over()

    serve(body)


def test_a_client_that_does_not_read_is_let_go_and_holds_nobody_up(serve: Serve) -> None:
    async def body(house: Any) -> None:
        slow, quick = await house.connect("slow"), await house.connect("quick")
        slow.socket._response.connection.transport.pause_reading()
        for _ in range(60):
            house.hub.send("executed", {"output": "x" * 2**20}, "slow")
            house.hub.send("executed", {"output": "y"}, "quick")
            await asyncio.sleep(0)
        for _ in range(60):
            await quick.until("executed")
        for _ in range(100):
            if not house.hub.connected("slow"):
                break
            await asyncio.sleep(0.02)
        assert not house.hub.connected("slow")
        assert house.hub.connected("quick")
        slow.socket._response.close()

    serve(body)


def test_one_address_cannot_have_all_sockets(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.hub.SOCKETS_OF_ONE", 3)

    async def body(house: Any) -> None:
        ears = await asyncio.gather(
            *(house.connect(f"client{number}") for number in range(6)), return_exceptions=True
        )
        refused = [one for one in ears if isinstance(one, aiohttp.WSServerHandshakeError)]
        assert [one.status for one in refused] == [503] * 3
        answer = await house.get("/ws", 503)
        assert answer["error"]["type"] == "too_many_sockets"
        await next(one for one in ears if one not in refused).socket.close()
        await house.connect("the next")

    serve(body)


def test_a_client_that_went_without_a_goodbye_is_forgotten(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.hub.HEARTBEAT", 0.2)

    async def body(house: Any) -> None:
        gone = await house.client.ws_connect("/ws?clientId=gone", autoping=False)
        reader = asyncio.create_task(read_all(await house.client.ws_connect("/ws?clientId=reads")))
        for _ in range(100):
            if not house.hub.connected("gone"):
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert not house.hub.connected("gone")
        assert house.hub.connected("reads")
        reader.cancel()
        await gone.close()

    serve(body)


async def read_all(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


def test_of_progress_only_the_newest_is_sent_to_a_client_that_lags(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        for value in range(5000):
            house.hub.send("progress", {"node": "1", "value": value, "max": 5000}, "ann")
        house.hub.send("execution_success", {}, "ann")
        await ear.until("execution_success")
        values = [one["data"]["value"] for one in ear.heard if one["type"] == "progress"]
        assert values == sorted(values)
        assert values[-1] == 4999
        assert len(values) < 1000

    serve(body)


def test_progress_of_one_job_takes_no_place_of_another_jobs_progress(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect("ann")
        for job in ("p", "q"):
            house.hub.send("progress", {"node": "1", "value": 0, "prompt_id": job}, "ann")
            house.hub.send("progress_state", {"nodes": {}, "prompt_id": job}, "ann")
        for _ in range(500):
            house.hub.send("executed", {}, "ann")
        house.hub.send("execution_success", {}, "ann")
        await ear.until("execution_success")
        told = [(one["type"], one["data"].get("prompt_id")) for one in ear.heard if "progress" in one["type"]]
        assert sorted(told) == [(kind, job) for kind in ("progress", "progress_state") for job in ("p", "q")]

    serve(body)


def test_lines_of_the_log_are_sent_to_those_who_asked(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ann, bob = await house.connect("ann"), await house.connect("bob")
        house.hub.subscribe("ann", True)
        await asyncio.to_thread(house.hub.send_logs, [{"t": "now", "m": "hello"}])
        house.hub.send("over", {})
        assert (await ann.until("logs"))["entries"] == [{"t": "now", "m": "hello"}]
        await bob.until("over")
        assert "logs" not in kinds(bob.heard)

    serve(body)


def test_a_client_is_heard_of_under_any_name_that_its_jobs_may_have(serve: Serve) -> None:
    async def body(house: Any) -> None:
        ear = await house.connect(quote("☃ " * 300))
        await house.submit(house.paint(), client_id="☃ " * 300)
        await house.player.run_all()
        assert (await ear.until("execution_success"))["prompt_id"]
        async with house.client.get(f"/ws?clientId={'x' * 1001}") as answer:
            assert (answer.status, (await answer.json())["error"]["type"]) == (400, "invalid_client_id")

    serve(body)
