"""Batches repeated, cut and regrouped."""

from __future__ import annotations

import pytest
import torch

from safelight.diffusion import batch


def counting(count: int, width: int = 1) -> torch.Tensor:
    return torch.arange(count).reshape(-1, 1).repeat(1, width)


@pytest.mark.parametrize(("count", "numbers"), [(1, [0]), (3, [0, 1, 2]), (7, [0, 1, 2, 0, 1, 2, 0])])
def test_a_batch_is_repeated_or_cut(count: int, numbers: list[int]) -> None:
    assert batch.repeated(counting(3), count).flatten().tolist() == numbers


def test_the_longest_batch_decides() -> None:
    assert [len(one) for one in batch.alike(counting(1), counting(4), counting(3))] == [4, 4, 4]


@pytest.mark.parametrize(
    ("start", "count", "numbers"),
    [(0, 1, [0]), (3, 9, [3, 4]), (9, 1, [4]), (-1, 5, [4]), (-5, 2, [0, 1]), (-99, 1, [0])],
)
def test_a_span_stays_within_the_batch(start: int, count: int, numbers: list[int]) -> None:
    assert list(range(5))[batch.span(5, start, count)] == numbers


def test_items_are_grouped_anew() -> None:
    groups = list(batch.regrouped([counting(3), counting(2)], 2))
    assert [group.flatten().tolist() for group in groups] == [[0, 1], [2, 0], [1]]


def test_another_shape_begins_a_new_group() -> None:
    groups = list(batch.regrouped([counting(1), counting(2, width=5), counting(1)], 4))
    assert [tuple(group.shape) for group in groups] == [(1, 1), (2, 5), (1, 1)]


def test_a_seed_fixes_the_order() -> None:
    order = batch.shuffled(6, 42)
    assert sorted(order) == list(range(6))
    assert order == batch.shuffled(6, 42) != batch.shuffled(6, 43)
    assert len(batch.shuffled(3, 2**64 - 1)) == 3
