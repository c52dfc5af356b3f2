"""Packs in a running server: a real process, a real worker, packs as people write them."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import aiohttp
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
PACK = """
import os
from aiohttp import web
from server import PromptServer

WORD = "loud"

@PromptServer.instance.routes.post("/shout/{name}")
async def shouted(request):
    body = await request.json()
    return web.json_response({"name": request.match_info["name"], "said": body["text"].upper(), "word": WORD,
                              "cookie": request.headers.get("Cookie"), "q": request.query.get("q")})

class Shout:
    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"text": ("STRING", {})}, "hidden": {"id": "UNIQUE_ID"}}
    RETURN_TYPES = ("STRING",)
    FUNCTION = "shout"
    CATEGORY = "text"
    def shout(self, text, id):
        PromptServer.instance.send_sync("shout.heard", {"text": text})
        PromptServer.instance.send_progress_text("breathing in", id)
        if text == "crash":
            raise RuntimeError("lost the voice")
        if text == "die":
            os._exit(7)
        return (text.upper() + " " + WORD,)

NODE_CLASS_MAPPINGS = {"TestShout": Shout}
WEB_DIRECTORY = "web"
"""


class Server:
    """A server process."""

    def __init__(self, data: Path, *words: str) -> None:
        self.data = data
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
        ]
        self.process = subprocess.Popen(
            [*command, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split(" is at ")[-1].split()[0].rstrip("/")

    def get(self, path: str, body: Any = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Cookie": "a=secret"}
        with urlopen(Request(self.address + path, data, headers), timeout=PATIENCE) as answer:
            return bytes(answer.read())

    def ask(self, path: str, body: Any = None) -> Any:
        return json.loads(self.get(path, body))

    def shout(self, text: str, **fields: Any) -> Any:
        nodes = {
            "0": {"class_type": "PrimitiveString", "inputs": {"value": "kept"}},
            "1": {"class_type": "TestShout", "inputs": {"text": text}},
            "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
            "3": {"class_type": "PreviewAny", "inputs": {"source": ["0", 0]}},
        }
        return self.ask("/safelight/run", {"workflow": nodes, "wait": PATIENCE, **fields})

    def pack(self, name: str) -> Any:
        return next(one for one in self.ask("/safelight/packs")["packs"] if one["name"] == name)

    def wait_for(self, name: str, wanted: Callable[[Any], bool]) -> float:
        began = time.monotonic()
        while not wanted(self.pack(name)):
            assert time.monotonic() - began < PATIENCE, self.pack(name)
            time.sleep(0.05)
        return time.monotonic() - began

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("packs") / "data"
    pack = data / "custom_nodes" / "shout"
    for folder in ("web/js", "example_workflows", "locales/de"):
        (pack / folder).mkdir(parents=True)
    (pack / "__init__.py").write_text(PACK)
    (pack / "web" / "js" / "shout.js").write_text("console.log('shout')")
    (pack / "example_workflows" / "loud.json").write_text('{"1": {}}')
    (pack / "locales" / "de" / "nodeDefs.json").write_text('{"TestShout": {"display_name": "Rufen"}}')
    broken = data / "custom_nodes" / "broken"
    broken.mkdir()
    (broken / "__init__.py").write_text("import subprocess\nraise ValueError('not today')\n")
    (data / "packs.json").write_text('{"allowed": ["shout"]}')
    front_end = data.parent / "front"
    front_end.mkdir()
    (front_end / "index.html").write_text("<p>front end</p>")
    one = Server(data, "--front-end", str(front_end))
    one.wait_for("shout", lambda pack: pack["state"] == "loaded")
    yield one
    one.end()


pytestmark = pytest.mark.slow


def test_what_a_pack_says_reaches_the_sockets_of_the_client_whose_job_runs(server: Server) -> None:
    async def body() -> list[Any]:
        url = f"{server.address}/ws?clientId=ann"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await asyncio.to_thread(lambda: server.shout("hear me", client_id="ann"))
            heard: list[Any] = []
            while True:
                message = await socket.receive(timeout=PATIENCE)
                binary = message.type is aiohttp.WSMsgType.BINARY
                heard.append(message.data if binary else json.loads(message.data))
                if not binary and heard[-1]["type"] == "execution_success":
                    return heard

    heard = asyncio.run(body())
    texts = [one for one in heard if isinstance(one, dict)]
    assert {"type": "shout.heard", "data": {"text": "hear me"}} in texts
    assert struct.pack(">II", 3, 1) + b"1" + b"breathing in" in heard


def test_routes_of_packs_are_answered_below_both_roots_and_see_no_cookies_of_ours(server: Server) -> None:
    for root in ("", "/api"):
        told = server.ask(f"{root}/shout/bob?q=1", {"text": "hello"})
        assert told == {"name": "bob", "said": "HELLO", "word": "loud", "cookie": None, "q": "1"}


def test_page_scripts_templates_and_translations_of_packs_are_listed_and_served(server: Server) -> None:
    assert server.ask("/extensions") == ["/extensions/shout/js/shout.js"]
    assert server.get("/extensions/shout/js/shout.js") == b"console.log('shout')"
    with pytest.raises(HTTPError):
        server.get("/extensions/shout/..%2F__init__.py")
    assert server.ask("/workflow_templates") == {"shout": ["loud"]}
    assert server.ask("/api/workflow_templates/shout/loud.json") == {"1": {}}
    assert server.ask("/i18n") == {"de": {"nodeDefs": {"TestShout": {"display_name": "Rufen"}}}}


def test_a_node_that_raises_fails_its_job_alone_and_is_named(server: Server) -> None:
    told = server.shout("crash")
    assert told["state"] == "failed"
    assert "lost the voice" in json.dumps(told["error"])
    assert (told["error"]["node"], told["error"]["type"]) == ("1", "TestShout")
    assert "of the pack 'shout'" in told["error"]["exception_message"]
    assert server.shout("fine")["state"] == "done"


def test_a_node_that_ends_the_worker_fails_its_job_alone_and_is_named(server: Server) -> None:
    told = server.shout("die")
    assert told["state"] == "failed"
    assert (told["error"]["node"], told["error"]["pack"]) == ("1", "shout")
    assert "exit code 7" in told["error"]["exception_message"]
    assert server.ask("/shout/eve", {"text": "back"})["said"] == "BACK"  # it waits for the next worker
    assert server.shout("fine again")["state"] == "done"


def test_a_pack_waits_for_a_persons_word_and_what_it_could_do_is_shown_before(server: Server) -> None:
    before = server.pack("broken")
    assert (before["state"], before["allowed"]) == ("waiting", False)
    assert [(one["access"], one["line"]) for one in before["findings"]] == [("programs", 1)]
    server.ask("/safelight/packs", {"allow": ["broken"]})
    server.wait_for("broken", lambda pack: pack["state"] == "broken")
    after = server.pack("broken")
    assert "not today" in after["problem"]
    assert "__init__.py" in after["traceback"]
    assert server.shout("still fine")["state"] == "done"


def test_a_saved_file_replaces_the_packs_nodes_and_what_it_had_no_part_in_stays(server: Server) -> None:
    assert server.shout("a")["outputs"]["2"] == {"text": ["A loud"]}
    file = server.data / "custom_nodes" / "shout" / "__init__.py"
    file.write_text(PACK.replace('WORD = "loud"', 'WORD = "quiet"'))
    began = time.monotonic()
    while server.ask("/shout/x", {"text": ""})["word"] != "quiet":  # none of these requests is refused
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.01)
    told = server.shout("a")
    assert told["outputs"]["2"] == {"text": ["A quiet"]}
    assert told["nodes"]["1"]["state"] == "ran"
    assert told["nodes"]["0"]["state"] != "ran"


def test_a_mistake_in_a_saved_file_is_told_and_the_old_nodes_stay(server: Server) -> None:
    file = server.data / "custom_nodes" / "shout" / "__init__.py"
    good = file.read_text()
    file.write_text("def :\n")
    server.wait_for("shout", lambda pack: pack["state"] == "broken")
    assert "SyntaxError" in server.pack("shout")["traceback"]
    assert server.shout("b")["state"] == "done"
    file.write_text(good)
    server.wait_for("shout", lambda pack: pack["state"] == "loaded")


LEAKING = """
import threading
def wait(): threading.Event().wait()
threading.Thread(target=wait, daemon=True, name="leak").start()
NODE_CLASS_MAPPINGS = {}
"""
OUTDATED = '[project]\nname = "outdated"\nversion = "1"\ndependencies = ["aiohttp<1"]\n'


def test_a_pack_with_a_conflict_is_told_and_one_that_leaks_a_thread_asks_for_a_restart(
    server: Server,
) -> None:
    packs = server.data / "custom_nodes"
    for name, text in (("leaking", LEAKING), ("outdated", "import aiohttp_of_old")):
        (packs / name).mkdir()
        (packs / name / "__init__.py").write_text(text)
    (packs / "outdated" / "pyproject.toml").write_text(OUTDATED)
    server.ask("/safelight/packs", {"allow": ["leaking", "outdated"]})
    server.wait_for("leaking", lambda pack: pack["state"] == "loaded")
    server.wait_for("outdated", lambda pack: pack["state"] == "conflict")
    assert "it needs aiohttp <1, but" in server.pack("outdated")["problem"]
    assert not any("restart" in notice for notice in server.pack("leaking")["notices"])
    (packs / "leaking" / "__init__.py").write_text(LEAKING + "AGAIN = 1\n")
    needed = "a restart of the worker is needed: its thread 'leak' is running"
    server.wait_for("leaking", lambda pack: needed in pack["notices"])
    assert server.shout("c")["state"] == "done"
