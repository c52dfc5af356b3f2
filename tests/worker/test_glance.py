"""A glance at what went through a wire: found by its key, said in few words, and nothing is run for it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from safelight import Graph, Link, Many, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.message import Ask
from safelight.tensor import storing
from safelight.worker.glance import TENSORS_MOST
from safelight.worker.question import answer

ran: list[str] = []


@node("Make", category="toy")
def make(kind: str = "image") -> Any:
    """Make something."""
    ran.append(kind)
    ramp = torch.linspace(0, 1, 8)[None, None, :, None].expand(1, 4, 8, 3)
    return {
        "image": ramp,
        "mask": ramp[..., 0],
        "latent": {"samples": torch.randn(1, 4, 6, 8)},
        "words": "a red apple",
        "number": 0.25,
        "nan": torch.tensor([1.0, float("nan")]),
        "empty": torch.zeros(0, 3),
        "many": [torch.zeros(n + 1) for n in range(TENSORS_MOST + 3)],
    }[kind]


@node("Each", category="toy")
def each(number: int = 3) -> Many[int]:
    """Give several."""
    yield from (number * (n + 1) for n in range(number))


@node("End", category="toy", effect=True)
def end(value: Any = None) -> None:
    """Take anything."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    digests = Digests()
    codec = storing()
    disk = DiskStore(tmp_path / "cache", codec, 2**30)
    store = Store(MemoryStore(10**8), disk, digest_of=digests.of, codec=codec)
    registry = Registry([make.spec, each.spec, end.spec])
    with Engine(registry, store, Folders(tmp_path), digests=digests) as engine:
        yield engine


def graph_of(type: str, **inputs: Any) -> Graph:
    graph = Graph()
    graph.add("1", type, **inputs)
    graph.add("2", "End", value=Link("1", 0))
    return graph


def look(engine: Engine, graph: Graph, id: str = "1", slot: int = 0) -> Any:
    told = answer(engine, Ask(1, "glance", {"graph": graph.as_tree(), "node": id, "slot": slot}))
    assert told.error is None
    return told.value


def picture(told: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(told["picture"].split(",")[1])))


def test_an_image_is_told_by_shape_type_and_range_and_shown(engine: Engine) -> None:
    graph = graph_of("Make", kind="image")
    engine.run(graph)
    told = look(engine, graph)
    (facts,) = told["tensors"]
    assert (facts["name"], facts["shape"], facts["dtype"]) == ("", [1, 4, 8, 3], "float32")
    assert (facts["min"], facts["max"], facts["mean"]) == pytest.approx((0.0, 1.0, 0.5))
    small = picture(told).convert("L")
    assert small.size == (8, 4)
    assert small.getpixel((0, 0)) < 40 < 215 < small.getpixel((7, 0))
    assert (told["made"], told["text"]) == ("Make", "")


@pytest.mark.parametrize(("kind", "size"), [("mask", (8, 4)), ("latent", (8, 6))])
def test_masks_and_latents_are_shown_as_well(engine: Engine, kind: str, size: tuple[int, int]) -> None:
    graph = graph_of("Make", kind=kind)
    engine.run(graph)
    assert picture(look(engine, graph)).size == size


@pytest.mark.parametrize(("kind", "text"), [("words", "a red apple"), ("number", "0.25")])
def test_texts_and_numbers_are_told_as_they_are(engine: Engine, kind: str, text: str) -> None:
    graph = graph_of("Make", kind=kind)
    engine.run(graph)
    told = look(engine, graph)
    assert (told["text"], told["tensors"], told["picture"]) == (text, [], None)


def test_what_is_no_number_and_what_is_empty_can_be_told(engine: Engine) -> None:
    graph = graph_of("Make", kind="nan")
    engine.run(graph)
    (facts,) = look(engine, graph)["tensors"]
    assert (facts["min"], facts["mean"]) == ("nan", "nan")
    graph = graph_of("Make", kind="empty")
    engine.run(graph)
    (facts,) = look(engine, graph)["tensors"]
    assert facts == {"name": "", "shape": [0, 3], "dtype": "float32"}


def test_of_many_tensors_the_first_are_told_and_the_others_counted(engine: Engine) -> None:
    graph = graph_of("Make", kind="many")
    engine.run(graph)
    told = look(engine, graph)
    assert [one["name"] for one in told["tensors"]] == [f"[{n}]" for n in range(TENSORS_MOST)]
    assert told["more"] == 3


def test_of_many_values_the_first_is_told_and_how_many_there_were(engine: Engine) -> None:
    graph = graph_of("Each", number=4)
    engine.run(graph)
    told = look(engine, graph)
    assert (told["items"], told["text"]) == (4, "4")


def test_it_is_found_on_disk_too_and_nothing_runs_for_it(engine: Engine) -> None:
    graph = graph_of("Make", kind="image")
    engine.run(graph)
    engine.store.flush()
    engine.store.memory.clear()
    ran.clear()
    assert look(engine, graph)["tensors"][0]["shape"] == [1, 4, 8, 3]
    assert ran == []


def test_what_never_ran_or_is_not_there_is_not_kept(engine: Engine) -> None:
    graph = graph_of("Make", kind="image")
    assert look(engine, graph) is None
    engine.run(graph)
    assert look(engine, graph, slot=7) is None
    assert look(engine, graph, id="no such node") is None
    graph.add("1", "Unknown")
    assert look(engine, graph) is None
