"""Token merging: what is merged is the most similar, and everything comes back to its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from safelight.diffusion import checkpoint, residency, tome
from safelight.diffusion.handle import ModelHandle
from safelight.diffusion.plan import Plan


@pytest.fixture(scope="module")
def model(original: Callable[[str], Path]) -> ModelHandle:
    return checkpoint.load(original("sd15"), digest="15" * 32).model


def predicted(model: ModelHandle, plan: Plan, height: int = 16) -> Tensor:
    x = torch.randn(2, 4, height, 16, generator=torch.Generator().manual_seed(1))
    context = torch.randn(2, 5, 768, generator=torch.Generator().manual_seed(2))
    with residency.lend(model, plan) as network:
        return network(x, torch.tensor([500.0, 500.0]), context)


@pytest.mark.parametrize(("height", "width"), [(4, 6), (5, 7), (2, 2)])
def test_every_place_comes_back(height: int, width: int) -> None:
    queries = torch.randn(2, height * width, 3)
    found = tome.match(queries, height, width, 0.5, seed=4)
    merged = found.merge(queries)
    assert merged.shape[1] == height * width - int(height * width * 0.5)
    back = found.unmerge(merged)
    for batch in range(2):
        for place in found.alone[batch]:
            assert torch.equal(back[batch, place], queries[batch, place])
        for place, into in zip(found.merged[batch], found.into[batch], strict=True):
            assert torch.equal(back[batch, place], back[batch, found.kept[into]])


def test_equal_places_are_merged_without_loss() -> None:
    cells = torch.randn(1, 6, 3)
    queries = cells.reshape(1, 2, 1, 3, 1, 3).expand(1, 2, 2, 3, 2, 3).reshape(1, 24, 3)
    found = tome.match(queries, 4, 6, 0.75, seed=1)
    assert found.alone.shape == (1, 0)
    torch.testing.assert_close(found.unmerge(found.merge(queries)), queries)


def test_the_most_similar_are_merged_first() -> None:
    queries = torch.randn(1, 36, 8)
    found = tome.match(queries, 6, 6, 0.25, seed=1)
    unit = torch.nn.functional.normalize(queries[0], dim=-1)
    best = (unit @ unit[found.kept].T).amax(-1)
    assert best[found.merged[0]].min() >= best[found.alone[0]].max()


def test_a_kept_place_is_the_mean_of_what_went_into_it() -> None:
    queries = torch.tensor([[[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [6.0, 0.0]]])
    found = tome.match(queries, 2, 2, 0.75, seed=1)
    assert torch.equal(found.merge(queries), torch.tensor([[[3.0, 0.0]]]))


def test_merging_changes_the_prediction_a_little_and_always_alike(model: ModelHandle, plan: Plan) -> None:
    plain, patched = predicted(model, plan), tome.with_merging(model, 0.5)
    found = predicted(patched, plan)
    assert torch.equal(found, predicted(patched, plan))
    assert 1e-5 < (found - plain).norm() / plain.norm() < 0.2
    assert predicted(patched, plan, height=8).shape == (2, 4, 8, 16)
    assert torch.equal(predicted(model, plan), plain)


def test_a_ratio_of_zero_is_no_patch(model: ModelHandle) -> None:
    assert tome.with_merging(model, 0.0) == model
