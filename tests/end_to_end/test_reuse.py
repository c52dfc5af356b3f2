"""A workflow of which the end is changed goes on from what its last run kept, and says so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from bench import scene
from safelight.core.graph import Graph
from safelight.core.registry import Registry
from safelight.core.report import Result
from safelight.diffusion import residency
from safelight.setting import Settings
from safelight.worker import open_engine

KEPT = "kept from an earlier run"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry().load("nodes")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("furnished")
    scene.furnish(folder)
    yield folder
    residency.release()


@pytest.fixture
def data(tmp_path: Path, furnished: Path) -> Path:
    return Path(shutil.copytree(furnished, tmp_path / "data"))


def run(data: Path, registry: Registry, graph: Graph, **how: Any) -> Result:
    """A run as a new process would do it."""
    with open_engine(data, Settings(threads=1), registry=registry) as engine:
        return engine.run(graph, ["save"], **how).raise_for_error()


def changed(graph: Graph, node: str, **inputs: Any) -> Graph:
    return graph.with_inputs({(node, name): value for name, value in inputs.items()})


def test_a_later_end_with_all_that_a_run_can_depend_on(
    data: Path, furnished: Path, registry: Registry
) -> None:
    later = scene.graph(end_at_step=7)
    run(data, registry, scene.graph(end_at_step=5, return_with_leftover_noise="enable"))
    assert run(data, registry, later).nodes["sample"].why == f"started at step 5 of 7, {KEPT}"
    assert_from_scratch(data, furnished, registry, later)


def test_a_controlnet_that_steers_longer(data: Path, furnished: Path, registry: Registry) -> None:
    longer = changed(scene.graph(), "steer", end_percent=0.6)
    run(data, registry, scene.graph())
    why = run(data, registry, longer).nodes["sample"].why
    assert why.startswith("started at step ")
    assert why.endswith(f" of 8, {KEPT}")
    assert_from_scratch(data, furnished, registry, longer)


@pytest.mark.parametrize(
    ("node", "inputs"),
    [
        ("steer", {"strength": 0.7}),
        ("lora", {"strength_model": 0.6}),
        ("mask", {"channel": "green"}),
        ("hint", {"image": "mask.png"}),
        ("yes", {"text": "a rocket."}),
        ("sample", {"noise_seed": 4}),
    ],
)
def test_what_is_changed_from_the_beginning_starts_there(
    data: Path, registry: Registry, node: str, inputs: dict[str, Any]
) -> None:
    run(data, registry, scene.graph(end_at_step=2))
    why = run(data, registry, changed(scene.graph(end_at_step=3), node, **inputs)).nodes["sample"].why
    assert why.startswith("ran ")


def test_a_fresh_run_uses_nothing(data: Path, registry: Registry) -> None:
    run(data, registry, scene.graph(end_at_step=2))
    why = run(data, registry, scene.graph(end_at_step=3), fresh=True).nodes["sample"].why
    assert why.endswith("because stored results were not to be used")


def assert_from_scratch(data: Path, furnished: Path, registry: Registry, graph: Graph) -> None:
    """The newest latents of a data folder are those of a folder in which nothing ran before."""
    alone = Path(shutil.copytree(furnished, data.parent / "alone"))
    run(alone, registry, graph)
    expected = scene.saved(alone)
    assert len(expected) == 2
    assert all(map(torch.equal, scene.saved(data)[-2:], expected))


def test_the_command_line_says_where_it_began_and_clears_what_is_kept(command: Any, tmp_path: Path) -> None:
    def steps(end: int) -> Any:
        workflow = tmp_path / "workflow.json"
        workflow.write_text(ADVANCED.replace("END", str(end)))
        return command("run", workflow, "--json", "--data", tmp_path)

    steps(6)
    assert steps(9).why["s"] == f"started at step 5 of 9, {KEPT}"
    assert command("cache", "clear", "--data", tmp_path).code == 0
    assert steps(10).why["s"].startswith("ran ")


ADVANCED = """{
 "m": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "emoji"}},
 "y": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["m", 1], "text": "a rocket"}},
 "l": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
 "s": {"class_type": "KSamplerAdvanced", "inputs": {"model": ["m", 0], "add_noise": "enable",
  "noise_seed": 5, "steps": 12, "cfg": 3.0, "sampler_name": "dpmpp_2m", "scheduler": "karras",
  "positive": ["y", 0], "negative": ["y", 0], "latent_image": ["l", 0], "start_at_step": 0,
  "end_at_step": END, "return_with_leftover_noise": "disable"}},
 "d": {"class_type": "VAEDecode", "inputs": {"samples": ["s", 0], "vae": ["m", 2]}},
 "o": {"class_type": "SaveImage", "inputs": {"images": ["d", 0], "filename_prefix": "x"}}
}"""
