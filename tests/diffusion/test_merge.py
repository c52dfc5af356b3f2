"""Merged models against the same arithmetic on whole models; exact where one model is all of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from safelight.diffusion import checkpoint, merge, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import Handle, Patch
from safelight.diffusion.plan import Plan


@contextmanager
def tensors(handle: Handle | None, plan: Plan) -> Iterator[dict[str, Tensor]]:
    assert handle is not None
    with residency.lend(handle, plan) as thing:
        yield thing.tensors()


@pytest.fixture(scope="module")
def first(original: Callable[[str], Path]) -> Checkpoint:
    return checkpoint.load(original("sd15"), digest="15" * 32)


@pytest.fixture(scope="module")
def second(original: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkpoint]:
    path = tmp_path_factory.mktemp("other") / "other.safetensors"
    torch.manual_seed(2)
    save_file(
        {name: (torch.randn(t.shape) * 0.1).half() for name, t in load_file(original("sd15")).items()}, path
    )
    yield checkpoint.load(path, digest="22" * 32)
    path.unlink()


def equal(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    return found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in found)


@pytest.mark.parametrize("part", ["model", "clip"])
def test_a_simple_merge_is_a_weighted_mean(
    first: Checkpoint, second: Checkpoint, plan: Plan, part: str
) -> None:
    one, other = getattr(first, part), getattr(second, part)
    mixed = merge.mixed(one, other, 0.3, 1 - 0.3)
    with tensors(one, plan) as a, tensors(other, plan) as b, tensors(mixed, plan) as found:
        for name in a:
            torch.testing.assert_close(found[name], 0.3 * a[name] + 0.7 * b[name])


def test_a_merge_of_all_of_one_model_is_that_model_bit_for_bit(
    first: Checkpoint, second: Checkpoint, plan: Plan
) -> None:
    assert merge.mixed(first.model, second.model, 1.0, 0.0) == first.model
    assert merge.blended(first.model, second.model, input=1.0, middle=1.0, out=1.0) == first.model
    for none in (
        merge.mixed(first.model, second.model, 0.0, 1.0),
        merge.blended(first.model, second.model, input=0.0, middle=0.0, out=0.0),
    ):
        with tensors(none, plan) as found, tensors(second.model, plan) as expected:
            assert equal(found, expected)


def test_a_merge_by_places_takes_each_block_as_it_is_told(
    first: Checkpoint, second: Checkpoint, plan: Plan
) -> None:
    shares = {"time_embed.": 1.0, "input_blocks.0.": 0.0, "middle_block.1.": 0.25, "out.": 0.0}
    mixed = merge.placed(first.model, second.model, shares)
    assert merge.placed(first.model, second.model, dict.fromkeys(shares, 1.0)) == first.model
    with tensors(first.model, plan) as a, tensors(second.model, plan) as b, tensors(mixed, plan) as found:
        for name, tensor in found.items():
            if name.startswith(("conv_in.", "conv_norm_out.", "conv_out.")):
                assert torch.equal(tensor, b[name]), name
            elif name.startswith("mid_block.attentions.0."):
                torch.testing.assert_close(tensor, 0.25 * a[name] + 0.75 * b[name])
            else:
                assert torch.equal(tensor, a[name]), name


def test_models_are_added_and_subtracted(first: Checkpoint, second: Checkpoint, plan: Plan) -> None:
    total, rest = (merge.mixed(first.model, second.model, *shares) for shares in ((1.0, 1.0), (2.0, -2.0)))
    with tensors(first.model, plan) as a, tensors(second.model, plan) as b:
        with tensors(total, plan) as found:
            torch.testing.assert_close(found["conv_in.weight"], a["conv_in.weight"] + b["conv_in.weight"])
        with tensors(rest, plan) as found:
            torch.testing.assert_close(
                found["conv_in.weight"], 2 * (a["conv_in.weight"] - b["conv_in.weight"])
            )


def test_a_merge_by_blocks_has_each_groups_share(first: Checkpoint, second: Checkpoint, plan: Plan) -> None:
    blended = merge.blended(first.model, second.model, input=1.0, middle=0.0, out=0.25)
    with tensors(first.model, plan) as a, tensors(second.model, plan) as b, tensors(blended, plan) as found:
        for name in (
            "conv_in.weight",
            "down_blocks.2.resnets.0.conv1.weight",
            "time_embedding.linear_1.bias",
        ):
            assert found[name].data_ptr() == a[name].data_ptr(), "the first model's own"
        assert torch.equal(found["mid_block.resnets.1.conv2.weight"], b["mid_block.resnets.1.conv2.weight"])
        for name in ("up_blocks.3.resnets.0.conv1.weight", "conv_out.weight"):
            torch.testing.assert_close(found[name], 0.25 * a[name] + 0.75 * b[name])


def test_a_merge_takes_the_patched_weights_of_a_patched_model(
    first: Checkpoint, second: Checkpoint, plan: Plan, tmp_path: Path
) -> None:
    path = tmp_path / "ones.safetensors"
    save_file({"unet.conv_in.diff_b": torch.ones(32)}, path)
    patched = second.model.patched(Patch("lora", "ones", (("strength", 0.5),), str(path)))
    mixed = merge.mixed(first.model, patched, 0.5, 0.5)
    with tensors(first.model, plan) as a, tensors(second.model, plan) as b, tensors(mixed, plan) as found:
        expected = 0.5 * a["conv_in.bias"] + 0.5 * (b["conv_in.bias"] + 0.5)
        torch.testing.assert_close(found["conv_in.bias"], expected)
    assert mixed.key != merge.mixed(first.model, second.model, 0.5, 0.5).key


def test_models_of_different_kinds_are_not_merged(first: Checkpoint, emoji: Checkpoint, plan: Plan) -> None:
    with (
        pytest.raises(UnsupportedError, match="different kinds"),
        tensors(merge.mixed(first.model, emoji.model, 0.5, 0.5), plan),
    ):
        pass


def test_two_models_merged_into_each_other_do_not_wait_for_each_other(
    first: Checkpoint, second: Checkpoint, plan: Plan
) -> None:
    there = merge.mixed(first.model, second.model, 0.5, 0.5)
    back = merge.mixed(second.model, there, 0.5, 0.5)
    residency.release()
    with tensors(back, plan) as found, tensors(there, plan) as half, tensors(second.model, plan) as b:
        torch.testing.assert_close(
            found["conv_in.bias"], 0.5 * b["conv_in.bias"] + 0.5 * half["conv_in.bias"]
        )
    assert replace(back, patches=()).key == second.model.key
