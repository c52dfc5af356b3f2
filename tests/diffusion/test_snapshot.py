from __future__ import annotations

from typing import Any

import pytest
import torch

from safelight.diffusion.sampler import State
from safelight.diffusion.snapshot import restored, taken

CPU = torch.device("cpu")


def picture(seed: int) -> torch.Tensor:
    return torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(seed))


STATE = State(3, picture(1), (picture(2), torch.tensor(0.5, dtype=torch.float64)), 7, picture(3))


def test_a_state_comes_back_whole() -> None:
    state, asked = restored(taken(STATE, [14.6, 0.1]), CPU)
    assert (state.step, state.noise, asked) == (3, 7, [14.6, 0.1])
    assert torch.equal(state.x, STATE.x)
    assert [one.dtype for one in state.history] == [torch.float32, torch.float64]
    assert all(map(torch.equal, state.history, STATE.history))
    assert torch.equal(state.x0, STATE.x0)


def test_channels_that_lie_side_by_side_in_memory_still_do() -> None:
    """Sums over them are taken in that order, which shows in their last bits."""
    x = picture(1).contiguous(memory_format=torch.channels_last)
    tree = taken(State(1, x, (picture(2),)), [])
    state, _ = restored({**tree, "x": tree["x"].contiguous()}, CPU)
    assert state.x.stride() == x.stride()
    assert state.history[0].is_contiguous()


@pytest.mark.parametrize(
    "change",
    [
        {"x": picture(4)},
        {"step": 4},
        {"noise": 8},
        {"asked": [0.2]},
        {"history": []},
        {"digest": ""},
        {"x": None},
        {"history": 3},
    ],
)
def test_a_state_of_which_anything_has_changed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="changed"):
        restored({**taken(STATE, [0.1]), **change}, CPU)


@pytest.mark.parametrize("tree", [{}, {"done": 3}, {"digest": "x", "x": object()}])
def test_what_is_not_a_state_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"changed|not the state"):
        restored(tree, CPU)
