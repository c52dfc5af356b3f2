"""Two runs have the same digest of guidance at a level just when the model is asked alike there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from safelight.diffusion.control import Control
from safelight.diffusion.entry import Area, Entry
from safelight.diffusion.guidance import ClassifierFree, Dual, Layer
from safelight.diffusion.handle import ControlNetHandle, Source
from safelight.diffusion.layer import layer
from safelight.diffusion.sigma import DiscreteSampling
from safelight.diffusion.voice import Voices

MODEL = DiscreteSampling.scaled_linear()
HIGH, LOW = 10.0, 0.5


def entry(seed: int = 0, **more: Any) -> Entry:
    random = torch.Generator().manual_seed(seed)
    return Entry(torch.randn(1, 77, 8, generator=random), {"y": torch.zeros(1, 4)}, (8, 8), **more)


def control(seed: int = 0, name: str = "net", **more: Any) -> Control:
    handle = ControlNetHandle(Source("", name, "controlnet", "diffusers", "control_net"))
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(seed))
    return Control(handle, picture, **({"strength": 1.0} | more))


def voices(
    *positive: Entry,
    negative: Entry | None = None,
    cfg: float = 4.0,
    layers: list[dict[str, Any]] | None = None,
) -> Voices:
    made = tuple(layer(settings, MODEL) for settings in layers or [])
    sides = {"positive": positive, "negative": (negative or entry(9),)}
    return Voices("cfg", ClassifierFree(cfg, made), layers or [], sides)


def same(one: Voices, other: Voices, *levels: float) -> bool:
    return one.digest(levels) == other.digest(levels)


def test_equal_guidance_has_equal_digests_at_equal_levels() -> None:
    assert same(voices(entry()), voices(entry()), HIGH, LOW)
    assert voices(entry()).digest([HIGH]) != voices(entry()).digest([LOW])


@pytest.mark.parametrize(
    "other",
    [
        entry(1),
        replace(entry(), extras={}),
        replace(entry(), strength=0.5),
        replace(entry(), area=Area(4, 8, 0, 0)),
        replace(entry(), area=Area(4, 8, 4, 0)),
        replace(entry(), mask=torch.ones(1, 8, 8)),
        replace(entry(), controls=(control(),)),
    ],
)
def test_whatever_an_entry_says_counts_while_it_speaks(other: Entry) -> None:
    assert not same(voices(entry()), voices(other), HIGH)
    first, last = entry(5, end=5.0), replace(other, start=5.0)
    assert same(voices(first, replace(entry(), start=5.0)), voices(first, last), HIGH)
    assert not same(voices(first, replace(entry(), start=5.0)), voices(first, last), LOW)


def test_when_an_entry_speaks_counts_only_where_that_differs() -> None:
    assert same(voices(entry(start=9.0)), voices(entry(start=8.0)), LOW)
    assert not same(voices(entry(start=9.0)), voices(entry(start=8.0)), 8.5)


def test_the_order_of_entries_counts() -> None:
    assert not same(voices(entry(1), entry(2)), voices(entry(2), entry(1)), HIGH)


def test_the_negative_side_counts() -> None:
    assert not same(voices(entry(), negative=entry(1)), voices(entry(), negative=entry(2)), HIGH)


@pytest.mark.parametrize("other", [control(1), control(name="other"), control(strength=0.5)])
def test_a_control_counts_while_it_steers(other: Control) -> None:
    one, other = replace(control(), start=5.0), replace(other, start=5.0)
    assert same(voices(entry(controls=(one,))), voices(entry(controls=(other,))), HIGH)
    assert not same(voices(entry(controls=(one,))), voices(entry(controls=(other,))), LOW)


def test_entries_that_share_silent_controls_are_told_from_those_that_do_not() -> None:
    """They share a call of the model, in which sums may be rounded otherwise."""
    one, other = replace(control(), start=5.0), replace(control(), start=5.0)
    shared = voices(entry(1, controls=(one,)), negative=entry(2, controls=(one,)))
    apart = voices(entry(1, controls=(one,)), negative=entry(2, controls=(other,)))
    assert not same(shared, apart, HIGH)


OVERRIDE = {"layer": "override", "cfg": 2.0, "start": 0.5, "end": 1.0}
PERTURBED = {"layer": "perturbed", "amount": 3.0, "perturbation": "identity", "start": 0.0, "end": 0.5}


def test_a_layer_counts_where_it_acts() -> None:
    assert same(voices(entry()), voices(entry(), layers=[OVERRIDE]), HIGH)
    assert not same(voices(entry()), voices(entry(), layers=[OVERRIDE]), LOW)
    assert not same(voices(entry()), voices(entry(), layers=[PERTURBED]), HIGH)
    assert same(voices(entry()), voices(entry(), layers=[PERTURBED]), LOW)
    assert not same(voices(entry()), voices(entry(), layers=[{"layer": "zero star"}]), HIGH, LOW)


def test_the_end_of_a_layers_range_counts_only_between_the_two() -> None:
    shorter = voices(entry(), layers=[OVERRIDE | {"end": 0.9}])
    assert same(voices(entry(), layers=[OVERRIDE]), shorter, HIGH, LOW)
    assert not same(voices(entry(), layers=[OVERRIDE]), shorter, 0.05)


def test_the_range_of_a_layer_that_does_not_say_when_it_acts_counts() -> None:
    class Silent(Layer):
        """It acts as it likes."""

    def made(start: float) -> Voices:
        settings = [{"layer": "silent", "start": start}]
        return Voices("cfg", ClassifierFree(4.0, (Silent(),)), settings, {"positive": (entry(),)})

    assert not same(made(0.1), made(0.2), HIGH)


def test_a_scale_that_is_overridden_does_not_count() -> None:
    assert same(voices(entry(), layers=[OVERRIDE]), voices(entry(), layers=[OVERRIDE], cfg=9.0), LOW)
    assert not same(voices(entry(), layers=[OVERRIDE]), voices(entry(), layers=[OVERRIDE], cfg=9.0), HIGH)


def test_the_style_and_the_numbers_of_a_rule_count() -> None:
    sides = {"positive": (entry(),), "middle": (entry(1),), "negative": (entry(2),)}
    made = [
        Voices(style, Dual(*scales), [], sides).digest([HIGH])
        for style in ("dual", "dual nested")
        for scales in ((2.0, 3.0), (2.5, 3.0), (2.0, 3.5))
    ]
    assert len(set(made)) == 6


def test_the_cast_changes_where_someone_else_acts() -> None:
    one = voices(entry(end=5.0), entry(1, start=2.0), layers=[OVERRIDE])
    assert one.cast(HIGH) == one.cast(6.0) != one.cast(3.0) != one.cast(LOW)


@pytest.mark.parametrize("settings", [OVERRIDE, PERTURBED])
@pytest.mark.parametrize("sigma", [20.0, 5.0, 1.0, 0.05])
def test_a_layer_that_does_not_act_changes_nothing(settings: dict[str, Any], sigma: float) -> None:
    made: Layer = layer(settings, MODEL)
    if made.acts(sigma):
        return
    x0 = torch.ones(1)
    guess: Any = type("Guess", (), {"sigma": sigma, "said": {}})()
    assert made.scale(sigma, 7.0) == 7.0
    assert made.before(guess, 7.0) is guess.said
    assert made.blend(guess, x0, x0, 7.0) is None
    assert made.after(guess, x0, 7.0) is x0
