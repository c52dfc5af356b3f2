"""Several latents in one value, with their noise and their masks."""

from __future__ import annotations

import torch

from safelight.diffusion import stack
from safelight.diffusion.latent import Latent


def numbered(count: int, edge: int = 2, **rest: object) -> Latent:
    samples = torch.arange(count).float()[:, None, None, None].repeat(1, 4, edge, edge)
    return {"samples": samples, **rest}


def numbers(latent: Latent) -> list[int]:
    return [int(number) for number in latent["samples"][:, 0, 0, 0]]


def masks(count: int) -> torch.Tensor:
    return torch.arange(count).float()[:, None, None, None].repeat(1, 1, 8, 8)


def test_what_is_taken_keeps_its_noise_and_its_mask() -> None:
    part = stack.taken(numbered(4, noise_mask=masks(2)), 1, 2)
    assert numbers(part) == [1, 2]
    assert part["batch_index"] == [1, 2]
    assert part["noise_mask"][:, 0, 0, 0].tolist() == [1, 0], "masks repeat over the batch"
    again = stack.taken(part, -1, 5)
    assert (numbers(again), again["batch_index"]) == ([2], [2])
    assert stack.taken(numbered(4, noise_mask=masks(1)), 3, 1)["noise_mask"].shape == (1, 1, 8, 8)


def test_repeats_get_other_noise() -> None:
    more = stack.repeated(numbered(2, batch_index=[5, 6], noise_mask=masks(2)), 3)
    assert numbers(more) == [0, 1] * 3
    assert more["batch_index"] == [5, 6, 7, 8, 9, 10]
    assert more["noise_mask"][:, 0, 0, 0].tolist() == [0, 1] * 3
    assert "batch_index" not in stack.repeated(numbered(2), 2)


def test_joined_batches_are_brought_to_one_size() -> None:
    both = stack.joined(numbered(2), numbered(1, edge=8, batch_index=[7]))
    assert both["samples"].shape == (3, 4, 2, 2)
    assert both["batch_index"] == [0, 1, 7]


def test_noise_is_the_same_or_of_its_own() -> None:
    assert stack.seeded(numbered(3, batch_index=[4, 5, 6]), "fixed")["batch_index"] == [4, 4, 4]
    assert stack.seeded(numbered(3), "fixed")["batch_index"] == [0, 0, 0]
    assert "batch_index" not in stack.seeded(numbered(3, batch_index=[4, 5, 6]), "random")


def test_latents_are_grouped_anew_and_numbered_through() -> None:
    groups = list(stack.regrouped([numbered(3), numbered(2, noise_mask=masks(1))], 2))
    assert [numbers(one) for one in groups] == [[0, 1], [2, 0], [1]]
    assert [one["batch_index"] for one in groups] == [[0, 1], [2, 3], [4]]
    assert "noise_mask" not in groups[0]
    assert groups[1]["noise_mask"][:, 0, 0, 0].tolist() == [1, 0], "where there is none, all is made anew"


def test_another_size_begins_a_new_group() -> None:
    groups = list(stack.regrouped([numbered(1), numbered(1, edge=4)], 8))
    assert [one["samples"].shape[-1] for one in groups] == [2, 4]
