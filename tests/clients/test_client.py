"""Python clients of ComfyUI's API that others wrote, unchanged, against the real server and worker."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

comfy_api_simplified = pytest.importorskip("comfy_api_simplified")
comfyui_xy = pytest.importorskip("comfyui_xy")
comfy = pytest.importorskip("comfyui_utils.comfy")


def prompt(seed: int, steps: int = 2) -> dict[str, Any]:
    """Text to image on the embedded model, in the format of ComfyUI's API."""
    sampler = {
        "model": ["4", 0],
        "positive": ["6", 0],
        "negative": ["7", 0],
        "latent_image": ["5", 0],
        "seed": seed,
        "steps": steps,
        "cfg": 4.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 1.0,
    }
    return {
        "3": {"class_type": "KSampler", "inputs": sampler, "_meta": {"title": "KSampler"}},
        "4": {
            "class_type": "CheckpointLoaderSimple",
            "inputs": {"ckpt_name": "emoji"},
            "_meta": {"title": "Load"},
        },
        "5": {
            "class_type": "EmptyLatentImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1},
            "_meta": {"title": "Size"},
        },
        "6": {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": "red apple", "clip": ["4", 1]},
            "_meta": {"title": "Positive"},
        },
        "7": {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": "", "clip": ["4", 1]},
            "_meta": {"title": "Negative"},
        },
        "8": {
            "class_type": "VAEDecode",
            "inputs": {"samples": ["3", 0], "vae": ["4", 2]},
            "_meta": {"title": "Decode"},
        },
        "9": {
            "class_type": "SaveImage",
            "inputs": {"filename_prefix": "client", "images": ["8", 0]},
            "_meta": {"title": "Save"},
        },
    }


def size(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "from a client.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return path


def test_comfy_api_simplified_queues_a_workflow_and_gets_its_picture(url: str, tmp_path: Path) -> None:
    file = tmp_path / "workflow.json"
    file.write_text(json.dumps(prompt(1)))
    workflow = comfy_api_simplified.ComfyWorkflowWrapper(str(file))
    workflow.set_node_param("Positive", "text", "a pizza")
    api = comfy_api_simplified.ComfyApiWrapper(url)
    images = api.queue_and_wait_images(workflow, "Save")
    assert [size(data) for data in images.values()] == [(64, 64)]


def test_comfy_api_simplified_reads_the_server(url: str, picture: Path) -> None:
    api = comfy_api_simplified.ComfyApiWrapper(url)
    assert set(api.get_queue()) == {"queue_running", "queue_pending"}
    assert "KSampler" in api.get_object_info("KSampler")
    assert api.get_system_stats()["devices"]
    assert isinstance(api.get_embeddings(), list)
    api.interrupt()
    answer = api.upload_image(str(picture))
    assert answer["name"].endswith(".png")
    assert answer["type"] == "input"


def test_comfyui_xy_processes_a_workflow(url: str, picture: Path) -> None:
    with comfyui_xy.ComfyUiClient(url, raise_on_error=True) as client:
        assert client.upload_image(str(picture))
        [found] = client.process_workflow(prompt(2), execution_timeout=120)
        assert found.is_file
        assert client.get_history_all()


class Told(comfy.Callbacks):  # type: ignore[misc]
    """What the client tells its user."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, int, int]] = []
        self.outputs: Any = None

    async def queue_position(self, position: int) -> None:
        pass

    async def in_progress(self, node_id: int, progress: int, total: int) -> None:
        self.progress.append((node_id, progress, total))

    async def completed(self, outputs: Any, cached: bool) -> None:
        self.outputs = outputs


def test_comfyui_utils_follows_the_steps_of_a_job_and_fetches_its_picture(url: str) -> None:
    api, told, got = comfy.ComfyAPI(url.removeprefix("http://")), Told(), []

    async def keep(data: io.BytesIO) -> None:
        got.append(data.getvalue())

    async def talk() -> None:
        await api.submit(prompt(3, steps=20), told)
        await api.fetch(told.outputs["images"][0], keep)

    asyncio.run(asyncio.wait_for(talk(), 120))
    assert size(got[0]) == (64, 64)
    assert (3, 20, 20) in told.progress


def test_comfyui_utils_tells_why_a_workflow_is_refused(url: str) -> None:
    bad = prompt(4)
    bad["3"]["inputs"]["steps"] = 0
    with pytest.raises(ValueError, match="Node 3"):
        asyncio.run(comfy.ComfyAPI(url.removeprefix("http://")).submit(bad, Told()))
