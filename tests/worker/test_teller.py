"""What a worker tells of a run: everything that happens, and of steps no more than one can follow."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
import torch
from PIL import Image

from safelight.core.event import NodeFinished, NodeProgressed, NodeStarted, RunStarted
from safelight.diffusion.latent import LatentFormat
from safelight.message import Happened
from safelight.worker import preview as previews
from safelight.worker.teller import Teller


class Slow:
    """A latent whose picture takes long, as on a busy card."""

    format = LatentFormat()

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def picture(self, edge: int) -> Any:
        time.sleep(self.seconds)
        return torch.zeros(8, 8, 3, dtype=torch.uint8)


def told(preview: str = "auto") -> tuple[Teller, list[Happened]]:
    sent: list[Happened] = []
    return Teller("j", 1, sent.append, preview), sent


def steps(sent: list[Happened]) -> list[int]:
    return [one.event["done"] for one in sent if one.event["event"] == "NodeProgressed" and not one.preview]


def pictures(sent: list[Happened]) -> list[Happened]:
    return [one for one in sent if one.preview]


def test_all_that_is_not_a_step_is_told_in_its_order() -> None:
    teller, sent = told()
    for event in (RunStarted(("a",)), NodeStarted("a"), NodeFinished("a", "ran", 0.1, {"text": ["x"]})):
        teller(event)
    assert [one.event["event"] for one in sent] == ["RunStarted", "NodeStarted", "NodeFinished"]
    assert sent[2].event["shown"] == {"text": ["x"]}


def test_of_many_quick_steps_the_first_and_the_last_are_told_and_few_between() -> None:
    teller, sent = told()
    for done in range(1, 10_001):
        teller(NodeProgressed("a", done, 10_000))
    assert steps(sent)[0] == 1
    assert steps(sent)[-1] == 10_000
    assert len(steps(sent)) < 100


def test_the_step_at_which_a_node_stands_still_is_told_too() -> None:
    teller, sent = told()
    for done in (1, 2, 3):
        teller(NodeProgressed("a", done, 20))
    teller.flush()
    teller.flush()
    assert steps(sent) == [1, 3]


def test_nothing_of_a_node_is_told_after_its_end() -> None:
    teller, sent = told()
    teller(NodeProgressed("a", 1, 20, Slow(0.3)))
    teller(NodeProgressed("a", 2, 20))
    teller(NodeFinished("a", "ran", 0.1, {}))
    teller.flush()
    time.sleep(0.6)
    assert sent[-1].event["event"] == "NodeFinished"


def test_a_slow_preview_holds_nobody_up_and_the_newest_is_shown() -> None:
    teller, sent = told()
    began = time.monotonic()
    for done in range(1, 51):
        teller(NodeProgressed("a", done, 100, Slow(0.2)))
        time.sleep(0.01)
    assert time.monotonic() - began < 1.5
    end = time.monotonic() + 20
    while not pictures(sent):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert len(pictures(sent)) <= 10
    shown = pictures(sent)[0]
    assert Image.open(io.BytesIO(shown.preview)).size == (8, 8)
    assert shown.event["done"] > 1, "it says how far the node is by now"


def test_no_picture_is_made_if_nobody_wants_one() -> None:
    teller, sent = told("none")
    teller(NodeProgressed("a", 1, 20, Slow()))
    time.sleep(0.2)
    assert pictures(sent) == []
    assert steps(sent) == [1]


def test_nothing_is_shown_of_a_run_that_is_over() -> None:
    teller, sent = told()
    teller(NodeProgressed("a", 1, 20, Slow(0.2)))
    teller.close()
    time.sleep(0.5)
    assert pictures(sent) == []


@pytest.mark.parametrize("shape", [(20, 30, 3), (2, 20, 30, 3), (20, 30), (1200, 1800, 3)])
def test_pictures_of_plugins_are_shown_no_larger_than_they_need_be(shape: tuple[int, ...]) -> None:
    data = previews.encoded(torch.rand(*shape))
    assert data is not None
    with Image.open(io.BytesIO(data)) as file:
        assert file.format == "JPEG"
        assert max(file.size) <= 512
        assert file.size[0] == pytest.approx(file.size[1] * 1.5, abs=1)


def test_a_plugins_own_picture_is_shown() -> None:
    data = previews.encoded(("JPEG", Image.new("RGBA", (4, 4)), 512))
    assert data is not None
    assert data.startswith(b"\xff\xd8")


@pytest.mark.parametrize("value", [None, 3, "x", object(), ("JPEG",)])
def test_what_is_no_picture_is_not_shown(value: Any) -> None:
    assert previews.encoded(value) is None
