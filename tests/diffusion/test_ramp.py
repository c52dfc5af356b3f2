"""Guidance that differs from picture to picture, against the formula written out for each."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from bench.standin import StandIn
from safelight.diffusion.guidance import ClassifierFree, Guess, Layer
from safelight.diffusion.layer import layer

X, POSITIVE, NEGATIVE = torch.randn(3, 5, 4, 8, 8, generator=torch.Generator().manual_seed(0))


def made(least: float, returns: bool = False) -> Layer:
    return layer({"layer": "ramp", "least": least, "returns": returns}, StandIn.sampling)


def result(scale: float, *layers: Layer, rows: int = 5) -> Tensor:
    said = {"positive": POSITIVE[:rows], "negative": NEGATIVE[:rows]}
    return ClassifierFree(scale, layers)(Guess(X[:rows], 2.0, said, lambda *_: X))


def each(*scales: float) -> Tensor:
    """Plain guidance, each picture with a scale of its own."""
    return torch.stack([n + (p - n) * s for p, n, s in zip(POSITIVE, NEGATIVE, scales, strict=False)])


@pytest.mark.parametrize("returns", [False, True])
def test_the_same_guidance_at_both_ends_is_plain_guidance_bit_for_bit(returns: bool) -> None:
    assert torch.equal(result(7.0, made(7.0, returns)), result(7.0))


def test_guidance_rises_over_the_batch() -> None:
    torch.testing.assert_close(result(9.0, made(1.0)), each(1.0, 3.0, 5.0, 7.0, 9.0))


def test_guidance_rises_and_falls_over_the_batch() -> None:
    torch.testing.assert_close(result(5.0, made(1.0, returns=True)), each(1.0, 3.0, 5.0, 3.0, 1.0))
    torch.testing.assert_close(result(4.0, made(1.0, returns=True), rows=4), each(1.0, 3.0, 3.0, 1.0))


def test_a_picture_alone_is_the_first() -> None:
    torch.testing.assert_close(result(9.0, made(2.0), rows=1), each(2.0))


def test_a_guidance_of_one_still_asks_the_negative_prompt_for_the_other_pictures() -> None:
    rule = ClassifierFree(1.0, (made(3.0),))
    assert rule.sides(2.0) == ("positive", "negative")
    assert ClassifierFree(1.0, (made(1.0),)).sides(2.0) == ("positive",)
    torch.testing.assert_close(result(1.0, made(3.0)), each(3.0, 2.5, 2.0, 1.5, 1.0))
