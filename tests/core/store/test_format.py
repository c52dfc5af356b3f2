"""Format: a file is written whole or not at all, and read only if it is what was written."""

from __future__ import annotations

import errno
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest
import safetensors
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.core.store import format
from safelight.core.store.codec import Codec, Unstorable
from safelight.core.store.format import Damaged

TENSORS = {"t0": torch.arange(10.0), "t1": torch.ones(2, 3, dtype=torch.bfloat16)}
TREE = {"outputs": [1, "x", {"$": "tensor", "v": "t0"}]}


@pytest.fixture
def path(tmp_path: Path, codec: Codec) -> Path:
    """A file as it is written."""
    path = tmp_path / "a.safetensors"
    format.write(path, TREE, TENSORS, codec)
    return path


def header(content: object, rest: bytes = b"") -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return struct.pack("<Q", len(text)) + text + rest


def metadata(content: object) -> dict[str, Any]:
    return {"__metadata__": {"safelight": json.dumps(content)}}


def test_what_is_written_is_read(path: Path, codec: Codec, same: Any) -> None:
    tree, tensors = format.read(path, codec)
    assert tree == TREE
    assert same(dict(sorted(tensors.items())), TENSORS)


def test_the_size_is_that_of_the_file(tmp_path: Path, codec: Codec) -> None:
    for tensors in ({}, TENSORS):
        path = tmp_path / "sized"
        assert format.write(path, TREE, tensors, codec) == path.stat().st_size


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
@pytest.mark.parametrize("tensors", [{}, TENSORS], ids=["plain", "tensors"])
def test_who_may_read_a_file_is_for_the_umask_to_say(
    tmp_path: Path, codec: Codec, tensors: dict[str, Any], umask: int, mode: int
) -> None:
    before = os.umask(umask)
    try:
        format.write(tmp_path / "file", TREE, tensors, codec)
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_the_file_is_a_safetensors_file(path: Path, tmp_path: Path, codec: Codec) -> None:
    plain = tmp_path / "plain.safetensors"
    format.write(plain, TREE, {}, codec)
    for each, names in ((path, ["t0", "t1"]), (plain, [])):
        with safetensors.safe_open(each, framework="pt") as file:
            assert sorted(file.keys()) == names
            assert json.loads(file.metadata()["safelight"])["tree"] == TREE


def test_a_file_without_tensors_needs_no_tensor_format(tmp_path: Path) -> None:
    format.write(tmp_path / "plain", TREE, {}, Codec())
    assert format.read(tmp_path / "plain", Codec()) == (TREE, {})


def test_the_tree_is_read_without_the_tensors(path: Path) -> None:
    assert format.tree(path) == (TREE, 2)


def test_a_file_that_is_gone_is_not_damaged(tmp_path: Path, codec: Codec) -> None:
    with pytest.raises(FileNotFoundError):
        format.read(tmp_path / "gone", codec)


def test_who_cannot_read_tensors_does_not_call_the_file_damaged(path: Path) -> None:
    with pytest.raises(Unstorable, match="no tensor format is registered"):
        format.read(path, Codec())


@pytest.mark.parametrize("error", [OSError(errno.EMFILE, "too many files"), MemoryError()])
def test_trouble_while_reading_is_not_damage(
    path: Path, codec: Codec, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(path: Path) -> dict[str, Any]:
        raise error

    monkeypatch.setattr(codec.tensors, "load", fail)
    with pytest.raises(type(error)):
        format.read(path, codec)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_damaged(path: Path, codec: Codec, share: float) -> None:
    whole = path.read_bytes()
    cut = path.with_name("cut")
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Damaged):
        format.read(cut, codec)


def test_a_file_with_something_behind_it_is_damaged(path: Path, codec: Codec) -> None:
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Damaged, match="should hold"):
        format.read(path, codec)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"\0" * 1000,
        b"\xff" * 1000,
        header(b"{"),
        header(b"\xff\xfe{}"),
        header(b"[" * 100_000),
        header([]),
        header({}),
        header({"__metadata__": []}),
        header({"__metadata__": {}}),
        header({"__metadata__": {"safelight": "{"}}),
        header({"__metadata__": {"safelight": 3}}),
        header({"__metadata__": {"safelight": "[" * 100_000}}),
        header(metadata({"version": 1})),
        header(metadata({"version": 0, "tree": 1})),
        header(metadata([])),
        header({**metadata({"version": 1, "tree": 1}), "t0": {}}),
        header({**metadata({"version": 1, "tree": 1}), "t0": 3}),
        header({**metadata({"version": 1, "tree": 1}), "t0": {"data_offsets": [0, "x"]}}),
        header({**metadata({"version": 1, "tree": 1}), "t0": {"data_offsets": [0, 4]}}, b"1234"),
        header(
            {
                **metadata({"version": 1, "tree": 1}),
                "t0": {"dtype": "F32", "shape": [9], "data_offsets": [0, 4]},
            },
            b"1234",
        ),
    ],
    ids=range(22),
)
def test_garbage_is_damaged(tmp_path: Path, codec: Codec, content: bytes) -> None:
    path = tmp_path / "garbage"
    path.write_bytes(content)
    with pytest.raises(Damaged):
        format.read(path, codec)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.binary(max_size=60).map(header))
def test_any_garbage_is_damaged(tmp_path: Path, codec: Codec, content: bytes) -> None:
    path = tmp_path / "garbage"
    path.write_bytes(content)
    with pytest.raises(Damaged):
        format.read(path, codec)


def failing(error: BaseException) -> Any:
    def fail(*words: Any, **named: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize("tensors", [{}, TENSORS], ids=["plain", "tensors"])
@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_what_was_there(
    path: Path,
    codec: Codec,
    monkeypatch: pytest.MonkeyPatch,
    tensors: dict[str, Any],
    step: str,
    error: BaseException,
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(os, step, failing(error))
    with pytest.raises(type(error)):
        format.write(path, {"other": 1}, tensors, codec)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_an_error_of_the_tensor_library_is_one_of_the_disk(
    path: Path, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = safetensors.SafetensorError("I/O error: No space left on device (os error 28)")
    monkeypatch.setattr(codec.tensors, "save", failing(error))
    with pytest.raises(OSError, match="No space left"):
        format.write(path, TREE, TENSORS, codec)
    assert list(path.parent.iterdir()) == [path]


def test_what_is_not_valid_any_more_gets_no_name(tmp_path: Path, codec: Codec) -> None:
    with pytest.raises(Unstorable, match="changed while it was written"):
        format.write(tmp_path / "a", TREE, TENSORS, codec, valid=lambda: False)
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(format, "HEADER_MAX", 2**20)
    with pytest.raises(Unstorable, match="MiB beside its tensors"):
        format.write(tmp_path / "a", "x" * 2**20, {}, codec)
    quotes = '"' * (2**17)
    format.write(tmp_path / "b", quotes, {}, codec)
    assert format.read(tmp_path / "b", codec)[0] == quotes


def test_drafts_of_dead_processes_are_swept_and_young_ones_left(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (".a.1.2.part", ".b.1.2.part", "kept.safetensors"))
    for file in (old, young, other):
        file.touch()
    for file in (old, other):
        os.utime(file, (1, 1))
    format.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == [young, other]
    format.sweep(tmp_path / "absent")
