"""Programs that take their pictures from the socket instead of from files, as ComfyUI's own example does."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from PIL import Image

connect: Any = pytest.importorskip("websockets.sync.client").connect


def followed(url: str, prompt: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, list[bytes]]]:
    """Queue a prompt and follow it to its end: the messages, and by node the binary frames while it ran."""
    messages: list[dict[str, Any]] = []
    frames: dict[str, list[bytes]] = {}
    with connect(f"{url.replace('http', 'ws', 1)}/ws?clientId=pictures", max_size=2**26) as socket:
        body = json.dumps({"prompt": prompt, "client_id": "pictures"}).encode()
        with urlopen(Request(f"{url}/prompt", body, {"Content-Type": "application/json"})) as answer:
            job = json.load(answer)["prompt_id"]
        node = ""
        while True:
            got = socket.recv(timeout=120)
            if isinstance(got, bytes):
                frames.setdefault(node, []).append(got)
                continue
            messages.append(json.loads(got))
            data = messages[-1]["data"]
            if messages[-1]["type"] == "executing" and data["prompt_id"] == job:
                if data["node"] is None:
                    return messages, frames
                node = data["node"]


def pixel(frame: bytes) -> Any:
    assert frame[:8] == b"\0\0\0\1\0\0\0\2"  # a picture, as PNG
    return Image.open(io.BytesIO(frame[8:])).convert("RGB").getpixel((5, 5))


def test_every_picture_of_a_batch_arrives_whole_and_again_on_the_next_run(url: str) -> None:
    red = {"width": 1600, "height": 1200, "batch_size": 2, "color": 0xFF0000}
    prompt = {
        "1": {"class_type": "EmptyImage", "inputs": red},
        "2": {"class_type": "SaveImageWebsocket", "inputs": {"images": ["1", 0]}},
    }
    for _ in range(2):
        _, frames = followed(url, prompt)
        assert {node: [pixel(one) for one in got] for node, got in frames.items()} == {"2": [(255, 0, 0)] * 2}
        assert Image.open(io.BytesIO(frames["2"][0][8:])).size == (1600, 1200)
