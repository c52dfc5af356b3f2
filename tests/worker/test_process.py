"""A worker as a process, spoken to through its pipes: what it tells, and how it ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from safelight.compat.prompt import from_prompt
from safelight.core.graph import Graph
from safelight.message import Cancel, Ended, Free, Happened, Message, Ready, Run, Stop, frame
from safelight.worker.channel import receive

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """One process."""

    def __init__(self, data: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "safelight.worker", "--data", data, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )
        self.seen: list[Message] = []

    def send(self, order: Message) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(frame(order))
        self.process.stdin.flush()

    def until(self, wanted: Callable[[Any], bool]) -> Any:
        """Hear reports until one that is wanted."""
        assert self.process.stdout is not None
        while (report := receive(self.process.stdout)) is not None:  # type: ignore[arg-type]
            self.seen.append(report)
            if wanted(report):
                return report
        raise AssertionError(f"the worker ended with {self.process.wait()}")

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """A function that starts a worker on the test's data folder."""
    started: list[Worker] = []

    def start(*words: str) -> Worker:
        started.append(Worker(tmp_path, *words))
        return started[-1]

    yield start
    for one in started:
        one.end()


def sampling(steps: int) -> Graph:
    def node(type: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": type, "inputs": inputs}

    settings = {"seed": 5, "steps": steps, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
    texts = {"positive": ["text", 0], "negative": ["text", 0], "latent_image": ["latent", 0]}
    return from_prompt(
        {
            "model": node("CheckpointLoaderSimple", ckpt_name="emoji"),
            "text": node("CLIPTextEncode", clip=["model", 1], text="a cat"),
            "latent": node("EmptyLatentImage", width=64, height=64, batch_size=1),
            "sample": node("KSampler", model=["model", 0], **settings, **texts, denoise=1.0),
            "picture": node("VAEDecode", samples=["sample", 0], vae=["model", 2]),
            "save": node("SaveImage", images=["picture", 0], filename_prefix="cat"),
        }
    )


def step_of(report: Any) -> int:
    is_step = isinstance(report, Happened) and report.event["event"] == "NodeProgressed"
    return report.event["done"] if is_step and report.event["node"] == "sample" else 0


@pytest.mark.slow
def test_a_sampler_is_seen_at_work_and_cancelled_within_a_second(worker: Callable[..., Worker]) -> None:
    one = worker()
    one.send(Run("long", 1, sampling(5000).as_tree()))
    preview = one.until(lambda report: isinstance(report, Happened) and report.preview)
    assert preview.format == "jpeg"
    with Image.open(io.BytesIO(preview.preview)) as file:
        assert file.format == "JPEG"
    one.until(lambda report: step_of(report) >= 3)
    began = time.monotonic()
    one.send(Cancel("long"))
    ended = one.until(lambda report: isinstance(report, Ended))
    assert ended.status == "cancelled"
    assert time.monotonic() - began < 1


def test_orders_are_taken_long_before_torch_is_there(worker: Callable[..., Worker]) -> None:
    one = worker()
    graph = Graph()
    graph.add("1", "PreviewAny", source=graph.add("0", "PrimitiveString", value="x"))
    one.send(Run("j", 1, graph.as_tree()))
    assert one.until(lambda report: isinstance(report, Ended)).status == "done"
    assert isinstance(one.seen[0], Ready)
    assert "Warmed" not in {type(report).__name__ for report in one.seen}


def test_a_job_that_cannot_be_run_is_told_with_all_its_problems(worker: Callable[..., Worker]) -> None:
    one = worker("--cold")
    graph = Graph()
    graph.add("1", "SaveImage")
    graph.add("2", "SaveText", text=3)
    one.send(Run("j", 1, graph.as_tree()))
    ended = one.until(lambda report: isinstance(report, Ended))
    assert ended.status == "failed"
    assert {problem["node"] for problem in ended.error["problems"]} == {"1", "2"}
    one.send(Run("k", 1, {"1": 3}))
    ended = one.until(lambda report: isinstance(report, Ended))
    assert "stored graph cannot be read" in ended.error["text"]


def test_a_job_that_was_called_off_before_it_began_is_not_begun(worker: Callable[..., Worker]) -> None:
    one = worker("--cold")
    graph = Graph()
    graph.add("1", "PreviewAny", source=graph.add("0", "PrimitiveString", value="x"))
    one.send(Cancel("j"))
    one.send(Run("j", 1, graph.as_tree()))
    assert one.until(lambda report: isinstance(report, Ended)).status == "cancelled"
    one.send(Run("j", 2, graph.as_tree()))
    assert one.until(lambda report: isinstance(report, Ended)).status == "done"


def test_it_ends_when_it_is_told_to_and_writes_what_is_left(
    worker: Callable[..., Worker], tmp_path: Path
) -> None:
    one = worker("--cold")
    graph = Graph()
    graph.add("1", "PreviewAny", source=graph.add("0", "PrimitiveString", value="x"))
    one.send(Run("j", 1, graph.as_tree()))
    one.send(Free())
    one.send(Stop())
    one.until(lambda report: isinstance(report, Ended))
    assert one.process.wait(20) == 0
    assert list((tmp_path / "cache" / "results").rglob("*.safetensors"))


def test_it_ends_when_the_server_hangs_up_or_talks_nonsense(worker: Callable[..., Worker]) -> None:
    one, two = worker("--cold"), worker("--cold")
    for each in (one, two):
        each.until(lambda report: isinstance(report, Ready))
        assert each.process.stdin is not None
    assert one.process.stdin is not None
    one.process.stdin.close()
    assert one.process.wait(10) == 0
    one.process.stdin = None
    assert two.process.stdin is not None
    two.process.stdin.write(b"GET / HTTP/1.1\r\n\r\n")
    two.process.stdin.flush()
    assert two.process.wait(10) == 0


def test_settings_that_cannot_be_read_are_said_in_a_line(
    worker: Callable[..., Worker], tmp_path: Path
) -> None:
    (tmp_path / "settings.json").write_text("{")
    _, log = worker("--cold").process.communicate(timeout=30)
    assert b"the worker cannot work" in log
    assert b"settings.json cannot be read" in log
    assert b"Traceback" not in log
