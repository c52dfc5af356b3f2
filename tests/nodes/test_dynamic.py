"""Nodes whose inputs grow or depend on a choice: called as functions, and run in a graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import pytest
import torch

from nodes.image.batch.gather import gather
from nodes.image.mask.gather import gather as gather_masks
from nodes.image.transform.resize import resize
from nodes.model.latent.batch.gather import gather as gather_latents
from nodes.model.loaders.checkpoint_with_config import load_with_config
from nodes.text.format import format_text
from safelight import Context, Graph, Growing, Image, Named, Number, Registry, Variants, node
from safelight.compat import Document, from_prompt, node_info, replace_nodes, to_graph
from safelight.core.digest import Digests
from safelight.core.engine import Engine
from safelight.core.error import DeclarationError
from safelight.core.event import NodeWarned
from safelight.core.folder import Folders
from safelight.core.graph import Link
from safelight.core.store.codec import Codec
from safelight.core.store.memory import MemoryStore
from safelight.core.store.tier import Store
from safelight.core.validation import validate

PICTURE = torch.rand(1, 40, 60, 3)


def test_pictures_of_any_number_become_one_batch_of_the_first_ones_size() -> None:
    batch = gather(images={"image0": PICTURE, "image1": torch.rand(2, 20, 30, 3), "image2": PICTURE})
    assert batch.shape == (4, 40, 60, 3)
    assert torch.equal(batch[3], PICTURE[0])


def test_masks_and_latents_of_any_number_become_one_batch_of_the_first_ones_size() -> None:
    masks = gather_masks(masks={"mask0": torch.zeros(1, 4, 6), "mask1": torch.ones(2, 8, 12)})
    assert masks.shape == (3, 4, 6)
    assert masks[:, 0, 0].tolist() == [0.0, 1.0, 1.0]
    samples = [torch.full((count, 4, 8, 8), float(count)) for count in (1, 2)]
    batch = gather_latents(latents={f"latent{k}": {"samples": one} for k, one in enumerate(samples)})
    assert batch["samples"].equal(torch.cat(samples))
    assert batch["batch_index"] == [0, 0, 1], "each keeps its noise"


@pytest.mark.parametrize(
    ("way", "size"),
    [
        ({"resize_type": "scale dimensions", "width": 30, "height": 10, "crop": "center"}, (10, 30)),
        ({"resize_type": "scale dimensions", "width": 30, "height": 0, "crop": "disabled"}, (20, 30)),
        ({"resize_type": "scale by multiplier", "multiplier": 2.0}, (80, 120)),
        ({"resize_type": "scale longer dimension", "longer_size": 30}, (20, 30)),
        ({"resize_type": "scale shorter dimension", "shorter_size": 20}, (20, 30)),
        ({"resize_type": "scale width", "width": 15}, (10, 15)),
        ({"resize_type": "scale height", "height": 10}, (10, 15)),
        ({"resize_type": "scale total pixels", "megapixels": 0.01}, (84, 125)),
        ({"resize_type": "match size", "match": torch.zeros(1, 7, 9), "crop": "center"}, (7, 9)),
        ({"resize_type": "scale to multiple", "multiple": 16}, (32, 48)),
    ],
)
def test_a_picture_and_a_mask_get_the_size_that_is_asked_for(
    way: dict[str, Any], size: tuple[int, int]
) -> None:
    assert resize(input=PICTURE, resize_type=way).shape == (1, *size, 3)
    assert resize(input=PICTURE[..., 0], resize_type=way).shape == (1, *size)


@node("Same", category="toy")
def same(*, value: float = 0.5) -> Image:
    """Give a picture of one colour."""
    return torch.full((1, 8, 8, 3), value)


@node("Odd", category="toy")
def odd(ctx: Context) -> Image:
    """Be odd, and say so."""
    ctx.warn("this is odd")
    return torch.zeros(1, 8, 8, 3)


@node("Mixture", category="toy")
def mixture(
    *,
    image: Image,
    shares: Annotated[dict[str, float], Named({name: Number(min=0) for name in ("in.0.", "in.1.")}, 1.0)],
) -> Image:
    """Multiply by all."""
    assert all(isinstance(share, float) for share in shares.values())
    return image * shares["in.0."] * shares["in.1."]


@node("Number", category="toy")
def number() -> float:
    """Give three."""
    return 3.0


REGISTRY = Registry([same.spec, mixture.spec, number.spec, odd.spec, gather.spec, resize.spec])  # type: ignore[attr-defined]


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    digests = Digests()
    store = Store(MemoryStore(10**8), None, digest_of=digests.of, codec=Codec())
    made = Engine(REGISTRY, store, Folders(tmp_path), digests=digests)
    yield made
    made.close()


def test_they_run_in_a_graph_under_their_dotted_names(engine: Any) -> None:
    graph = Graph()
    first, second = graph.add("1", "Same", value=0.25), graph.add("2", "Same", value=0.75)
    graph.add("3", "BatchImagesNode", **{"images.image0": first, "images.image1": second})
    way = {"resize_type": "scale by multiplier", "resize_type.multiplier": 2.0}
    graph.add("4", "ResizeImageMaskNode", input=Link("3"), **way)
    (value,) = engine.run(graph, ["4"]).values["4"]
    assert value.shape == (2, 16, 16, 3)
    assert value[:, 0, 0, 0].tolist() == [0.25, 0.75]


def test_inputs_with_names_of_their_own_come_as_a_dict(engine: Any) -> None:
    assert [one.name for one in mixture.spec.inputs] == ["image", "in.0.", "in.1."]
    graph = Graph()
    graph.add("1", "Same", value=0.5)
    graph.add("2", "Mixture", **{"image": Link("1"), "in.0.": 2, "in.1.": Link("3")})
    graph.add("3", "Number")
    (value,) = engine.run(graph, ["2"]).values["2"]
    assert value[0, 0, 0, 0] == 0.5 * 2.0 * 3.0
    assert mixture(image=torch.ones(1), shares={"in.0.": 2.0, "in.1.": 4.0}) == 8.0


def test_what_a_node_warns_of_is_told_with_the_run(engine: Any) -> None:
    events: list[Any] = []
    graph = Graph()
    graph.add("1", "Odd")
    result = engine.run(graph, ["1"], listener=events.append)
    assert result.notices == ["node '1' (Odd): this is odd"]
    assert NodeWarned("1", "this is odd") in events


def test_nodes_that_were_given_up_become_them() -> None:
    nodes = [
        {"id": 1, "type": "Same"},
        {"id": 2, "type": "ImageBatch", "inputs": [
            {"name": "image1", "type": "IMAGE", "link": 1}, {"name": "image2", "type": "IMAGE", "link": 2}]},
        {"id": 3, "type": "ImageScaleBy", "inputs": [{"name": "image", "type": "IMAGE", "link": 3}],
         "widgets_values": ["lanczos", 1.5]},
    ]  # fmt: skip
    links = [[1, 1, 0, 2, 0, "IMAGE"], [2, 1, 0, 2, 1, "IMAGE"], [3, 2, 0, 3, 0, "IMAGE"]]
    graph, _ = replace_nodes(to_graph(Document({"nodes": nodes, "links": links}), REGISTRY).graph, REGISTRY)
    assert graph["2"].type == "BatchImagesNode"
    assert graph["2"].inputs == {"images.image0": Link("1"), "images.image1": Link("1")}
    assert graph["3"].inputs == {
        "input": Link("2"),
        "scale_method": "lanczos",
        "resize_type": "scale by multiplier",
        "resize_type.multiplier": 1.5,
    }


SAVED: list[tuple[list[Any], dict[str, Any]]] = [
    (["scale by multiplier", 2.5, "lanczos"], {"resize_type.multiplier": 2.5, "scale_method": "lanczos"}),
    (
        ["scale dimensions", 64, 32, "disabled", "area"],
        {
            "resize_type.width": 64,
            "resize_type.height": 32,
            "resize_type.crop": "disabled",
            "scale_method": "area",
        },
    ),
    (["match size", "center", "bicubic"], {"resize_type.crop": "center", "scale_method": "bicubic"}),
]


@pytest.mark.parametrize(("values", "named"), SAVED)
def test_values_in_saved_files_follow_the_choice(values: list[Any], named: dict[str, Any]) -> None:
    tree = {"nodes": [{"id": 1, "type": "ResizeImageMaskNode", "widgets_values": values}], "links": []}
    document = Document(tree)
    assert dict(document.node("1", REGISTRY).values) == {"resize_type": values[0], **named}
    told = json.loads(json.dumps(document.by_name(REGISTRY)))
    assert Document.from_named(told, REGISTRY).tree == tree


def test_another_choice_brings_values_of_its_own_by_name() -> None:
    values = ["scale by multiplier", 2.5, "lanczos"]
    document = Document(
        {"nodes": [{"id": 1, "type": "ResizeImageMaskNode", "widgets_values": values}], "links": []}
    )
    told = document.by_name(REGISTRY)
    told["nodes"][0]["values"] = {
        "resize_type": "scale width",
        "resize_type.width": 99,
        "scale_method": "lanczos",
    }
    assert Document.from_named(told, REGISTRY).tree["nodes"][0]["widgets_values"] == [
        "scale width",
        99,
        "lanczos",
    ]


def test_a_growing_input_of_which_none_need_be_set_is_listed_as_required_all_the_same() -> None:
    info = node_info(format_text.spec, lambda _: [])  # type: ignore[attr-defined]
    assert list(info["input"]["required"]) == ["values", "f_string"]
    assert info["input"]["required"]["values"][1]["template"]["min"] == 0
    prompt = {
        "1": {"class_type": "StringFormat", "inputs": {"f_string": "as it is"}},
    }
    registry = Registry([format_text.spec])  # type: ignore[attr-defined]
    assert validate(from_prompt(prompt), registry, ["1"]).problems == []


def test_a_choice_that_takes_others_too_is_listed_with_those_that_are_usual() -> None:
    info = node_info(load_with_config.spec, lambda _: [])  # type: ignore[attr-defined]
    options, said = info["input"]["required"]["config_name"]
    assert "v1-inference.yaml" in options
    assert set(said) == {"tooltip"}


def test_clients_are_told_what_to_make_further_inputs_from() -> None:
    info = node_info(REGISTRY.get("BatchImagesNode"), lambda _: [])
    kind, options = info["input"]["required"]["images"]
    assert kind == "COMFY_AUTOGROW_V3"
    assert options["template"]["prefix"] == "image"
    assert options["template"]["input"]["required"] == {"image": ["IMAGE", {}]}
    kind, options = node_info(REGISTRY.get("ResizeImageMaskNode"), lambda _: [])["input"]["required"][
        "resize_type"
    ]
    assert [one["key"] for one in options["options"]][1] == "scale by multiplier"
    assert options["options"][1]["inputs"]["required"]["multiplier"][0] == "FLOAT"


class By(NamedTuple):
    factor: float = 2.0


def test_declarations_of_such_inputs_that_cannot_be_are_refused() -> None:
    with pytest.raises(DeclarationError, match="come as a dict"):

        @node("Wrong", category="toy")
        def wrong(pictures: Annotated[list[Image], Growing("p")]) -> None:
            """Be wrong."""

    with pytest.raises(DeclarationError, match="names of their own come as a dict"):

        @node("Wrong", category="toy")
        def odder(shares: Annotated[list[float], Named({"a.": Number()}, 1.0)]) -> None:
            """Be wrong."""

    with pytest.raises(DeclarationError, match="default is refused"):

        @node("Wrong", category="toy")
        def worse(way: Annotated[dict[str, Any], Variants({"by": By})] = "to") -> None:  # type: ignore[assignment]
            """Be wrong."""
