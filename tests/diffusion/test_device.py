"""What the machine has, and running out of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from safelight.diffusion import device
from safelight.diffusion.failure import DeviceMemoryError


def test_threads_follow_the_usual_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert device.cores() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "nonsense")
    assert device.cores() >= 1


def test_the_machine_has_memory() -> None:
    assert device.total_memory("cpu") > 1 << 28


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:116] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_every_way_of_running_out_of_memory_is_one_error_with_sizes(error: Exception) -> None:
    with pytest.raises(DeviceMemoryError, match=r"while decoding.*Use a smaller") as caught, out(error):
        pass
    assert caught.value.available == device.total_memory("cpu")
    assert caught.value.__cause__ is error


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(RuntimeError, match="shapes"), out(RuntimeError("shapes do not match")):
        pass


def test_a_real_allocation_that_cannot_succeed_is_told() -> None:
    with pytest.raises(DeviceMemoryError), device.memory_errors("trying", "cpu"):
        torch.empty(1 << 60, dtype=torch.uint8)


@contextmanager
def out(error: Exception) -> Iterator[None]:
    with device.memory_errors("decoding", "cpu"):
        yield
        raise error
