"""The pipes between server and worker: all arrives, in order, and nobody waits for whoever does not read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from safelight.message import Answer, Beat, Cancel, Ended, MessageError, frame
from safelight.worker.channel import Outbox, receive


@pytest.fixture
def pipe() -> Iterator[tuple[int, BinaryIO]]:
    """The end to write to, and the one to read from."""
    out, into = os.pipe()
    with os.fdopen(out, "rb") as reader:
        yield into, reader


def test_reports_arrive_in_their_order_also_when_they_do_not_fit(pipe: tuple[int, BinaryIO]) -> None:
    into, reader = pipe
    outbox = Outbox(into)
    given = [Answer(number, "x" * (number * 7919 % 200_000)) for number in range(60)]
    for report in given:
        outbox.send(report)
    assert [receive(reader) for _ in given] == given
    outbox.close()


def test_whoever_tells_something_does_not_wait_for_a_server_that_does_not_read(
    pipe: tuple[int, BinaryIO],
) -> None:
    into, reader = pipe
    outbox = Outbox(into)
    began = time.monotonic()
    for number in range(200):
        outbox.send(Answer(number, "x" * 100_000))
    assert time.monotonic() - began < 5
    for number in range(200):
        assert receive(reader).id == number  # type: ignore[union-attr]
    outbox.close()


def test_what_is_told_is_in_the_pipe_when_the_call_returns(pipe: tuple[int, BinaryIO]) -> None:
    into, reader = pipe
    Outbox(into).send(Beat(1))
    os.set_blocking(reader.fileno(), False)
    assert receive(reader) == Beat(1)


def test_a_server_that_is_gone_is_no_error(pipe: tuple[int, BinaryIO]) -> None:
    into, reader = pipe
    outbox = Outbox(into)
    reader.close()
    for number in range(100):
        outbox.send(Answer(number, "x" * 10_000))
    outbox.close()


def test_an_end_that_cannot_be_told_in_full_is_told_all_the_same(
    pipe: tuple[int, BinaryIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    into, reader = pipe
    monkeypatch.setattr("safelight.message.HEADER_LONGEST", 1000)
    Outbox(into).send(Ended("j", 2, "done", outputs={"1": {"text": ["x" * 2000]}}))
    ended = receive(reader)
    assert isinstance(ended, Ended)
    assert (ended.job, ended.attempt, ended.status, ended.outputs) == ("j", 2, "done", {})
    assert "not all of the results" in ended.notices[0]


@pytest.mark.parametrize("cut", [0, 3, 8, 20])
def test_a_message_that_breaks_off_is_the_end(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "pipe"
    path.write_bytes(frame(Cancel("j"))[:cut])
    with path.open("rb") as file:
        assert receive(file) is None


def test_what_is_no_message_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    path.write_bytes(b"HTTP/1.1 200 OK")
    with path.open("rb") as file, pytest.raises(MessageError):
        receive(file)
