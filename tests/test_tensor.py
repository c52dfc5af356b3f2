"""Tensors and handles in the store, with real torch and real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from safelight import Context, Graph, Image, Registry, node
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.folder import Folders
from safelight.core.store.disk import DiskStore
from safelight.core.store.memory import MemoryStore
from safelight.core.store.record import Record
from safelight.core.store.tier import Store
from safelight.diffusion.handle import ClipHandle, ModelHandle, Source
from safelight.tensor import TorchFormat, storing


@node("Show", category="toy", effect=True)
def show(ctx: Context, *, count: int) -> Image:
    """Show a text, and give a picture."""
    ctx.show("text", ["here"])
    return torch.ones(1, count, 2, 3)


@node("Sum", category="toy", effect=True)
def total(ctx: Context, *, image: Image) -> float:
    """Add all pixels up."""
    ctx.show("text", [str(float(image.sum()))])
    return float(image.sum())


def engine(data: Path) -> Engine:
    digests = Digests()
    store = Store(MemoryStore(10**8), DiskStore(data / "results", storing()), digest_of=digests.of)
    return Engine(
        Registry(function.spec for function in (show, total)), store, Folders(data), digests=digests
    )


def run(data: Path, graph: Graph) -> Any:
    worker = engine(data)
    result = worker.run(graph)
    assert result.values["s"][0].shape == (1, 2, 2, 3)
    worker.close()
    return result


def round_trip(folder: Path, *values: Any) -> tuple[Any, ...]:
    disk = DiskStore(folder, storing())
    assert disk.put(b"k" * 20, Record(values)) is None
    found = DiskStore(folder, storing()).get(b"k" * 20)
    assert found is not None
    return found.outputs


def test_a_saved_picture_is_not_read_for_a_node_that_only_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = Graph()
    graph.add("s", "Show", count=2)
    assert run(tmp_path, graph).nodes["s"].state == "ran"
    read: list[Path] = []
    load = TorchFormat.load
    monkeypatch.setattr(TorchFormat, "load", lambda self, path: read.append(path) or load(self, path))
    again = engine(tmp_path)
    result = again.run(graph)
    assert (result.nodes["s"].state, result.nodes["s"].shown, read) == ("disk", {"text": ["here"]}, [])
    assert torch.equal(result.values["s"][0], torch.ones(1, 2, 2, 3))
    assert len(read) == 1
    again.close()


def test_a_picture_that_was_not_read_at_first_reaches_the_node_that_needs_it(tmp_path: Path) -> None:
    graph = Graph()
    link = graph.add("s", "Show", count=2)
    run(tmp_path, graph)
    graph.add("t", "Sum", image=link)
    again = engine(tmp_path)
    result = again.run(graph)
    assert (result.nodes["s"].state, result.nodes["t"].state) == ("disk", "ran")
    assert result.values["t"] == (12.0,)
    again.close()


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    shared = torch.arange(6.0)
    latent = {
        "samples": shared,
        "mask": shared,
        "batch_index": [1, 2],
        3: (torch.tensor(1, dtype=torch.bfloat16),),
    }
    conditioning = [[torch.randn(1, 77, 8), {"pooled_output": torch.randn(1, 8), "area": (1, 2, 3, 4)}]]
    source = Source("/some/model", "ab12", "sd15", "original", "unet")
    handles = (ModelHandle(source), ClipHandle(source, last_layer=-2))
    found, cond, *models = round_trip(tmp_path, latent, conditioning, *handles)
    assert torch.equal(found["samples"], shared)
    assert found["samples"] is found["mask"]
    assert found["batch_index"] == [1, 2]
    assert found[3][0].dtype == torch.bfloat16
    assert torch.equal(cond[0][0], conditioning[0][0])
    assert cond[0][1]["area"] == (1, 2, 3, 4)
    assert tuple(models) == handles


def test_a_slice_is_kept_without_what_it_was_cut_from() -> None:
    whole = torch.zeros(1000, 4)
    tensors = TorchFormat()
    kept = tensors.compact(whole[3:5])
    assert torch.equal(kept, whole[3:5])
    assert kept.untyped_storage().nbytes() == kept.nbytes
    assert tensors.compact(whole) is whole


def test_a_tensor_made_in_inference_mode_is_watched_like_any_other() -> None:
    with torch.inference_mode():
        made = torch.ones(3)
    kept = TorchFormat().compact(made)
    assert not kept.is_inference()
    assert torch.equal(kept, made)


def test_a_sparse_tensor_stays_in_memory_and_says_why(tmp_path: Path) -> None:
    sparse = torch.eye(3).to_sparse()
    assert TorchFormat().compact(sparse) is sparse
    disk = DiskStore(tmp_path, storing())
    assert "no form on disk" in str(disk.put(b"\1" * 20, Record((sparse,), "Sparse", 1.0)))


def test_a_tensor_and_its_conjugate_are_two(tmp_path: Path) -> None:
    whole = torch.complex(torch.ones(2), torch.ones(2))
    disk = DiskStore(tmp_path, storing())
    assert disk.put(b"\1" * 20, Record((whole, whole.conj()), "Both", 1.0)) is None
    found = disk.get(b"\1" * 20)
    assert found is not None
    assert torch.equal(found.outputs[1], whole.conj())


def test_writing_through_an_array_that_shares_a_tensors_memory_is_noticed(tmp_path: Path) -> None:
    @node("Ones", category="toy")
    def ones() -> Image:
        """Give a picture."""
        return torch.ones(1, 64, 64, 3)

    @node("Blacken", category="toy", effect=True)
    def blacken(image: Image) -> float:
        """Write through numpy."""
        array = image.numpy()
        array[:, 10:40] = 0
        return 0.0

    digests = Digests()
    store = Store(MemoryStore(10**8), DiskStore(tmp_path / "r", storing()), digest_of=digests.of)
    made = Engine(Registry([ones.spec, blacken.spec, total.spec]), store, Folders(tmp_path), digests=digests)
    graph = Graph()
    picture = graph.add("o", "Ones")
    graph.add("b", "Blacken", image=picture)
    graph.add("t", "Sum", image=picture)
    for roots in (["b", "t"], ["t"], ["t", "b"]):
        result = made.run(graph, roots).raise_for_error()
        assert result.values["t"] == (64 * 64 * 3,)
    assert "changed its input 'image' in place" in made.run(graph, ["b"], fresh=True).notices[0]
    made.close()


def test_values_that_are_no_numbers_are_not_taken_for_changed(tmp_path: Path) -> None:
    @node("Broken", category="toy")
    def broken() -> Image:
        """Give a picture that is no numbers, infinite in both ways."""
        return torch.tensor([float("nan"), float("inf"), -float("inf")]).expand(1, 4, 4, 3).clone()

    @node("Double", category="toy")
    def double(image: Image) -> Image:
        """Double a picture."""
        return image * 2

    @node("Size", category="toy", effect=True)
    def size(image: Image) -> int:
        """Tell how large it is."""
        return len(image[0])

    digests = Digests()
    store = Store(MemoryStore(10**8), DiskStore(tmp_path / "r", storing()), digest_of=digests.of)
    registry = Registry([broken.spec, double.spec, size.spec])
    graph = Graph()
    graph.add("s", "Size", image=graph.add("d", "Double", image=graph.add("b", "Broken")))
    with Engine(registry, store, Folders(tmp_path), digests=digests) as made:
        result = made.run(graph, ["s"]).raise_for_error()
    assert result.values["s"] == (4,)
    assert not result.notices
