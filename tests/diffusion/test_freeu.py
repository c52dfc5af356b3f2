"""FreeU against the formula written out on whole feature maps, and exact where it is neutral."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from safelight.diffusion import checkpoint, freeu, residency
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def model(original: Callable[[str], Path]) -> ModelHandle:
    return checkpoint.load(original("sd15"), digest="15" * 32).model


INPUTS = (
    torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1)),
    torch.tensor([500.0]),
    torch.randn(1, 5, 768, generator=torch.Generator().manual_seed(2)),
)


def predicted(model: ModelHandle, plan: Plan) -> Tensor:
    with residency.lend(model, plan) as network:
        return network(*INPUTS)


def test_low_frequencies_are_scaled_and_the_rest_is_left() -> None:
    x = torch.randn(2, 3, 8, 6)
    scaled = freeu.filtered(x, 0.2)
    before, after = (torch.fft.fftn(one.double(), dim=(-2, -1)) for one in (x, scaled))
    # The square reaches one frequency below zero and none above. Of such a pair, that makes one real wave.
    factors = torch.ones(8, 6)
    factors[0, 0] = 0.2
    for row, column in ((1, 0), (0, 1), (1, 1)):
        factors[row, column] = factors[-row, -column] = (1 + 0.2) / 2
    torch.testing.assert_close(after, before * factors, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(freeu.filtered(x, 1.0), x)


@pytest.mark.parametrize("version", [1, 2])
def test_backbone_and_skip_are_changed_where_they_meet(version: int) -> None:
    h, skip = torch.randn(2, 8, 4, 4), torch.randn(2, 6, 4, 4)
    found, extra = freeu._Meeting(8, 1.3, 0.5, version)(None, (torch.cat([h, skip], 1), torch.ones(1)))
    factor = torch.full((2, 1, 4, 4), 1.3)
    if version == 2:
        for number, one in enumerate(h.mean(1)):
            factor[number, 0] = 1 + 0.3 * (one - one.min()) / (one.max() - one.min())
    expected = torch.cat([h[:, :4] * factor, h[:, 4:], freeu.filtered(skip, 0.5)], 1)
    torch.testing.assert_close(found, expected)
    assert torch.equal(extra, torch.ones(1))


def test_neutral_factors_change_no_bit() -> None:
    both = torch.randn(1, 14, 4, 4)
    for version in (1, 2):
        assert torch.equal(freeu._Meeting(8, 1.0, 1.0, version)(None, (both,))[0], both)


def test_a_neutral_freeu_is_no_patch(model: ModelHandle) -> None:
    assert freeu.with_freeu(model, 1.0, 1.0, 1.0, 1.0, 2) == model


def test_freeu_changes_what_the_model_says_and_leaves_the_model(model: ModelHandle, plan: Plan) -> None:
    residency.release()
    before = predicted(model, plan)
    used = residency.used("cpu")
    results = [predicted(freeu.with_freeu(model, 1.3, 1.4, 0.9, 0.2, version), plan) for version in (1, 2)]
    assert not torch.equal(results[0], results[1])
    assert not torch.allclose(before, results[0], atol=1e-3)
    assert torch.equal(predicted(model, plan), before)
    assert residency.used("cpu") == used, "it has no weights of its own"


def test_freeu_acts_by_the_width_of_the_backbone(model: ModelHandle, plan: Plan) -> None:
    with residency.lend(freeu.with_freeu(model, 1.1, 1.2, 0.9, 0.2, 1), plan) as network:
        first = network.module.config.block_out_channels[0]
        widths, width = [], network.module.mid_block.resnets[-1].out_channels
        for block in network.module.up_blocks:
            for resnet in block.resnets:
                hooks = list(resnet._forward_pre_hooks.values())
                widths += [(width, hook.backbone) for hook in hooks if isinstance(hook, freeu._Meeting)]
                width = resnet.out_channels
    assert (first, set(widths)) == (32, {(64, 1.2)}), "this narrow model is nowhere four times as wide"
