from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight import home
from server.catalogue import Body, Catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    home.prepare(tmp_path)
    return Catalogue(home.folders(tmp_path), tmp_path / "cache")


def checkpoints(body: Body) -> list[str]:
    kind, options = json.loads(body.plain)["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"]
    return options["options"] if kind == "COMBO" else kind  # type: ignore[no-any-return]


def test_the_same_answer_is_not_made_twice(catalogue: Catalogue) -> None:
    assert catalogue.body() is catalogue.body()


def test_a_file_that_comes_or_goes_is_seen_at_the_next_look(catalogue: Catalogue) -> None:
    first = catalogue.body()
    file = catalogue.folders.data / "models/checkpoints/fresh.safetensors"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    second = catalogue.body()
    assert "fresh.safetensors" in checkpoints(second)
    assert second.tag != first.tag
    file.unlink()
    assert catalogue.body().tag == first.tag


def test_what_packs_have_is_in_the_next_answer(catalogue: Catalogue) -> None:
    catalogue.body()
    catalogue.learn({"FromAPack": {"input": {}}})
    assert "FromAPack" in json.loads(catalogue.body().plain)
