from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from server import admission
from server.job import NewJob

Serve = Callable[[Any], None]
ID = "0b2c7a52-6d9b-4c6b-9d4e-0e6b1c2d3e4f"


def test_an_accepted_prompt_has_an_id_and_a_number_and_waits(serve: Serve) -> None:
    async def body(house: Any) -> None:
        first = await house.submit()
        second = await house.submit(prompt_id=ID, number=-2.5)
        third = await house.submit(front=True)
        assert (first["number"], first["node_errors"]) == (1, {})
        assert (second["prompt_id"], second["number"], third["number"]) == (ID, -2.5, -3)
        assert await house.get("/prompt") == {"exec_info": {"queue_remaining": 3}}
        pending = (await house.get("/queue"))["queue_pending"]
        assert [item[1] for item in pending] == [third["prompt_id"], ID, first["prompt_id"]]

    serve(body)


def test_what_was_sent_is_kept_as_it_was_apart_from_secrets(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = house.paint(seed=2**64 - 1, text="grün 😀", unknown_input=[])
        extra = {"extra_pnginfo": {"workflow": {"id": "w", "nodes": []}}, "api_key_comfy_org": "hush"}
        id = (await house.submit(prompt, client_id="ann", extra_data=extra))["prompt_id"]
        ((number, found, sent, data, roots),) = (await house.get("/queue"))["queue_pending"]
        assert (number, found, sent, roots) == (1, id, prompt, ["2"])
        assert data.pop("create_time") > 1.7e12
        assert data == {"client_id": "ann", "extra_pnginfo": {"workflow": {"id": "w", "nodes": []}}}
        job = await house.jobs.get(id)
        assert (job.workflow, job.workflow_id) == ({"id": "w", "nodes": []}, "w")

    serve(body)


def test_values_read_with_tolerance_are_run_so_and_shown_as_they_were_sent(serve: Serve) -> None:
    async def body(house: Any) -> None:
        id = (await house.submit(house.paint(steps="3")))["prompt_id"]
        job = await house.jobs.get(id)
        assert job.tree()["1"]["inputs"]["steps"] == [3]
        assert job.prompt_tree()["1"]["inputs"]["steps"] == "3"

    serve(body)


def test_outputs_that_can_be_run_are_and_the_others_are_reported(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {
            **house.paint(),
            "8": {"class_type": "Paint", "inputs": {"steps": 0}},
            "9": {"class_type": "Save", "inputs": {"images": ["8", 0]}},
            "10": {"class_type": "FancySave", "inputs": {"images": ["1", 0]}},
        }
        answer = await house.submit(prompt)
        errors = answer["node_errors"]
        assert sorted(errors) == ["10", "8"]
        assert errors["8"]["dependent_outputs"] == ["9"]
        assert errors["8"]["class_type"] == "Paint"
        assert errors["10"]["errors"][0]["type"] == "missing_node_type"
        job = await house.jobs.get(answer["prompt_id"])
        assert job.roots == ("2",)

    serve(body)


def test_only_the_outputs_that_are_asked_for_are_run(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = {**house.paint(), "3": {"class_type": "Save", "inputs": {"images": ["1", 0]}}}
        answer = await house.submit(prompt, partial_execution_targets=["3"])
        assert (await house.jobs.get(answer["prompt_id"])).roots == ("3",)
        refused = await house.submit(prompt, 400, partial_execution_targets=["1"])
        assert refused["error"]["type"] == "prompt_no_outputs"
        assert "['1']" in refused["error"]["details"]

    serve(body)


def prompt_with(**inputs: Any) -> dict[str, Any]:
    return {
        "1": {"class_type": "Paint", "inputs": inputs},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
    }


def saving(link: Any, **others: Any) -> dict[str, Any]:
    return {"2": {"class_type": "Save", "inputs": {"images": link}}, **others}


def loading(name: str) -> dict[str, Any]:
    return saving(["3", 0], **{"3": {"class_type": "Load", "inputs": {"name": name}}})


PAINT = {"class_type": "Paint", "inputs": {}}
UNSAVED = {"2": {"class_type": "Save", "inputs": {}}}
LEADING_OUT = {
    "1": PAINT,
    "2": {"class_type": "Save", "inputs": {"images": ["1", 0], "filename_prefix": "../x"}},
}
CIRCLE = saving(["3", 0], **{"3": {"class_type": "Retouch", "inputs": {"images": ["3", 0]}}})
LOOP = saving(
    ["5", 0],
    **{
        "3": {"class_type": "StartLoop", "inputs": {"mode": "simple", "mode.num_iterations": 2}},
        "4": {"class_type": "Paint", "inputs": {"seed": ["3", 0]}},
        "5": {"class_type": "EndLoop", "inputs": {"output_value": ["4", 0], "accumulate": ["3", 2]}},
    },
)
MISSPELT = saving(["3", 0], **{"3": {"class_type": "Pain", "inputs": {}}})
NODE_PROBLEMS = [
    (UNSAVED, "2", "required_input_missing", "images"),
    (saving(["9", 0]), "2", "bad_linked_input", "node '9', which does not exist"),
    (saving(["1", 7], **{"1": PAINT}), "2", "bad_linked_input", "output 7"),
    (saving(["1", -1], **{"1": PAINT}), "2", "bad_linked_input", "output -1"),
    (saving(["1", 10**12], **{"1": PAINT}), "2", "bad_linked_input", "which has 1 output"),
    (saving(["1"], **{"1": PAINT}), "2", "bad_linked_input", "from a wire"),
    (loading("sd.safetensors"), "2", "return_type_mismatch", "takes IMAGE but node '3' gives MODEL"),
    (prompt_with(steps="many"), "1", "invalid_input_type", "'many'"),
    (prompt_with(steps=float("nan")), "1", "invalid_input_type", "nan"),
    (prompt_with(steps=0), "1", "value_smaller_than_min", "minimum 1"),
    (prompt_with(steps=1e30), "1", "value_bigger_than_max", "1e+30"),
    (prompt_with(steps=10**30), "1", "value_bigger_than_max", "maximum 100"),
    (prompt_with(style="watercolour"), "1", "value_not_in_list", "not one of its choices"),
    (loading("../../etc/passwd"), "3", "value_not_in_list", "leads out of its folder"),
    (loading("absent.safetensors"), "3", "value_not_in_list", "absent.safetensors"),
    (prompt_with(text="half \ud800"), "1", "custom_validation_failed", "half a character"),
    (LEADING_OUT, "2", "custom_validation_failed", "leads out of"),
    (CIRCLE, "3", "dependency_cycle", "'3' -> '3'"),
    (LOOP, "5", "custom_validation_failed", "cannot be decided anew in each iteration"),
    (MISSPELT, "3", "missing_node_type", "'Paint'?"),
]


@pytest.mark.parametrize(("prompt", "node", "kind", "words"), NODE_PROBLEMS)
def test_each_problem_of_a_node_has_its_type_and_says_what_to_do(
    serve: Serve, prompt: Any, node: str, kind: str, words: str
) -> None:
    async def body(house: Any) -> None:
        answer = await house.submit(prompt, 400)
        entry = answer["node_errors"][node]
        problem = next(one for one in entry["errors"] if one["type"] == kind)
        assert words in problem["details"]
        assert entry["dependent_outputs"] == ["2"]
        assert entry["class_type"] == prompt[node]["class_type"]
        unknown = kind == "missing_node_type"
        assert answer["error"]["type"] == (kind if unknown else "prompt_outputs_failed_validation")
        if not unknown:
            assert problem["extra_info"]["input_name"] in problem["details"]
        assert await house.jobs.count() == 0

    serve(body)


FORMS = [
    (b"", "no_prompt"),
    (b"{}", "no_prompt"),
    (b"[]", "no_prompt"),
    (b"5", "no_prompt"),
    (b"not json", "invalid_json"),
    (b"\xff\xfe\x00", "invalid_json"),
    (b'{"prompt":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "invalid_json"),
    (b'{"prompt": ' + b"9" * 5000 + b"}", "invalid_json"),
    ({"prompt": []}, "invalid_prompt"),
    ({"prompt": "text"}, "invalid_prompt"),
    ({"prompt": {}}, "prompt_no_outputs"),
    ({"prompt": {"1": "node"}}, "missing_node_type"),
    ({"prompt": {"1": None}}, "missing_node_type"),
    ({"prompt": {"1": {"inputs": {}}}}, "missing_node_type"),
    ({"prompt": {"1": {"class_type": 5}}}, "missing_node_type"),
    ({"prompt": {"1": {"class_type": "Save", "inputs": []}}}, "invalid_prompt"),
    ({"prompt": {"1": {"class_type": "Save"}}}, "prompt_outputs_failed_validation"),
    ({"prompt": {"1": {"class_type": "Paint"}}}, "prompt_no_outputs"),
    ({"prompt": {"1": {"class_type": "Nope"}}}, "missing_node_type"),
    ({"prompt_id": "5"}, "invalid_prompt_id"),
    ({"prompt_id": ID.upper()}, "invalid_prompt_id"),
    ({"prompt_id": 7}, "invalid_prompt_id"),
    ({"number": "soon"}, "invalid_number"),
    ({"number": float("inf")}, "invalid_number"),
    ({"number": True}, "invalid_number"),
    ({"number": 10**400}, "invalid_number"),
    ({"client_id": {}}, "invalid_client_id"),
    ({"client_id": "x" * 2000}, "invalid_client_id"),
    ({"client_id": "half \ud800"}, "invalid_client_id"),
    ({"extra_data": []}, "invalid_extra_data"),
    ({"partial_execution_targets": "2"}, "invalid_targets"),
    ({"partial_execution_targets": [[]]}, "invalid_targets"),
]


@pytest.mark.parametrize(("sent", "kind"), FORMS, ids=[str(n) for n in range(len(FORMS))])
def test_a_request_of_a_wrong_form_is_refused_with_a_sentence(serve: Serve, sent: Any, kind: str) -> None:
    async def body(house: Any) -> None:
        request = sent if isinstance(sent, bytes) else {"prompt": house.paint(), **sent}
        answer = await house.post("/prompt", request, 400)
        assert answer["error"]["type"] == kind
        assert answer["error"]["message"]
        assert "Traceback" not in json.dumps(answer)
        assert await house.jobs.count() == 0

    serve(body)


@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_what_json_cannot_say_is_refused_rather_than_kept_as_something_else(
    serve: Serve, number: float
) -> None:
    async def body(house: Any) -> None:
        workflow = {"nodes": [{"id": 1, "widgets_values": [8, number]}]}
        answer = await house.submit(house.paint(), 400, extra_data={"extra_pnginfo": {"workflow": workflow}})
        assert answer["error"]["type"] == "invalid_extra_data"
        assert "extra_pnginfo.workflow.nodes.0.widgets_values.1" in answer["error"]["details"]
        unneeded = {**house.paint(), "9": {"class_type": "Paint", "inputs": {"steps": number}}}
        answer = await house.submit(unneeded, 400)
        assert answer["error"]["type"] == "invalid_prompt"
        assert "9.steps" in answer["error"]["details"]
        assert await house.jobs.count() == 0

    serve(body)


def test_a_note_beside_the_inputs_of_a_node_may_be_anything_and_is_never_sent_back_as_nan(
    serve: Serve,
) -> None:
    async def body(house: Any) -> None:
        prompt = house.paint()
        prompt["1"]["is_changed"] = [float("nan")]  # as ComfyUI wrote into pictures for long
        await house.submit(prompt)
        async with house.client.get("/queue") as answer:
            text = await answer.text()
        assert "NaN" not in text
        assert json.loads(text)["queue_pending"][0][2]["1"]["inputs"] == prompt["1"]["inputs"]

    serve(body)


def test_sending_a_prompt_twice_keeps_it_once_and_another_with_its_id_is_refused(serve: Serve) -> None:
    async def body(house: Any) -> None:
        first = await house.submit(prompt_id=ID)
        assert await house.submit(prompt_id=ID) == first
        refused = await house.submit(house.paint("other"), 400, prompt_id=ID)
        assert refused["error"]["type"] == "invalid_prompt_id"
        assert await house.jobs.count() == 1

    serve(body)


def test_a_job_that_cannot_be_kept_is_not_accepted(serve: Serve) -> None:
    async def body(house: Any) -> None:
        await house.submit()
        await house.jobs.call(lambda store: store._connection.execute("PRAGMA max_page_count = 1"))
        answer = await house.submit(house.paint("x" * 100_000), 507)
        assert answer["error"]["type"] == "store_full"
        assert "Free some space" in answer["error"]["details"]
        assert await house.jobs.count() == 1

    serve(body)


def test_half_characters_where_they_do_no_harm_do_none(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt = house.paint()
        prompt["2"]["_meta"]["title"] = "half \ud800"
        prompt["3"] = {"class_type": "Paint", "inputs": {"text": "\ud800"}}
        extra = {"extra_pnginfo": {"workflow": {"id": "\ud800"}}}
        ids = [(await house.submit(prompt, extra_data=extra, client_id="ann"))["prompt_id"] for _ in range(2)]
        await house.player.run_all()
        assert list(await house.get("/history")) == ids
        await house.post("/history", {"delete": ["\ud800"]}, 400)

    serve(body)


def test_one_job_that_cannot_be_written_does_not_spoil_those_that_arrive_with_it(serve: Serve) -> None:
    async def body(house: Any) -> None:
        good = [NewJob(str(uuid4()), "{}", ["1"]) for _ in range(3)]
        bad = NewJob("\ud800", "{}", ["1"])
        kept = await asyncio.gather(*map(house.jobs.accept, [*good, bad]), return_exceptions=True)
        assert [type(one).__name__ for one in kept] == ["Job", "Job", "Job", "UnicodeEncodeError"]
        assert await house.jobs.count() == 3

    serve(body)


def test_many_clients_at_once_are_all_answered_and_every_job_is_kept(serve: Serve) -> None:
    async def body(house: Any) -> None:
        answers = await asyncio.gather(*(house.submit(client_id=f"c{n % 20}") for n in range(100)))
        ids = {answer["prompt_id"] for answer in answers}
        assert ids == {item[1] for item in (await house.get("/queue"))["queue_pending"]}
        assert len({answer["number"] for answer in answers}) == 100

    serve(body)


def test_a_prompt_of_ten_thousand_nodes_is_taken_in_while_others_are_answered(serve: Serve) -> None:
    async def body(house: Any) -> None:
        prompt: dict[str, Any] = {"0": {"class_type": "Paint", "inputs": {}}}
        for n in range(1, 10_000):
            prompt[str(n)] = {"class_type": "Retouch", "inputs": {"images": [str(n - 1), 0]}}
        prompt["end"] = {"class_type": "Save", "inputs": {"images": ["9999", 0]}}
        data = json.dumps({"prompt": prompt}).encode()
        sent = asyncio.create_task(house.post("/prompt", data))
        answered = 0
        while not sent.done():
            await house.get("/prompt")
            answered += 1
        assert (await sent)["node_errors"] == {}
        assert answered > 3

    serve(body)


def test_a_node_that_only_a_pack_can_have_waits_for_the_workers_report(serve: Serve) -> None:
    async def body(house: Any) -> None:
        state = "starting"
        house.player.workers = lambda: [SimpleNamespace(state=state)]
        prompt = {**house.paint(), "5": {"class_type": "PackNode", "inputs": {"strength": 5}}}
        prompt["2"]["inputs"]["images"] = ["5", 0]
        sending = asyncio.create_task(house.submit(prompt, 400))
        await asyncio.sleep(0.3)
        assert not sending.done()
        entry = {
            "input": {
                "required": {"strength": ["FLOAT", {"default": 1.0, "max": 2.0}], "mode": [["a", "b"]]}
            },
            "output": ["IMAGE"],
            "output_name": ["IMAGE"],
        }
        house.state.catalogue.learn({"PackNode": entry})
        problems = (await sending)["node_errors"]["5"]["errors"]
        assert sorted(one["type"] for one in problems) == ["required_input_missing", "value_bigger_than_max"]
        prompt["5"]["inputs"] = {"strength": 0.5, "mode": "b"}
        await house.submit(prompt)
        house.player.faults = [{"node": "5", "input": "mode", "problem": "not on Sundays", "remedy": "Wait."}]
        (problem,) = (await house.submit(prompt, 400))["node_errors"]["5"]["errors"]
        assert problem["type"] == "custom_validation_failed"
        assert problem["details"] == "mode: not on Sundays. Wait."

    serve(body)


def test_a_wait_for_a_worker_ends(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE", 0.2)

    async def body(house: Any) -> None:
        house.player.workers = lambda: [SimpleNamespace(state="starting")]
        answer = await house.submit({"1": {"class_type": "Nowhere", "inputs": {}}}, 400)
        assert answer["error"]["type"] == "missing_node_type"

    serve(body)


def test_accepted_jobs_are_there_after_a_restart(tmp_path: Path, house_of: Any) -> None:
    async def body() -> None:
        async with house_of(tmp_path) as house:
            id = (await house.submit(house.paint("kept")))["prompt_id"]
            other = (await house.submit())["prompt_id"]
            await house.jobs.take("w1")
        async with house_of(tmp_path) as house:
            items = (await house.get("/queue"))["queue_pending"]
            assert [item[1] for item in items] == [id, other]
            await house.player.run_all()
            assert sorted(await house.get("/history")) == sorted([id, other])

    asyncio.run(body())


def test_a_job_is_called_as_its_workflow_is_or_else_as_its_output(serve: Serve) -> None:
    async def body(house: Any) -> None:
        named = {"extra_pnginfo": {"workflow": {"name": "Two cats"}}}
        for extra, title in (({}, "Keep it"), (named, "Two cats")):
            id = (await house.submit(extra_data=extra))["prompt_id"]
            assert (await house.jobs.get(id)).title == title

    serve(body)


def test_what_the_store_cannot_do_is_told_with_a_503_and_words(serve: Serve) -> None:
    async def body(house: Any) -> None:
        def locked(_new: Any) -> None:
            raise sqlite3.OperationalError("database is locked")

        accept = house.jobs.store.accept
        house.jobs.store.accept = locked
        told = await house.submit(status=503)
        assert told["error"]["type"] == "store_unavailable"
        assert "database is locked" in told["error"]["details"]
        house.jobs.store.accept = accept
        await house.submit()
        house.jobs._closed = True
        told = await house.submit(status=503)
        assert told["error"]["message"] == "The server is ending"
        await house.get("/queue", 503)

    serve(body)
