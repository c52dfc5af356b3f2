"""The models as a person sees them, and models that are fetched."""

from __future__ import annotations

import ast
import json
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image

from safelight import hub
from safelight.hub import HubError

ROOT = Path(__file__).resolve().parents[2]


def wait_for(live: Any, state: str) -> dict[str, Any]:
    """The newest fetch, once it is in a state."""
    for _ in range(200):
        told: dict[str, Any] = live.get("/safelight/models/fetch").tree["fetches"][0]
        if told["state"] == state:
            return told
        time.sleep(0.02)
    raise AssertionError(told)


def test_models_are_told_with_family_size_and_picture(live: Any) -> None:
    folder = live.data / "models" / "loras"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seen.safetensors").write_bytes(b"x")
    Image.new("RGB", (90, 60)).save(folder / "seen.png")
    found = {one["name"]: one for one in live.get("/safelight/models").tree["models"]}
    assert found["emoji"]["kind"] == "checkpoints"
    assert found["emoji"]["size"] > 1_000_000
    assert found["seen.safetensors"]["problem"], "what cannot be read says why"
    assert live.get(found["seen.safetensors"]["picture"]).headers["Content-Type"] == "image/webp"


def test_a_model_is_fetched_beside_the_work_and_tells_how_far_it_is(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()

    def fetch(_repository: str, _file: str, models: Path, *, kind: str, progress: Any) -> tuple[str, Path]:
        progress("small.safetensors", 40, 100)
        assert go.wait(10)
        return kind, models / kind / "small.safetensors"

    monkeypatch.setattr(hub, "fetch", fetch)
    wanted = {"repository": "someone/small", "file": "small.safetensors", "kind": "loras"}
    assert live.post("/safelight/models/fetch", wanted).status == 200
    assert live.post("/safelight/models/fetch", wanted).status == 409
    while (told := wait_for(live, "running"))["total"] == 0:
        pass
    assert (told["done"], told["total"]) == (40, 100)
    go.set()
    assert wait_for(live, "done")["name"] == "small.safetensors"


def test_why_a_model_cannot_be_had_is_told(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*_: Any, **__: Any) -> None:
        raise HubError("someone/nothing is not there", remedy="Look at its name.")

    monkeypatch.setattr(hub, "fetch", fetch)
    live.post("/safelight/models/fetch", {"repository": "someone/nothing"})
    assert wait_for(live, "failed")["problem"] == "someone/nothing is not there. Look at its name."
    for wrong in ("..", "../..", "a/../b", "/etc", "a"):
        assert live.post("/safelight/models/fetch", {"repository": wrong}).status == 400


def test_a_document_is_written_as_python(live: Any) -> None:
    source = (ROOT / "workflows" / "text_to_image.json").read_text()
    document = live.ask("POST", "/safelight/document/open", source).tree["document"]
    sent = {"document": document, "format": "python", "name": "apple"}
    answer = live.post("/safelight/document/save", sent)
    assert answer.headers["Content-Type"].startswith("text/x-python")
    script = answer.body.decode()
    ast.parse(script)
    assert "made from apple" in script
    assert json.loads(live.post("/safelight/document/save", {**sent, "format": "api"}).body)["6"]
