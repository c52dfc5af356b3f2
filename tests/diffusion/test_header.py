"""Reading headers, and refusing what is no whole safetensors file."""

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from safelight.diffusion import header
from safelight.diffusion.failure import ModelFileError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tensors = {"a": torch.zeros(3, 4), "b": torch.zeros(2).half()}
    save_file(tensors, tmp_path / "a.safetensors", metadata={"x": "y"})
    return tmp_path / "a.safetensors"


def test_names_shapes_types_and_metadata_are_read(path: Path) -> None:
    found = header.read(path)
    assert dict(found) == {"a": header.Stored("F32", (3, 4)), "b": header.Stored("F16", (2,))}
    assert found["a"].count == 12
    assert found.metadata == {"x": "y"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"no model file at .*gone\.safetensors"):
        header.read(tmp_path / "gone.safetensors")


@pytest.mark.parametrize("size", [0, 5, 20, -4])
def test_a_truncated_file_is_told_at_every_length(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ModelFileError, match="cut short"):
        header.read(path)


def test_a_header_whose_length_begins_like_a_pickle_is_none(tmp_path: Path) -> None:
    path = tmp_path / "odd.safetensors"
    text = b"{}".ljust(0x0280)
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    assert not header.is_pickle(path)
    assert len(header.read(path)) == 0


def test_a_torch_file_is_refused_as_a_pickle(tmp_path: Path) -> None:
    for new in (True, False):
        torch.save({"a": torch.zeros(2)}, tmp_path / "a.ckpt", _use_new_zipfile_serialization=new)
        with pytest.raises(ModelFileError, match=r"is a pickle.*\.safetensors version"):
            header.read(tmp_path / "a.ckpt")


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html>not found</html>",
        struct.pack("<Q", 4) + b"nope",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 8) + b'{"a": 1}',
        struct.pack("<Q", 9) + b'{"a": {}}',
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(ModelFileError, match="not a safetensors file"):
        header.read(tmp_path / "a.safetensors")


def test_offsets_past_the_end_of_the_file_mean_that_it_is_cut_short(tmp_path: Path) -> None:
    text = json.dumps({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(35))
    with pytest.raises(ModelFileError, match="cut short"):
        header.read(tmp_path / "a.safetensors")
