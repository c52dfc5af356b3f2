"""Deep shrink: which block works on which size, when, and that a neutral one changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from safelight.diffusion import checkpoint, residency, shrink
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def model(original: Callable[[str], Path]) -> ModelHandle:
    return checkpoint.load(original("sd15"), digest="15" * 32).model


def predicted(model: ModelHandle, plan: Plan, timestep: float = 900.0) -> tuple[Tensor, dict[str, int]]:
    """What the model says, and the height that each resnet worked on."""
    x = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    context = torch.randn(1, 5, 768, generator=torch.Generator().manual_seed(2))
    heights: dict[str, int] = {}
    with residency.lend(model, plan) as network:
        hooks = [
            part.register_forward_hook(
                lambda _module, _inputs, out, name=name: heights.__setitem__(name, out.shape[-2])
            )
            for name, part in network.module.named_modules()
            if type(part).__name__ == "ResnetBlock2D"
        ]
        found = network(x, torch.tensor([timestep]), context)
        for hook in hooks:
            hook.remove()
    return found, heights


def shrunk(model: ModelHandle, **settings: Any) -> ModelHandle:
    given = {
        "block": 3,
        "factor": 2.0,
        "start": 0.0,
        "end": 0.35,
        "after_skip": True,
        "down_method": "bicubic",
        "up_method": "bicubic",
    }
    return shrink.with_shrink(model, **(given | settings))


def test_all_blocks_after_the_chosen_one_are_smaller_until_its_skip(model: ModelHandle, plan: Plan) -> None:
    plain, before = predicted(model, plan)
    found, heights = predicted(shrunk(model), plan)
    assert found.shape == plain.shape
    assert not torch.allclose(found, plain, atol=1e-3)
    # Block 3 is the first downsampler: what follows it runs at half its size, until its skip comes back.
    small = [name for name in heights if heights[name] != before[name]]
    assert small == [
        *(f"down_blocks.{level}.resnets.{layer}" for level in (1, 2, 3) for layer in (0, 1)),
        *(f"mid_block.resnets.{layer}" for layer in (0, 1)),
        *(f"up_blocks.{level}.resnets.{layer}" for level in (0, 1) for layer in (0, 1, 2)),
        *(f"up_blocks.2.resnets.{layer}" for layer in (0, 1)),
    ]
    assert all(heights[name] == max(1, before[name] // 2) for name in small[:2])


def test_without_after_skip_the_blocks_own_skip_is_smaller_too(model: ModelHandle, plan: Plan) -> None:
    _, before = predicted(model, plan)
    _, heights = predicted(shrunk(model, after_skip=False), plan)
    assert heights["up_blocks.2.resnets.2"] == before["up_blocks.2.resnets.2"] // 2
    assert heights["up_blocks.3.resnets.0"] == before["up_blocks.3.resnets.0"]


@pytest.mark.parametrize("block", [1, 2, 4, 6, 9, 11])
def test_any_block_can_be_chosen(model: ModelHandle, plan: Plan, block: int) -> None:
    plain, _ = predicted(model, plan)
    assert predicted(shrunk(model, block=block, factor=1.5), plan)[0].shape == plain.shape
    residency.release()


def test_it_acts_in_its_range_alone(model: ModelHandle, plan: Plan) -> None:
    for timestep, acts in ((999.0, True), (660.0, True), (640.0, False), (0.0, False)):
        plain, found = (predicted(one, plan, timestep)[0] for one in (model, shrunk(model)))
        assert torch.equal(plain, found) is not acts
    late = shrunk(model, start=0.5, end=1.0)
    assert torch.equal(predicted(late, plan, 600.0)[0], predicted(model, plan, 600.0)[0])
    assert not torch.equal(predicted(late, plan, 0.0)[0], predicted(model, plan, 0.0)[0])


def test_a_factor_of_one_is_no_patch(model: ModelHandle) -> None:
    assert shrunk(model, factor=1.0) == model
