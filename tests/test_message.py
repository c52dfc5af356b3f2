"""Messages between server and worker: what is sent is what arrives, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.core import event as events
from safelight.message import (
    KINDS,
    LENGTHS,
    Ask,
    Beat,
    Ended,
    Happened,
    Message,
    MessageError,
    Run,
    event_of,
    event_tree,
    frame,
    lengths,
    message,
    plain,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def sent(given: Message) -> Message:
    data = frame(given)
    header, body = lengths(data[: LENGTHS.size])
    rest = data[LENGTHS.size :]
    assert len(rest) == header + body
    return message(rest[:header], rest[header:])


@given(payload=JSON, id=st.integers(0, 2**64))
def test_what_is_sent_arrives(payload: Any, id: int) -> None:
    assert sent(Ask(id, "choices", payload)) == Ask(id, "choices", payload)


@given(preview=st.binary(max_size=100))
def test_a_preview_travels_as_it_is(preview: bytes) -> None:
    given = Happened("a", 1, {"event": "NodeProgressed"}, "JPEG", preview)
    assert sent(given) == given


def test_integers_are_exact_and_half_characters_survive() -> None:
    run = Run("a", 1, {"1": {"inputs": {"seed": [2**64 - 1], "text": ["\ud83d"]}}})
    assert sent(run) == run


@pytest.mark.parametrize(
    "event",
    [
        events.RunStarted(("1", "2")),
        events.NodeStarted("1", 3),
        events.NodeProgressed("1", 2, 20),
        events.NodeFinished("1", "ran", 0.5, {"text": ["x"]}),
        events.NodeWarned("1", "careful"),
        events.RunFinished("done", 1.5),
    ],
)
def test_events_are_the_same_on_the_other_side(event: events.Event) -> None:
    assert event_of(json.loads(json.dumps(event_tree(event)))) == event


def test_what_json_cannot_say_is_sent_as_text(tmp_path: Path) -> None:
    value = {"a": float("nan"), 3: (1, {"x"}), "p": tmp_path, "b": b"\x00"}
    assert plain(value) == {"a": "nan", "3": [1, ["x"]], "p": str(tmp_path), "b": "b'\\x00'"}
    json.dumps(plain(value), allow_nan=False)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"{",
        b"3",
        b"{}",
        b'{"version": 1}',
        b'{"version": 1, "kind": "Nothing"}',
        b'{"version": 1, "kind": "Cancel"}',
        b'{"version": 1, "kind": "Cancel", "job": "a", "more": 1}',
        b'{"version": 1, "kind": []}',
    ],
)
def test_what_is_no_message_is_refused(header: bytes) -> None:
    with pytest.raises(MessageError):
        message(header)


def test_another_version_is_named() -> None:
    with pytest.raises(MessageError, match="has version 2, and 1 is spoken here"):
        message(b'{"version": 2, "kind": "Stop"}')


@pytest.mark.parametrize("start", [b"HTTP/1.1", b"\0" * 8, b"\0\0\0\1\xff\xff\xff\xff"])
def test_what_a_library_prints_into_the_pipe_is_no_frame(start: bytes) -> None:
    with pytest.raises(MessageError):
        lengths(start)


def test_all_kinds_can_be_named_in_a_frame() -> None:
    assert {Ended, Beat} <= set(KINDS.values())
    assert all(name == kind.__name__ for name, kind in KINDS.items())
