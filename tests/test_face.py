"""`from safelight import Workflow`: load, set by title, run, take the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safelight import BadInput, Workflow
from safelight.core.engine import Engine
from safelight.core.error import GraphError, Problems
from safelight.graph import (
    CheckpointLoaderSimple,
    CLIPTextEncode,
    EmptyLatentImage,
    KSampler,
    PreviewAny,
    PrimitiveString,
    SaveImage,
    VAEDecode,
)
from safelight.home import prepare, shipped_workflows
from safelight.worker import open_engine

TEXT_TO_IMAGE = shipped_workflows() / "text_to_image.json"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    prepare(tmp_path)
    with open_engine(tmp_path) as opened:
        yield opened


def test_a_loaded_workflow_runs_with_an_input_set_by_title(engine: Engine) -> None:
    flow = Workflow.load(TEXT_TO_IMAGE)
    flow["What to show"].text = "a rocket"
    flow["KSampler"].steps = 2
    made = flow.run(engine=engine)
    assert [picture.size for picture in made.images] == [(64, 64)]
    again = flow.run(engine=engine)
    assert again.files == made.files
    assert {report.state for report in again.nodes.values()} <= {"memory", "disk"}
    assert Workflow.load(made.files[0])["What to show"].text == "a rocket"


def test_a_built_workflow_runs_and_can_be_saved_and_loaded(engine: Engine, tmp_path: Path) -> None:
    model, clip, vae = CheckpointLoaderSimple(ckpt_name="emoji")
    words = {
        "positive": CLIPTextEncode(clip=clip, text="pizza"),
        "negative": CLIPTextEncode(clip=clip, text=""),
    }
    size = EmptyLatentImage(width=64, height=64, batch_size=1)
    latent = KSampler(model=model, latent_image=size, steps=2, seed=1, **words)
    flow = Workflow.of(SaveImage(images=VAEDecode(samples=latent, vae=vae), filename_prefix="built"))
    made = flow.run(engine=engine)
    assert made.files[0].name == "built_00001_.png"
    assert Workflow.load(flow.save(tmp_path / "flow.json")).run(engine=engine).files == made.files


def test_texts_that_nodes_show_are_given(engine: Engine) -> None:
    assert Workflow.of(PreviewAny(source=PrimitiveString(value="hello"))).run(engine=engine).texts == [
        "hello"
    ]


def test_only_the_named_nodes_run(engine: Engine) -> None:
    flow = Workflow.load(TEXT_TO_IMAGE)
    made = flow.run(only=["What to show"], engine=engine)
    assert "KSampler" not in {report.type for report in made.nodes.values()}
    assert made.files == []


def test_a_value_that_is_not_taken_is_refused_at_once_with_node_input_and_remedy() -> None:
    flow = Workflow.load(TEXT_TO_IMAGE)
    with pytest.raises(BadInput, match=r"KSampler\), input 'steps': 'many' is not a whole number"):
        flow["KSampler"].steps = "many"
    with pytest.raises(BadInput, match="takes MODEL from a node"):
        flow["KSampler"].model = "emoji"
    with pytest.raises(GraphError, match="Did you mean 'What to show'"):
        flow["What to sow"]


def test_what_cannot_run_is_refused_before_anything_runs(engine: Engine) -> None:
    flow = Workflow.load(TEXT_TO_IMAGE)
    flow["SaveImage"].filename_prefix = "../out"
    with pytest.raises(Problems, match="filename_prefix"):
        flow.run(engine=engine)
