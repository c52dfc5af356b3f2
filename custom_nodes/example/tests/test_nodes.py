from __future__ import annotations

import torch

from safelight import Graph, Link, Registry
from safelight.testing import Bench, check_pack


def test_the_pack_keeps_the_rules(pack: Registry) -> None:
    assert {spec.id for spec in pack} == {"ExampleTint", "ExampleFade", "ExampleBright"}
    check_pack(pack)


def test_warmth_moves_red_and_blue_apart(bench: Bench) -> None:
    (warm,) = bench.run("ExampleTint", image=torch.full((1, 8, 8, 3), 0.5), warmth=1.0)
    assert warm[..., 0].min() > warm[..., 2].max()


def test_a_fade_ends_at_the_picture(bench: Bench) -> None:
    picture = torch.rand(1, 8, 8, 3)
    (frames,) = bench.run("ExampleFade", image=picture, frames=4)
    assert frames.shape == (4, 8, 8, 3)
    assert torch.equal(frames[-1:], picture)


def test_only_the_bright_part_is_left(bench: Bench) -> None:
    picture = torch.zeros(1, 8, 8, 3)
    picture[:, :4] = 1.0
    image, mask = bench.run("ExampleBright", image=picture, edge="hard")
    assert mask[:, :4].all()
    assert not image[:, 4:].any()


def test_nodes_run_in_a_graph(bench: Bench) -> None:
    graph = Graph()
    graph.add("tint", "ExampleTint", image=bench.given(graph, "image", "IMAGE", torch.rand(1, 4, 4, 3)))
    graph.add("fade", "ExampleFade", image=graph.add("more", "ExampleTint", image=Link("tint")), frames=2)
    assert bench.graph(graph, "fade").values["fade"][0].shape == (2, 4, 4, 3)
