"""Tensors to files and back, bit for bit."""

from pathlib import Path

import pytest
import torch

from safelight.diffusion import codec


@pytest.mark.parametrize(
    "dtype",
    [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8, torch.bool],
)
def test_every_type_comes_back_bit_for_bit(tmp_path: Path, dtype: torch.dtype) -> None:
    tensor = (torch.randn(3, 5) * 10).to(dtype)
    codec.save({"x": tensor}, {"tree": "{}"}, tmp_path / "a")
    tensors, metadata = codec.load(tmp_path / "a")
    assert tensors["x"].dtype == dtype
    assert torch.equal(tensors["x"], tensor)
    assert metadata == {"tree": "{}"}


def test_nan_infinities_scalars_and_empty_tensors_come_back(tmp_path: Path) -> None:
    odd = torch.tensor([float("nan"), float("inf"), -0.0])
    codec.save({"odd": odd, "scalar": torch.tensor(3.5), "none": torch.zeros(0, 4)}, {}, tmp_path / "a")
    back, _ = codec.load(tmp_path / "a")
    assert torch.equal(back["odd"].view(torch.int32), odd.view(torch.int32))
    assert back["scalar"].shape == ()
    assert back["none"].shape == (0, 4)


def test_a_slice_is_written_without_the_rest_of_its_storage(tmp_path: Path) -> None:
    large = torch.zeros(1000, 1000)
    codec.save({"x": large[:2], "turned": large[:3, :2].T}, {}, tmp_path / "a")
    assert (tmp_path / "a").stat().st_size < 20_000
    assert codec.load(tmp_path / "a")[0]["turned"].shape == (2, 3)


def test_tensors_that_share_memory_come_back_apart(tmp_path: Path) -> None:
    one = torch.arange(6.0)
    codec.save({"a": one, "b": one, "c": one.view(2, 3)}, {}, tmp_path / "a")
    back, _ = codec.load(tmp_path / "a")
    back["a"][0] = 9
    assert back["b"][0] == 0
    assert torch.equal(back["c"], one.view(2, 3))


def test_a_loaded_tensor_outlives_its_file_and_may_be_changed(tmp_path: Path) -> None:
    codec.save({"x": torch.ones(4)}, {}, tmp_path / "a")
    tensors, _ = codec.load(tmp_path / "a")
    (tmp_path / "a").unlink()
    tensors["x"] += 1
    assert tensors["x"].tolist() == [2, 2, 2, 2]


def test_only_tensors_are_tensors() -> None:
    assert codec.is_tensor(torch.zeros(1))
    assert not codec.is_tensor([0.0])


def test_the_size_of_a_slice_is_that_of_the_storage_it_keeps_alive() -> None:
    assert codec.size(torch.zeros(100, 10)[:1]) == 4000
    assert codec.size(codec.packed(torch.zeros(100, 10)[:1])) == 40
