"""Keys of handles, and their way to disk and back."""

import json
import pickle
from dataclasses import replace

import pytest

from safelight.diffusion.handle import ClipHandle, Handle, ModelHandle, Patch, Source, VaeHandle

SOURCE = Source("/models/a.safetensors", "d" * 64, "sd15", "original", "unet")
PATCH = Patch("lora", "e" * 64, (("strength", 0.5), ("name", "x")), path="/loras/x.safetensors")
MERGE = Patch("merge", settings=(("keep", 0.5),), other=ModelHandle(SOURCE, (PATCH,)))


@pytest.mark.parametrize(
    "handle",
    [
        ModelHandle(SOURCE, (PATCH,)),
        VaeHandle(SOURCE),
        ClipHandle(SOURCE, (PATCH, PATCH), last_layer=-2),
        ModelHandle(SOURCE, (PATCH, MERGE)),
    ],
)
def test_a_handle_survives_json(handle: Handle) -> None:
    tree = json.loads(json.dumps(handle.to_tree()))
    assert type(handle).from_tree(tree) == handle
    assert type(handle).from_tree(tree).key == handle.key
    assert pickle.loads(pickle.dumps(handle)) == handle


def test_the_key_does_not_depend_on_where_the_file_lies() -> None:
    moved = ModelHandle(replace(SOURCE, path="/elsewhere"))
    assert moved.key == ModelHandle(SOURCE).key
    assert moved != ModelHandle(SOURCE)


@pytest.mark.parametrize("field", ["digest", "family", "layout", "part"])
def test_the_key_depends_on_what_the_model_is(field: str) -> None:
    assert ModelHandle(replace(SOURCE, **{field: "other"})).key != ModelHandle(SOURCE).key


def test_the_key_depends_on_patches_and_their_order() -> None:
    other = Patch("lora", "f" * 64)
    keys = {
        ModelHandle(SOURCE).key,
        ModelHandle(SOURCE).patched(PATCH).key,
        ModelHandle(SOURCE).patched(PATCH).patched(other).key,
        ModelHandle(SOURCE).patched(other).patched(PATCH).key,
    }
    assert len(keys) == 4


def test_the_key_does_not_depend_on_where_a_patchs_file_lies() -> None:
    moved = replace(PATCH, path="/elsewhere")
    merged = replace(MERGE, other=ModelHandle(replace(SOURCE, path="/elsewhere"), (moved,)))
    assert ModelHandle(SOURCE, (moved, merged)).key == ModelHandle(SOURCE, (PATCH, MERGE)).key


def test_the_key_of_a_merge_depends_on_the_other_model() -> None:
    other = replace(MERGE, other=ModelHandle(replace(SOURCE, digest="other"), (PATCH,)))
    assert ModelHandle(SOURCE, (other,)).key != ModelHandle(SOURCE, (MERGE,)).key


def test_patches_of_sampling_alone_share_the_weights() -> None:
    plain, patched = ModelHandle(SOURCE, (PATCH,)), ModelHandle(SOURCE, (PATCH, Patch("sampling")))
    assert plain.key != patched.key
    assert plain.weights_key == patched.weights_key != ModelHandle(SOURCE).weights_key


def test_kinds_of_handle_have_keys_of_their_own() -> None:
    assert len({ModelHandle(SOURCE).key, VaeHandle(SOURCE).key, ClipHandle(SOURCE).key}) == 3


def test_clip_skip_changes_the_key_but_not_the_weights() -> None:
    plain, skipped = ClipHandle(SOURCE), ClipHandle(SOURCE).with_last_layer(-2)
    assert plain.key != skipped.key
    assert plain.weights_key == skipped.weights_key
