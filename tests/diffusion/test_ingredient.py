"""SAMPLER, NOISE and GUIDER values."""

from __future__ import annotations

import pytest
import torch

from bench import standin
from safelight.diffusion.ingredient import GuiderHandle, NoiseHandle, SamplerHandle
from safelight.diffusion.overlay import guided

PROMPT = [[torch.ones(1, 77, 768), {"pooled_output": torch.zeros(1, 8), "area": (1, 2, 3, 4)}]]
GUIDER = GuiderHandle("cfg", standin.HANDLE, {"positive": PROMPT, "negative": PROMPT}, (("cfg", 7.0),))
INGREDIENTS = [
    SamplerHandle.of("dpmpp_2m_sde", solver_type="heun", eta=0.5),
    NoiseHandle(2**64 - 1),
    NoiseHandle(0, none=True),
    GUIDER,
]


@pytest.mark.parametrize("ingredient", INGREDIENTS, ids=lambda one: one.kind)
def test_an_ingredient_comes_back_from_its_tree(ingredient: object) -> None:
    again = type(ingredient).from_tree(ingredient.to_tree())
    assert again == ingredient
    assert again.key == ingredient.key
    assert hash(again) == hash(ingredient)


def test_whatever_changes_a_result_changes_the_key() -> None:
    others = [
        SamplerHandle("dpmpp_2m_sde"),
        SamplerHandle.of("dpmpp_2m_sde", solver_type="heun", eta=0.6),
        NoiseHandle(1),
        GuiderHandle("cfg", standin.HANDLE, GUIDER.sides, (("cfg", 6.0),)),
        GuiderHandle("basic", standin.HANDLE, {"positive": PROMPT}),
        GuiderHandle("cfg", guided(standin.HANDLE, "zero star"), GUIDER.sides, GUIDER.settings),
        GuiderHandle(
            "cfg", standin.HANDLE, {"positive": PROMPT, "negative": [[-PROMPT[0][0], {}]]}, GUIDER.settings
        ),
    ]
    assert len({one.key for one in [*INGREDIENTS, *others]}) == len(INGREDIENTS) + len(others)
