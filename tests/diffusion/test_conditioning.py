from __future__ import annotations

import pytest
import torch

from safelight.diffusion import conditioning
from safelight.diffusion.failure import UnsupportedError


def prompt(value: float, tokens: int = 77, pooled: float | None = None) -> list:
    options = {} if pooled is None else {"pooled_output": torch.full((1, 8), float(pooled))}
    return [[torch.full((1, tokens, 16), float(value)), options]]


def test_combining_keeps_both_apart() -> None:
    both = conditioning.combine(prompt(1), prompt(2))
    assert [float(tensor.mean()) for tensor, _ in both] == [1.0, 2.0]


def test_concatenating_makes_one_longer_prompt_of_each_entry() -> None:
    longer = conditioning.concat(conditioning.combine(prompt(1), prompt(2)), prompt(3, 154))
    assert [tuple(tensor.shape) for tensor, _ in longer] == [(1, 231, 16)] * 2
    assert float(longer[1][0][0, 0, 0]) == 2.0
    assert float(longer[1][0][0, 77, 0]) == 3.0


def test_averaging_mixes_tokens_and_pooled_vectors() -> None:
    [[tensor, options]] = conditioning.average(prompt(1, pooled=1), prompt(3, pooled=5), 0.25)
    torch.testing.assert_close(tensor, torch.full((1, 77, 16), 2.5))
    torch.testing.assert_close(options["pooled_output"], torch.full((1, 8), 4.0))


def test_averaging_counts_missing_tokens_as_zeros_and_drops_those_too_many() -> None:
    [[tensor, _]] = conditioning.average(prompt(1, 154), prompt(3), 0.5)
    assert [float(tensor[0, token, 0]) for token in (0, 76, 77, 153)] == [2.0, 2.0, 0.5, 0.5]
    [[tensor, _]] = conditioning.average(prompt(1), prompt(3, 154), 0.5)
    assert tensor.shape[1] == 77


def test_averaging_takes_over_a_pooled_vector_that_is_missing_and_keeps_one_that_is_alone() -> None:
    [[_, options]] = conditioning.average(prompt(1), prompt(3, pooled=5), 0.5)
    assert float(options["pooled_output"].mean()) == 5.0
    [[_, options]] = conditioning.average(prompt(1, pooled=2), prompt(3), 0.5)
    assert float(options["pooled_output"].mean()) == 2.0


def test_zeroing_out_keeps_the_shapes_and_the_other_options() -> None:
    [[tensor, options]] = conditioning.zero_out(conditioning.set_strength(prompt(1, pooled=2), 0.5))
    assert tensor.shape == (1, 77, 16)
    assert not tensor.any()
    assert not options["pooled_output"].any()
    assert options["strength"] == 0.5


def test_areas_are_kept_in_cells_or_as_parts() -> None:
    [[_, options]] = conditioning.set_area(prompt(1), width=64, height=128, x=8, y=16, strength=0.7)
    assert (options["area"], options["strength"]) == ((16, 8, 2, 1), 0.7)
    [[_, options]] = conditioning.set_area_percent(
        prompt(1), width=0.5, height=0.25, x=0.1, y=0.2, strength=1
    )
    assert options["area"] == ("percentage", 0.25, 0.5, 0.2, 0.1)


def test_a_mask_is_kept_as_a_batch_and_replaces_an_area_only_if_its_bounds_are_asked_for() -> None:
    [[_, options]] = conditioning.set_mask(prompt(1), torch.ones(64, 64), 0.5)
    assert tuple(options["mask"].shape) == (1, 64, 64)
    assert options["mask_strength"] == 0.5
    assert options["set_area_to_bounds"] is False
    [[_, options]] = conditioning.set_mask(prompt(1), torch.ones(2, 64, 64), 1.0, "mask bounds")
    assert options["set_area_to_bounds"] is True


def test_nothing_that_was_given_is_changed() -> None:
    given = prompt(1, pooled=2)
    conditioning.set_timestep_range(given, 0.2, 0.8)
    conditioning.zero_out(given)
    conditioning.average(given, prompt(0, pooled=0), 0.5)
    assert set(given[0][1]) == {"pooled_output"}
    assert float(given[0][0].mean()) == 1.0
    assert float(given[0][1]["pooled_output"].mean()) == 2.0


@pytest.mark.parametrize("join", [conditioning.concat, lambda a, b: conditioning.average(a, b, 0.5)])
def test_an_empty_source_is_told(join) -> None:
    with pytest.raises(UnsupportedError, match="no entries"):
        join(prompt(1), [])


def test_multiplying_scales_the_tokens_and_the_pooled_text_and_nothing_else() -> None:
    tensor, pooled, mask = torch.ones(1, 3, 4), torch.ones(1, 4), torch.ones(1, 8, 8)
    given = [[tensor, {"pooled_output": pooled, "mask": mask}], [tensor, {}]]
    (first, options), (second, rest) = conditioning.multiplied(given, 2.5)
    assert torch.equal(first, tensor * 2.5)
    assert torch.equal(options["pooled_output"], pooled * 2.5)
    assert options["mask"] is mask
    assert (rest, float(second.sum())) == ({}, 30.0)
    assert float(tensor.sum()) == 12.0
