"""Nodes that take a curve."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from nodes.image.adjustments.tone_curve import tone_curve
from nodes.types import STRAIGHT
from nodes.utilities.curve import curve
from safelight import BadInput

LIFTED = {"points": [[0.0, 0.5], [1.0, 1.0]], "interpolation": "linear"}


def test_a_curve_is_handed_on_as_it_was_drawn() -> None:
    assert curve(curve=LIFTED) == LIFTED


def test_a_straight_curve_changes_no_picture_and_another_lifts_the_shadows() -> None:
    image = torch.rand(1, 3, 4, 3)
    assert torch.allclose(tone_curve(image=image, curve=STRAIGHT), image, atol=1e-6)
    assert torch.allclose(tone_curve(image=image, curve=LIFTED), image / 2 + 0.5, atol=1e-6)


@pytest.mark.parametrize("node", [curve, lambda **given: tone_curve(image=torch.zeros(1, 2, 2, 3), **given)])
def test_what_is_no_curve_is_named(node: Any) -> None:
    with pytest.raises(BadInput, match="no curve"):
        node(curve="a line")
