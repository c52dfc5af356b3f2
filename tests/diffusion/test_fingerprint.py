from __future__ import annotations

import pytest
import torch

from safelight.diffusion.fingerprint import fingerprint


def test_fingerprints_tell_kinds_shapes_and_nesting_apart() -> None:
    values = [
        None,
        0,
        0.0,
        False,
        "0",
        [0],
        [[0]],
        [0, 0],
        {"a": 0},
        {"b": 0},
        {0: 0},
        torch.zeros(4),
        torch.zeros(2, 2),
        torch.zeros(4, dtype=torch.float64),
        torch.zeros(4, dtype=torch.bfloat16),
        torch.ones(4),
        torch.zeros(()),
    ]
    assert len({fingerprint(value) for value in values}) == len(values)


def test_fingerprints_do_not_see_the_order_of_a_mapping_or_the_layout_of_a_tensor() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    square = torch.arange(4).reshape(2, 2)
    assert fingerprint(square.t()) == fingerprint(square.t().contiguous())


def test_what_has_a_key_is_known_by_it_and_other_objects_are_refused() -> None:
    class Handle:
        key = "abc"

    assert fingerprint(Handle()) == fingerprint(Handle())
    with pytest.raises(TypeError, match="object"):
        fingerprint([object()])
