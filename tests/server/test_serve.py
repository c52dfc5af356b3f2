"""`safelight serve` as people start it: a process with a real worker, from its first line to its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
WORKFLOW = json.loads((ROOT / "workflows" / "text_to_image.json").read_text())
PATIENCE = 120


@dataclass
class Served:
    """A server process and its first line."""

    process: subprocess.Popen[str]
    line: str
    address: str
    errors: Path

    def ask(self, path: str, body: bytes | None = None, type: str = "application/json") -> Any:
        request = Request(self.address + path, data=body, headers={"Content-Type": type})
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())
        except HTTPError as error:
            with error:
                return json.loads(error.read())

    def run(self, **fields: Any) -> Any:
        return self.ask(
            "/safelight/run", json.dumps({"workflow": WORKFLOW, "wait": PATIENCE, **fields}).encode()
        )


def serve(data: Path, *words: str, **variables: str) -> Served:
    errors = data.with_suffix(".log")
    command = [
        sys.executable,
        "-m",
        "safelight",
        "serve",
        "--no-open",
        "--port",
        "0",
        "--data",
        str(data),
        *words,
    ]
    with errors.open("w") as stream:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            env={**os.environ, **variables},
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    address = line.split(" is at ")[-1].split()[0].rstrip("/") if line else ""
    return Served(process, line, address, errors)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = serve(tmp_path_factory.mktemp("serve") / "data", SAFELIGHT_TOKEN="")
    yield one
    if one.process.poll() is None:
        one.process.kill()
    one.process.communicate()


def test_it_says_where_it_is_in_one_line(served: Served) -> None:
    assert served.line == f"Safelight is at {served.address}/ (Ctrl+C ends it)\n"
    assert served.ask("/safelight/health")["status"] in ("starting", "ok")


@pytest.mark.slow
def test_a_workflow_runs_in_one_call_with_other_values(served: Served) -> None:
    told = served.run(set={"KSampler.steps": 2, "What to show.text": "a pizza"}, title="pizza")
    assert told["state"] == "done", told
    assert told["nodes"]["6"]["title"] == "KSampler"
    assert "ran" in told["nodes"]["6"]["why"]
    (file,) = told["files"]
    with urlopen(served.address + file["url"]) as answer:
        picture = answer.read()
    image = Image.open(BytesIO(picture))
    assert image.size == (64, 64)
    assert json.loads(image.text["prompt"])["6"]["inputs"]["steps"] == 2

    again = served.ask(f"/safelight/run?wait={PATIENCE}&set=KSampler.steps=3", picture, "image/png")
    assert again["state"] == "done", again
    assert again["nodes"]["3"]["state"] in ("memory", "disk")
    assert "'steps' changed 2 -> 3" in again["nodes"]["6"]["why"]
    assert served.ask(f"/safelight/jobs/{again['id']}")["files"] == again["files"]
    history = served.ask("/safelight/history?text=pizza")
    assert [job["id"] for job in history["jobs"]] == [again["id"], told["id"]]


@pytest.mark.slow
def test_all_or_nothing_unless_a_part_is_enough(served: Served) -> None:
    nodes = {
        "1": {"class_type": "PrimitiveString", "inputs": {"value": "x"}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        "3": {"class_type": "PreviewAny", "inputs": {}},
    }
    body = {"workflow": nodes, "wait": PATIENCE}
    refused = served.ask("/safelight/run", json.dumps(body).encode())
    assert list(refused["node_errors"]) == ["3"]
    done = served.ask("/safelight/run", json.dumps({**body, "partial": True}).encode())
    assert (done["state"], list(done["outputs"])) == ("done", ["2"])
    only = served.ask("/safelight/run", json.dumps({**body, "only": ["2"]}).encode())
    assert only["state"] == "done"
    to = served.ask("/safelight/run", json.dumps({**body, "only": ["1"]}).encode())
    assert (to["state"], list(to["nodes"])) == ("done", ["1"]), "any node can be run to, not outputs alone"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"set": {"KSampler.stepz": 3}}, "steps"),
        ({"set": {"KSampler.steps": 0}}, "minimum"),
        ({"set": {"Sampler of the other file.steps": 3}}, "no node is called"),
        ({"only": ["nothing"]}, "no node is called"),
        ({"workflow": {}}, "nodes"),
        ({"workflow": {"1": {"class_type": "NoSuch", "inputs": {}}}}, "NoSuch"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(served: Served, fields: dict[str, Any], word: str) -> None:
    answer = served.run(**fields)
    assert word in json.dumps(answer["error"])


def test_checking_tells_all_without_running(served: Served) -> None:
    nodes = {
        "1": {"class_type": "NoSuch", "inputs": {}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
    }
    told = served.ask("/safelight/check", json.dumps({"workflow": nodes}).encode())
    assert (told["good"], told["types"][0]["name"]) == (False, "NoSuch")
    assert served.ask("/safelight/check", json.dumps({"workflow": WORKFLOW}).encode())["good"] is True


@pytest.mark.slow
def test_it_ends_cleanly_and_leaves_one_line_for_each_job(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
    lines = [json.loads(line) for line in served.errors.read_text().splitlines()]
    jobs = [line for line in lines if line.get("event") == "job"]
    assert [job["status"] for job in jobs] == ["done"] * len(jobs)
    assert {"id", "waited", "seconds", "worker", "attempt"} <= set(jobs[0])


def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "safelight",
                "serve",
                "--no-open",
                "--port",
                str(port),
                "--data",
                str(tmp_path),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_address_is_served_with_a_token_only(tmp_path: Path) -> None:
    one = serve(tmp_path / "data", "--host", "0.0.0.0", SAFELIGHT_TOKEN="")
    try:
        assert "?token=" in one.line
        port = one.line.split("127.0.0.1:")[1].split("/")[0]
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{port}/queue", timeout=20)
        assert refused.value.code == 401
        refused.value.close()
        time.sleep(0.1)
        assert one.line.split("?token=")[1].split()[0] not in one.errors.read_text()
    finally:
        one.process.terminate()
        assert one.process.wait(30) == 0
        one.process.communicate()


def test_a_second_server_on_the_same_folder_is_refused(served: Served, tmp_path: Path) -> None:
    first = serve(tmp_path / "data", SAFELIGHT_TOKEN="")
    try:
        second = serve(tmp_path / "data", SAFELIGHT_TOKEN="")
        assert second.process.wait(30) == 1
        second.process.communicate()
        text = second.errors.read_text()
        assert "error:" in text
        assert "Traceback" not in text
    finally:
        first.process.terminate()
        assert first.process.wait(30) == 0
        first.process.communicate()


PACK = """
class Shout:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"text": ("STRING", {}), "times": ("INT", {"default": 1, "max": 5})}}
    RETURN_TYPES = ("STRING",)
    FUNCTION = "shout"
    CATEGORY = "text"
    def shout(self, text, times):
        return (text.upper() * times,)
NODE_CLASS_MAPPINGS = {"TestShout": Shout}
"""


@pytest.mark.slow
def test_nodes_of_a_pack_run_though_they_are_asked_for_before_the_worker_told_of_them(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "custom_nodes" / "shout"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(PACK)
    (tmp_path / "data" / "packs.json").write_text('{"allowed": ["shout"]}')
    one = serve(tmp_path / "data", SAFELIGHT_TOKEN="")
    try:
        nodes = {
            "1": {"class_type": "TestShout", "inputs": {"text": "ab", "times": 2}},
            "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        }
        told = one.run(workflow=nodes)
        assert (told.get("state"), told.get("outputs")) == ("done", {"2": {"text": ["ABAB"]}})
        assert one.ask("/object_info/TestShout")["TestShout"]["category"] == "text"
        nodes["1"]["inputs"]["times"] = 9
        assert "above the maximum" in json.dumps(one.run(workflow=nodes)["node_errors"]["1"])
    finally:
        one.process.terminate()
        assert one.process.wait(30) == 0
        one.process.communicate()
    kept = json.loads((tmp_path / "data" / "cache" / "packs.json").read_text())
    assert list(kept) == ["TestShout"]
