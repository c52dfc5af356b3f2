"""Latents as files."""

from __future__ import annotations

from pathlib import Path

import pytest
import safetensors.torch
import torch

from safelight.diffusion import keep
from safelight.diffusion.codec import load
from safelight.diffusion.failure import ModelFileError

SAMPLES = torch.randn(2, 4, 3, 5, generator=torch.Generator().manual_seed(1))


def test_a_latent_comes_back_bit_for_bit_with_its_workflow(tmp_path: Path) -> None:
    keep.save({"samples": SAMPLES}, tmp_path / "a.latent", prompt={"1": {}}, workflow={"v": 1})
    assert keep.load(tmp_path / "a.latent")["samples"].equal(SAMPLES)
    assert load(tmp_path / "a.latent")[1] == {"prompt": '{"1": {}}', "workflow": '{"v": 1}'}


def test_an_old_file_is_scaled_back(tmp_path: Path) -> None:
    safetensors.torch.save_file({"latent_tensor": SAMPLES * 0.18215}, tmp_path / "a.latent")
    torch.testing.assert_close(keep.load(tmp_path / "a.latent")["samples"], SAMPLES)


@pytest.mark.parametrize("content", [b"", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.latent").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"a.latent is not a saved latent"):
        keep.load(tmp_path / "a.latent")


def test_a_latent_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.latent").mkdir()
    with pytest.raises(ModelFileError, match=r"a.latent cannot be written"):
        keep.save({"samples": SAMPLES}, tmp_path / "a.latent")
    assert [path.name for path in tmp_path.iterdir()] == ["a.latent"]
