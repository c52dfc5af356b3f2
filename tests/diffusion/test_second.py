"""Guidance away from what a second model says, against both models asked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from safelight.diffusion import checkpoint, lora, overlay, residency
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.plan import Plan
from safelight.diffusion.sampling import sample_custom
from safelight.tensor import storing
from tests.checkpoint import Kept

PLAN = Plan(threads=1, guidance_batching="apart")
LATENT = {"samples": torch.zeros(1, 4, 8, 8)}
WORDS, OTHER = torch.randn(2, 1, 24, 128, generator=torch.Generator().manual_seed(1))
SIDES = {"positive": [[WORDS, {}]], "negative": [[OTHER, {}]]}


@pytest.fixture
def weaker(emoji: Checkpoint, tmp_path: Path) -> ModelHandle:
    """The model that ships, a little off."""
    save_file({"unet.conv_out.diff_b": torch.tensor([0.3, -0.2, 0.1, 0.4])}, tmp_path / "off.safetensors")
    return lora.attached(tmp_path / "off.safetensors", "f" * 64, emoji.model, None, 1.0, 0.0)[0]


def guider(model: ModelHandle, second: ModelHandle | None, cfg: float = 3.0, **sides: Any) -> GuiderHandle:
    return GuiderHandle("cfg", model, SIDES | sides, (("cfg", cfg),), second)


def sampled(one: GuiderHandle, sigmas: tuple[float, ...] = (9.0, 3.0, 1.0, 0.0), **more: Any) -> Tensor:
    levels = torch.tensor(sigmas)
    made = sample_custom(one, NoiseHandle(5), SamplerHandle("euler"), levels, LATENT, plan=PLAN, **more)
    return made.output["samples"]


def test_the_negative_side_is_answered_by_the_second_model(emoji: Checkpoint, weaker: ModelHandle) -> None:
    sigma, scale = 2.5, 3.0
    x0 = sampled(guider(emoji.model, weaker, scale), (sigma, 0.0))
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(5)) * sigma
    said = []
    for model, side in ((emoji.model, "positive"), (weaker, "negative")):
        with residency.lend(model, PLAN) as network, torch.no_grad():
            (entries,) = prepare(network, noise, {side: SIDES[side]})
            said += Denoiser(network)(noise, sigma, [entries])
            out = network.latent.process_out
    torch.testing.assert_close(x0, out(said[1] + (said[0] - said[1]) * scale), atol=1e-4, rtol=0)


def test_the_same_model_twice_is_one_model_bit_for_bit(emoji: Checkpoint, weaker: ModelHandle) -> None:
    plain = sampled(guider(emoji.model, None))
    assert torch.equal(sampled(guider(emoji.model, emoji.model)), plain)
    assert not torch.equal(sampled(guider(emoji.model, weaker)), plain)


def test_a_guidance_of_one_is_the_first_model_alone(emoji: Checkpoint, weaker: ModelHandle) -> None:
    alone = sampled(guider(emoji.model, None, 1.0))
    assert torch.equal(sampled(guider(emoji.model, weaker, 1.0)), alone)


def test_a_run_with_two_models_is_taken_up_where_it_was_stopped(
    emoji: Checkpoint, weaker: ModelHandle
) -> None:
    kept, both = Kept(2), guider(emoji.model, weaker)
    with pytest.raises(KeyboardInterrupt):
        sampled(both, checkpoint=kept)
    other = Kept()
    other.found = kept.found
    sampled(guider(emoji.model, None), checkpoint=other)
    assert other.at == 0, "what was kept of two models is nothing for one"
    assert torch.equal(sampled(both, checkpoint=kept), sampled(both))
    assert kept.at == 2


def test_a_guider_with_two_models_comes_back_from_the_store(emoji: Checkpoint, weaker: ModelHandle) -> None:
    both = guider(emoji.model, weaker)
    assert both.key != guider(emoji.model, None).key
    again = GuiderHandle.from_tree(both.to_tree())
    assert again == both
    tree, found = storing().encode(both)
    assert storing().decode(tree, found) == both


def test_models_with_latents_of_different_kinds_are_refused(emoji: Checkpoint, original: Any) -> None:
    upscaler = checkpoint.load(original("sd2_upscaler"), "u" * 64).model
    with pytest.raises(UnsupportedError, match="latents of different kinds"):
        sampled(guider(emoji.model, upscaler))


def test_layers_of_guidance_are_those_of_the_first_model(emoji: Checkpoint, weaker: ModelHandle) -> None:
    layered = overlay.guided(weaker, "override", cfg=9.0, start=0.0, end=1.0)
    assert torch.equal(sampled(guider(emoji.model, layered)), sampled(guider(emoji.model, weaker)))
