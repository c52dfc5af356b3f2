"""A value in one line."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from safelight import Blocked
from safelight.cli.summary import summary
from safelight.diffusion.handle import Source, VaeHandle


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor([[0.25, 1.0]]), "float32 [1 x 2] from 0.25 to 1"),
        (torch.zeros(0, 3), "float32 [0 x 3]"),
        ({"samples": torch.ones(1, 4)}, "samples: float32 [1 x 4] from 1 to 1"),
        ({}, "nothing"),
        ("a text", "a text"),
        (7, "7"),
        ([1, 2, 3, 4, 5], "(1; 2; 3; and 2 more)"),
        ([], "nothing"),
        (Blocked("no VAE"), "blocked: no VAE"),
        (
            VaeHandle(Source("/models/sd.safetensors", "ab", "sd15", "original", "vae")),
            "the vae of sd.safetensors (sd15)",
        ),
    ],
)
def test_a_value_is_summed_up(value: Any, text: str) -> None:
    assert summary(value) == text
