"""Layers of guidance: exact when they are neutral, and their formulas when they are not."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from bench import standin
from bench.standin import StandIn
from safelight.diffusion.checkpoint import Checkpoint
from safelight.diffusion.denoiser import Denoiser
from safelight.diffusion.entry import prepare
from safelight.diffusion.failure import UnsupportedError
from safelight.diffusion.guidance import ClassifierFree, Dual, Guess, Guided, Layer, Perpendicular
from safelight.diffusion.layer import Course, Overridden, Perturbed, Projected, Rescaled, ZeroStar, layer
from safelight.diffusion.overlay import guided
from safelight.diffusion.perturbation import perturbed
from safelight.diffusion.plan import Plan
from safelight.diffusion.residency import lend
from safelight.diffusion.sampling import sample

PLAN = Plan(threads=1)
MODEL = StandIn.sampling
X, POSITIVE, NEGATIVE, EMPTY = torch.randn(4, 2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
SCALE = 7.0


def guess(sigma: float = 2.0, **said: Tensor) -> Guess:
    def ask(side: str, perturbation: str) -> Tensor:
        assert (side, perturbation) == ("positive", "identity")
        return EMPTY

    return Guess(X, sigma, {"positive": POSITIVE, "negative": NEGATIVE, **said}, ask)


def plain(scale: float = SCALE) -> Tensor:
    return ClassifierFree(scale)(guess())


NEUTRAL = {
    "rescale": {"multiplier": 0.0},
    "perturbed": {"amount": 0.0, "perturbation": "identity", "start": 0.0, "end": 1.0},
    "override": {"cfg": 1.0, "start": 0.9, "end": 1.0},
    "course": {"last": SCALE, "bend": 2.0},
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_a_layer_of_neutral_strength_changes_no_bit(name: str) -> None:
    neutral = layer({"layer": name, **NEUTRAL[name]}, MODEL)
    assert torch.equal(ClassifierFree(SCALE, (neutral,))(guess()), plain())


@pytest.mark.parametrize("correction", [ZeroStar(), Rescaled(0.7)])
def test_a_correction_of_guidance_leaves_unguided_steps_as_they_are(correction: Layer) -> None:
    alone = Guess(X, 2.0, {"positive": POSITIVE}, lambda *_: EMPTY)
    assert torch.equal(ClassifierFree(1.0, (correction,))(alone), POSITIVE)


def test_rescaling_gives_velocities_the_spread_of_the_positive_prediction() -> None:
    def velocity(x0: Tensor) -> Tensor:
        return (X / 5.0 - x0) * 5.0**0.5 / 2.0

    result = ClassifierFree(SCALE, (Rescaled(1.0),))(guess())
    spreads = [velocity(one).std(dim=(1, 2, 3)) for one in (result, POSITIVE, plain())]
    torch.testing.assert_close(spreads[0], spreads[1])
    assert bool((spreads[2] > spreads[1]).all())


def test_zero_star_guides_from_the_negative_scaled_to_fit_best() -> None:
    wanted, other = (X - POSITIVE).flatten(1), (X - NEGATIVE).flatten(1)
    best = ((wanted * other).sum(1) / (other**2).sum(1)).reshape(-1, 1, 1, 1)
    scaled = NEGATIVE * best
    result = ClassifierFree(SCALE, (ZeroStar(),))(guess())
    torch.testing.assert_close(result, scaled + (POSITIVE - scaled) * SCALE, rtol=1e-4, atol=1e-4)


def test_projected_guidance_without_the_parallel_part_is_perpendicular_to_the_prediction() -> None:
    result = ClassifierFree(SCALE, (Projected(0.0, 0.0, 0.0),))(guess())
    change = (result - POSITIVE).double()
    along = (change * POSITIVE).sum(dim=(1, 2, 3)) / (change.norm() * POSITIVE.norm())
    assert float(along.abs().max()) < 1e-6
    assert float(change.norm()) > 1.0


def test_projected_guidance_is_no_longer_than_its_limit() -> None:
    result = ClassifierFree(SCALE, (Projected(1.0, 0.5, 0.0),))(guess())
    lengths = (result - POSITIVE).flatten(1).norm(dim=1)
    assert lengths.tolist() == pytest.approx([0.5 * SCALE] * 2, rel=1e-4)


def test_projected_guidance_at_neutral_settings_is_plain_guidance_with_one_more() -> None:
    result = ClassifierFree(SCALE, (Projected(1.0, 0.0, 0.0),))(guess())
    torch.testing.assert_close(result, plain(SCALE + 1.0), rtol=1e-4, atol=1e-4)


def test_momentum_adds_the_guidance_before_until_another_run_begins() -> None:
    rule = ClassifierFree(SCALE, (Projected(1.0, 0.0, 0.5),))
    first, second, afresh = rule(guess(2.0)), rule(guess(1.0)), rule(guess(2.0))
    torch.testing.assert_close(second - POSITIVE, 1.5 * (first - POSITIVE), rtol=1e-4, atol=1e-4)
    assert torch.equal(first, afresh)
    assert rule.layers[0].remembers


def test_perturbed_guidance_goes_away_from_the_perturbed_prediction_in_its_range() -> None:
    rule = ClassifierFree(SCALE, (Perturbed(3.0, "identity", start=4.0, end=1.0),))
    torch.testing.assert_close(rule(guess(2.0)), plain() + 3.0 * (POSITIVE - EMPTY))
    assert torch.equal(rule(guess(0.5)), plain())


def test_an_override_of_one_saves_the_negative_prediction_in_its_range() -> None:
    rule = ClassifierFree(SCALE, (Overridden(1.0, 4.0, 1.0),))
    assert rule.sides(2.0) == ("positive",)
    assert rule.sides(0.5) == ("positive", "negative")
    assert torch.equal(rule(guess(2.0)), POSITIVE)


def test_a_course_leads_from_one_scale_to_the_other() -> None:
    course = layer({"layer": "course", "last": 1.0, "bend": 1.0}, MODEL)
    assert isinstance(course, Course)
    assert course.scale(MODEL.sigma_max, SCALE) == SCALE
    assert course.scale(MODEL.sigma(499.5), SCALE) == pytest.approx(4.0, abs=0.01)
    assert course.scale(MODEL.sigma_min, SCALE) == 1.0


def test_layers_add_up() -> None:
    both = (Perturbed(1.0, "identity"), Perturbed(2.0, "identity"))
    torch.testing.assert_close(
        ClassifierFree(SCALE, both)(guess()), ClassifierFree(SCALE, (Perturbed(3.0, "identity"),))(guess())
    )


def test_two_prompts_are_guided_one_by_the_other() -> None:
    three = guess(middle=EMPTY)
    regular = NEGATIVE + (EMPTY - NEGATIVE) * 2.0 + (POSITIVE - EMPTY) * 3.0
    torch.testing.assert_close(Dual(3.0, 2.0)(three), regular)
    inner = EMPTY + (POSITIVE - EMPTY) * 3.0
    torch.testing.assert_close(Dual(3.0, 2.0, nested=True)(three), NEGATIVE + (inner - NEGATIVE) * 2.0)
    assert Dual(1.0, 1.0).sides(2.0) == ("positive",)
    assert Dual(3.0, 1.0).sides(2.0) == ("positive", "middle")


def test_of_a_negative_prompt_that_says_the_same_nothing_is_left() -> None:
    same = Guess(X, 2.0, {"positive": POSITIVE, "negative": POSITIVE, "empty": EMPTY}, lambda *_: EMPTY)
    torch.testing.assert_close(
        Perpendicular(SCALE, 1.0)(same), EMPTY + (POSITIVE - EMPTY) * SCALE, rtol=1e-4, atol=1e-4
    )


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="sharpness"):
        layer({"layer": "sharpness"}, MODEL)


@pytest.mark.parametrize("kind", ["identity", "skip"])
def test_a_perturbed_unet_says_something_else_and_then_the_same_again(emoji: Checkpoint, kind: str) -> None:
    context = torch.randn(1, 24, 128, generator=torch.Generator().manual_seed(1))
    with lend(emoji.model, PLAN) as network:
        before = network(X[:1], torch.tensor([500.0]), context)
        with perturbed(network, kind):
            other = network(X[:1], torch.tensor([500.0]), context)
        after = network(X[:1], torch.tensor([500.0]), context)
    assert torch.equal(before, after)
    assert not torch.allclose(before, other)
    assert bool(other.isfinite().all())


def test_a_network_without_a_middle_cannot_be_perturbed() -> None:
    with pytest.raises(UnsupportedError, match="middle"), perturbed(StandIn(), "identity"):
        pass


def test_a_denoiser_is_asked_for_perturbed_predictions(emoji: Checkpoint) -> None:
    prompt = [[torch.randn(1, 24, 128, generator=torch.Generator().manual_seed(1)), {}]]
    with lend(emoji.model, PLAN) as network, torch.no_grad():
        sides = {"positive": prepare(network, X, {"positive": prompt})[0]}
        denoiser = Denoiser(network)
        alone = Guided(denoiser, sides)(X, 2.0)
        blind = denoiser(X, 2.0, [sides["positive"]], "identity")[0]
        result = Guided(denoiser, sides, ClassifierFree(1.0, (Perturbed(3.0, "identity"),)))(X, 2.0)
    torch.testing.assert_close(result, alone + 3.0 * (alone - blind))


def test_layers_of_a_model_reach_its_sampling() -> None:
    def drawn(model: object) -> Tensor:
        prompts = [[[torch.full((1, 77, 768), value), {}]] for value in (1.0, -1.0)]
        return sample(
            model, {"samples": torch.zeros(1, 4, 8, 8)}, *prompts,
            seed=1, steps=3, cfg=5.0, sampler_name="euler", scheduler="normal", plan=PLAN,
        )["samples"]  # fmt: skip

    neutral = guided(standin.HANDLE, "rescale", multiplier=0.0)
    assert torch.equal(drawn(neutral), drawn(standin.HANDLE))
    assert not torch.equal(drawn(guided(standin.HANDLE, "rescale", multiplier=0.7)), drawn(standin.HANDLE))
    assert neutral.weights_key == standin.HANDLE.weights_key
