"""Further layers of guidance: exact when they are neutral, and their formulas when they are not."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from bench.standin import StandIn
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.flow import FlowSampling
from safelight.diffusion.guidance import ClassifierFree, Guess, Guided, Layer
from safelight.diffusion.layer import layer
from safelight.diffusion.operation import Sharpen
from safelight.diffusion.overlay import guided
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import lend
from safelight.diffusion.sampling import sample

PLAN = Plan(threads=1)
X, POSITIVE, NEGATIVE, SEEN = torch.randn(4, 2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
SCALE, SIGMA = 7.0, 2.0


def made(name: str, model: Any = StandIn.sampling, **settings: Any) -> Layer:
    return layer({"layer": name, **settings}, model)


def result(one: Layer | None, scale: float = SCALE, sigma: float = SIGMA, negative: bool = True) -> Tensor:
    said = {"positive": POSITIVE, "negative": NEGATIVE} if negative else {"positive": POSITIVE}

    def ask(side: str, perturbation: str, about: Tensor) -> Tensor:
        assert (side, perturbation) == ("negative", "")
        return SEEN + about

    def looked(side: str) -> Tensor:
        assert side == "negative"
        return torch.linspace(0, 2, 16).reshape(1, 4, 4).repeat(2, 1, 1)

    return ClassifierFree(scale, () if one is None else (one,))(Guess(X, sigma, said, ask, looked))


PLAIN = NEGATIVE + (POSITIVE - NEGATIVE) * SCALE


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("noise scaled", {"factor": 1.0}),
        ("rescored", {"k": 1.0, "sigma": 1.0}),
        ("sifted", {"low": 1.0, "high": 1.0, "cutoff": 3}),
        ("self-attending", {"amount": 0.0, "blur": 2.0}),
        ("renormed", {"trunc": 100.0, "bound": 0.0}),
    ],
)
def test_a_layer_of_neutral_strength_changes_no_bit(name: str, settings: dict[str, Any]) -> None:
    assert torch.equal(result(made(name, **settings)), result(None))


def test_biased_guidance_is_between_plain_guidance_and_the_scaled_positive() -> None:
    found = result(made("biased"))
    leap = POSITIVE * SCALE
    share = ((found - leap) / (PLAIN - leap)).flatten()
    assert share.std() < 1e-3
    both = [(one.abs().sqrt() * one.sign()) for one in (NEGATIVE * SCALE, (leap + PLAIN) / 2)]
    alike = torch.nn.functional.cosine_similarity(*both).mean()
    assert float(share.mean()) == pytest.approx(float((alike + 1) / 2), abs=1e-4)


def test_where_prompts_agree_biased_guidance_is_plain_guidance() -> None:
    guess = Guess(X, SIGMA, {"positive": POSITIVE, "negative": POSITIVE}, lambda *_: X)
    torch.testing.assert_close(ClassifierFree(SCALE, (made("biased"),))(guess), POSITIVE)


def test_bounded_guidance_shortens_long_cells_alone() -> None:
    found = result(made("bounded", strength=1.0))
    longest, plain = POSITIVE.norm(dim=1), PLAIN.norm(dim=1)
    torch.testing.assert_close(found.norm(dim=1), torch.minimum(longest, plain))
    torch.testing.assert_close(result(made("bounded", strength=2.0)), found * 2)


def test_tangential_damping_keeps_the_negative_along_the_common_direction() -> None:
    found = made("tangential").before(
        Guess(X, SIGMA, {"positive": POSITIVE, "negative": NEGATIVE}, lambda *_: X), SCALE
    )
    for one in range(2):
        away, toward = (X[one] - NEGATIVE[one]).flatten(), (X[one] - POSITIVE[one]).flatten()
        gram = torch.stack([away, toward]) @ torch.stack([away, toward]).T
        weights = torch.linalg.eigh(gram).eigenvectors[:, -1]
        common = torch.nn.functional.normalize(weights[0] * away + weights[1] * toward, dim=0)
        expected = X[one].flatten() - (away @ common) * common
        torch.testing.assert_close(found["negative"][one].flatten(), expected, atol=1e-4, rtol=1e-4)
    assert torch.equal(found["positive"], POSITIVE)


def test_renormed_guidance_waits_for_its_level_and_keeps_its_bound() -> None:
    assert torch.equal(result(made("renormed", trunc=1.0, bound=1.0)), POSITIVE)
    found = result(made("renormed", trunc=100.0, bound=1.5))
    longest = POSITIVE.flatten(1).norm(dim=1) * 1.5
    torch.testing.assert_close(found.flatten(1).norm(dim=1), longest)
    torch.testing.assert_close(
        torch.nn.functional.cosine_similarity(found.flatten(1), PLAIN.flatten(1)), torch.ones(2)
    )


def test_epsilon_scaling_divides_the_noise() -> None:
    torch.testing.assert_close(X - result(made("noise scaled", factor=1.25)), (X - PLAIN) / 1.25)


@pytest.mark.parametrize(("model", "sigma"), [(StandIn.sampling, 2.0), (FlowSampling(), 0.4)])
def test_the_score_is_rescaled_by_the_share_of_signal(model: Any, sigma: float) -> None:
    k, spread = 0.8, 1.5
    alpha = 1 - sigma if model.flow else 1.0
    signal = (alpha / sigma * spread) ** 2
    ratio = (signal + 1) / (signal / k + 1)
    noise = (X - alpha * PLAIN) / sigma
    found = result(made("rescored", model, k=k, sigma=spread), sigma=sigma)
    torch.testing.assert_close(found, (X - ratio * sigma * noise) / alpha, atol=1e-4, rtol=1e-4)


def test_a_pure_noise_latent_of_a_flow_is_left_alone() -> None:
    assert torch.equal(result(made("rescored", FlowSampling(), k=0.8, sigma=1.0), sigma=1.0), PLAIN)


def test_low_frequencies_of_guidance_are_scaled_apart() -> None:
    found = torch.fft.fft2((result(made("sifted", low=0.0, high=1.0, cutoff=1)) - NEGATIVE) / SCALE)
    whole = torch.fft.fft2(POSITIVE - NEGATIVE)
    assert found[..., 0, 0].abs().max() < 1e-4
    torch.testing.assert_close(found[..., 2:-1, 2:-1], whole[..., 2:-1, 2:-1], atol=1e-3, rtol=1e-3)
    # As in the reference the low ones reach one further down than up, of which a real picture sees the half.
    torch.testing.assert_close(found[..., 0, 1], whole[..., 0, 1] / 2, atol=1e-3, rtol=1e-3)


def test_a_cutoff_beyond_all_frequencies_scales_them_all() -> None:
    found = result(made("sifted", low=2.0, high=9.0, cutoff=1000))
    torch.testing.assert_close(found, NEGATIVE + (POSITIVE - NEGATIVE) * SCALE * 2, atol=1e-3, rtol=1e-3)


def test_an_operation_is_done_to_guidance() -> None:
    settings = {"operation": "sharpen", "radius": 2, "sigma": 1.0, "strength": 0.5}
    sharpen = Sharpen(2, 1.0, 0.5)
    expected = NEGATIVE + sharpen(latent=POSITIVE - NEGATIVE) * SCALE
    torch.testing.assert_close(result(made("operated", **settings)), expected, atol=1e-4, rtol=1e-4)
    alone = result(made("operated", **settings), scale=1.0, negative=False)
    assert torch.equal(alone, sharpen(latent=POSITIVE))


def test_self_attention_guidance_goes_away_from_what_is_seen_in_a_blur() -> None:
    found = result(made("self-attending", amount=0.5, blur=2.0))
    mask = (
        (torch.linspace(0, 2, 16).reshape(4, 4) > 1).float().repeat_interleave(2, 0).repeat_interleave(2, 1)
    )
    line = torch.exp(-(torch.arange(-4, 5.0) ** 2) / 8)
    kernel = (line[:, None] * line / line.sum() ** 2).expand(4, 1, 9, 9)
    mirrored = torch.nn.functional.pad(NEGATIVE, (4,) * 4, mode="reflect")
    blurred = torch.nn.functional.conv2d(mirrored, kernel, groups=4)
    degraded = blurred * mask + NEGATIVE * (1 - mask)
    expected = PLAIN + (degraded - (SEEN + degraded + X - NEGATIVE)) * 0.5
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_without_a_negative_prompt_there_is_nothing_to_blur_or_to_weigh() -> None:
    for name, settings in (("biased", {}), ("self-attending", {"amount": 1.0, "blur": 2.0})):
        assert torch.equal(result(made(name, **settings), scale=1.0, negative=False), POSITIVE)


def test_where_a_real_network_looks_adds_up_to_all_who_look(emoji: Checkpoint) -> None:
    prompt = [[torch.randn(1, 24, 128, generator=torch.Generator().manual_seed(1)), {}]]
    with lend(emoji.model, PLAN) as network, torch.no_grad():
        x = torch.randn(2, 4, 8, 12, generator=torch.Generator().manual_seed(2))
        sides = {"positive": prepare(network, x, {"positive": prompt})[0]}
        denoiser = Denoiser(network)
        with denoiser.attending() as seen:
            denoiser(x, 2.0, [sides["positive"]])
        guess = Guided(denoiser, sides)._guess(x, 2.0, ("positive",))
        assert torch.equal(guess.looked("positive"), seen[0])
    assert seen[0].shape == (2, 4, 6)
    torch.testing.assert_close(seen[0].sum((1, 2)), torch.full((2,), 24.0))
    assert seen[0].std() > 0.01


def test_self_attention_guidance_runs_on_the_shipped_model(emoji: Checkpoint) -> None:
    prompts = torch.randn(2, 1, 24, 128, generator=torch.Generator().manual_seed(1))
    positive, negative = ([[prompt, {}]] for prompt in prompts)
    empty = {"samples": torch.zeros(1, 4, 8, 8)}
    how: dict[str, Any] = {"seed": 1, "steps": 2, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal"}
    plain, off, on = (
        sample(model, empty, positive, negative, plan=PLAN, **how)["samples"]
        for model in (
            emoji.model,
            guided(emoji.model, "self-attending", amount=0.0, blur=2.0),
            guided(emoji.model, "self-attending", amount=0.75, blur=2.0),
        )
    )
    assert torch.equal(plain, off)
    assert 0 < float((on - plain).abs().max()) < math.inf


def test_an_operation_of_a_plugin_is_refused() -> None:
    from safelight.diffusion.correction import described

    assert described(Sharpen(3, 1.0, 0.2)) == {
        "operation": "sharpen",
        "radius": 3,
        "sigma": 1.0,
        "strength": 0.2,
    }
    with pytest.raises(UnsupportedError, match="cannot be done to guidance"):
        described(object())
