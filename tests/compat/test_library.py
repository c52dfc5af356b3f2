"""Model files are found where this machine has them, whatever the workflow calls them: Document to Ready."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from safelight.compat import Document, make_ready
from safelight.core.folder import Folders
from safelight.core.validation import validate

NAME = "painter.safetensors"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def put(folders: Folders, name: str, content: bytes = b"weights") -> str:
    path = folders.root("checkpoints") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def document(name: str = NAME, **models: Any) -> Document:
    node = {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": [name]}
    listed = {"models": [{"name": name, "directory": "checkpoints", **models}]} if models else {}
    return Document({"nodes": [{**node, "properties": listed}], "links": []})


def ready(document: Document, registry: Any, folders: Folders) -> tuple[str, list[str]]:
    made = make_ready(document, registry, folders)
    assert made.prompt["1"]["inputs"] == made.graph["1"].inputs
    return made.graph["1"].inputs["ckpt_name"], [str(notice) for notice in made.notices]


def problem(document: Document, registry: Any, folders: Folders) -> str:
    graph = make_ready(document, registry, folders).graph
    (found,) = validate(graph, registry, ["1"], folders).problems
    return str(found)


def test_the_exact_name_is_taken_as_it_is(registry, folders):
    put(folders, NAME)
    put(folders, f"sub/{NAME}")
    assert ready(document(), registry, folders) == (NAME, [])


@pytest.mark.parametrize("name", [NAME, f"theirs/{NAME}", f"D:\\models\\{NAME}", "Painter.SafeTensors"])
def test_the_name_is_found_in_any_folder(name, registry, folders):
    put(folders, f"mine/deep/{NAME}")
    found, notices = ready(document(name), registry, folders)
    assert found == f"mine/deep/{NAME}"
    assert f"was found as 'mine/deep/{NAME}'" in notices[-1]


def test_of_several_of_a_name_none_is_taken_and_all_are_named(registry, folders):
    put(folders, f"a/{NAME}")
    put(folders, f"b/{NAME}", b"others")
    found, (notice,) = ready(document(), registry, folders)
    assert found == NAME
    assert f"may be any of 'a/{NAME}', 'b/{NAME}': choose one" in notice
    assert "there is no file" in problem(document(), registry, folders)


def test_of_several_of_a_name_the_hash_tells_the_right_one(registry, folders):
    put(folders, f"a/{NAME}")
    hash = put(folders, f"b/{NAME}", b"others")
    assert ready(document(hash=hash, hash_type="SHA256"), registry, folders)[0] == f"b/{NAME}"


def test_a_file_of_another_name_is_found_by_the_hash_in_the_file(registry, folders):
    put(folders, "other.safetensors", b"others")
    hash = put(folders, "renamed.safetensors")
    found, (notice,) = ready(document(hash=hash.upper()), registry, folders)
    assert found == "renamed.safetensors"
    assert "by the hash that the workflow notes" in notice


@pytest.mark.parametrize(
    "more", [{"hash": "00" * 32}, {"hash": ""}, {"hash": "77", "hash_type": "crc32"}, {}]
)
def test_a_hash_that_no_file_has_finds_none(more, registry, folders):
    put(folders, "renamed.safetensors")
    assert ready(document(**more), registry, folders) == (NAME, [])


def test_a_near_name_is_suggested_and_never_taken(registry, folders):
    put(folders, "painter-v2.safetensors")
    assert ready(document(), registry, folders) == (NAME, [])
    assert "Did you mean 'painter-v2.safetensors'?" in problem(document(), registry, folders)


def test_the_short_hash_of_an_a1111_text_tells_too(registry, folders, picture):
    hash = put(folders, "renamed.safetensors")
    text = f"a fox\nSteps: 20, Sampler: Euler, Model hash: {hash[:10]}, Model: painter, Size: 64x64"
    found, _ = ready(Document.read(picture((b"tEXt", b"parameters\0" + text.encode()))), registry, folders)
    assert found == "renamed.safetensors"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "\0", "a" * 9000])
def test_names_that_no_file_can_have_do_no_harm(name, registry, folders):
    put(folders, NAME)
    assert ready(document(name), registry, folders)[0] == name
