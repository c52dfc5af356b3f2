"""Folders: files by kind and name, and names that stay under their root."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.core.error import BadInput
from safelight.core.folder import Folders
from safelight.core.widget import File


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a few files, and a secret beside it."""
    data = tmp_path / "data"
    for name in (
        "input/a.png",
        "input/sub/b.jpg",
        "input/notes.txt",
        "output/made.png",
        "temp/seen.png",
        "models/checkpoints/one.safetensors",
        "models/checkpoints/xl/two.safetensors",
        "models/checkpoints/readme.md",
        "models/checkpoints/folder/model_index.json",
        "models/checkpoints/folder/unet/weights.safetensors",
    ):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "secret.png").write_text("secret")
    return data


def test_a_folder_of_one_component_is_offered_beside_its_file(data: Path) -> None:
    folder = data / "models" / "controlnet" / "edges"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "weights.safetensors").write_text("")
    assert Folders(data).names("controlnet") == ["edges", "edges/weights.safetensors"]


def test_either_slash_separates_folders(data: Path) -> None:
    folders = Folders(data)
    assert folders.find("checkpoints", "xl/two.safetensors") == folders.find(
        "checkpoints", "xl\\two.safetensors"
    )
    assert folders.find("input", "sub\\b.jpg") == data / "input" / "sub" / "b.jpg"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("made.png [output]", "output/made.png"),
        ("seen.png [temp]", "temp/seen.png"),
        ("a.png [input]", "input/a.png"),
    ],
)
def test_a_suffix_chooses_another_folder(data: Path, name: str, place: str) -> None:
    assert Folders(data).find("input", name) == data / place


def test_names_are_sorted_and_of_the_right_kind(data: Path) -> None:
    folders = Folders(data)
    assert folders.names("input") == ["a.png", "sub/b.jpg"]
    assert folders.names("checkpoints") == ["folder", "one.safetensors", "xl/two.safetensors"]
    assert folders.names("vae") == []


def test_a_diffusers_folder_is_one_model(data: Path) -> None:
    assert Folders(data).find("checkpoints", "folder") == data / "models" / "checkpoints" / "folder"


def test_every_listed_name_is_found(data: Path) -> None:
    (data / "input" / "link.png").symlink_to(data / "input" / "a.png")
    (data / "input" / "stolen.png").symlink_to(data.parent / "secret.png")
    (data / "input" / f"{'long' * 62}.png").touch()
    folders = Folders(data)
    for kind in ("input", "output", "temp", "checkpoints"):
        assert folders.names(kind)
        for name in folders.names(kind):
            assert folders.find(kind, name).exists()


def test_shipped_models_and_further_roots_are_offered_too(data: Path, tmp_path: Path) -> None:
    shipped, extra = tmp_path / "shipped", tmp_path / "extra"
    extra.mkdir()
    (extra / "three.safetensors").touch()
    (extra / "one.safetensors").touch()
    folders = Folders(data, extra={"checkpoints": [extra]}, builtin={"checkpoints": {"emoji": shipped}})
    assert folders.names("checkpoints")[0] == "emoji"
    assert folders.names("checkpoints").count("one.safetensors") == 1
    assert folders.find("checkpoints", "emoji") == shipped
    assert folders.find("checkpoints", "three.safetensors") == extra / "three.safetensors"
    assert folders.find("checkpoints", "one.safetensors").is_relative_to(data)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "sub/../../secret.png",
        "..\\secret.png",
        "/etc/passwd",
        "\\etc\\passwd",
        "C:\\secret.png",
        "C:secret.png",
        "\\\\host\\share\\secret.png",
        "a.png\0.txt",
        "../secret.png [output]",
        "sub/..",
    ],
)
def test_a_name_that_leads_out_of_its_folder_is_refused(data: Path, name: str) -> None:
    folders = Folders(data)
    with pytest.raises(BadInput, match="leads out of its folder"):
        folders.find("input", name)
    with pytest.raises(BadInput, match="leads out of its folder"):
        folders.reserve(name.removesuffix(" [output]"), ".png")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        (".", "is empty"),
        (" [output]", "is empty"),
        ("x" * 300, "is too long"),
        ("é" * 200, "is too long"),
        ("x" * 300 + "/a.png", "is too long"),
        ("/".join(["x" * 100] * 100), "is too long"),
        ("\ud800.png", "has characters that no file name can have"),
        ("b.png", "there is no file 'b.png' in"),
        ("a.png/b.png", "there is no file"),
    ],
)
def test_a_name_that_is_no_file_is_refused(data: Path, name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        Folders(data).find("input", name)
    assert len(str(caught.value)) < 500
    assert caught.value.remedy


def test_a_missing_file_comes_back_with_the_nearest_name(data: Path) -> None:
    with pytest.raises(BadInput, match=re.escape("Did you mean 'one.safetensors'?")):
        Folders(data).find("checkpoints", "one.safetensor")


@given(name=st.text(st.sampled_from("./\\a:\0é\ud800 []"), max_size=12) | st.text(max_size=12))
def test_whatever_the_name_nothing_outside_is_found_or_made(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    data = tmp_path_factory.getbasetemp() / "any" / "data"
    folders = Folders(data)
    (data / "output").mkdir(parents=True, exist_ok=True)
    try:
        path = folders.reserve(name, ".png")
    except BadInput:
        pass
    else:
        assert path.is_file()
        assert path.resolve().is_relative_to(data / "output")
        path.unlink()
    with suppress(BadInput):
        assert folders.find("output", name).resolve().is_relative_to(data)


def test_links_do_not_lead_out_of_input_and_output(data: Path) -> None:
    (data / "input" / "stolen.png").symlink_to(data.parent / "secret.png")
    (data / "output" / "out").symlink_to(data.parent)
    folders = Folders(data)
    with pytest.raises(BadInput, match="there is no file"):
        folders.find("input", "stolen.png")
    with pytest.raises(BadInput, match="leads out of"):
        folders.reserve("out/pwned", ".png")
    assert not list(data.parent.glob("pwned*"))


def test_models_may_be_links_to_another_disk(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.safetensors").touch()
    (data / "models" / "checkpoints" / "disk").symlink_to(elsewhere)
    folders = Folders(data)
    assert "disk/far.safetensors" in folders.names("checkpoints")
    assert folders.find("checkpoints", "disk/far.safetensors").exists()


def test_a_link_that_leads_nowhere_is_called_that_and_not_offered(data: Path, tmp_path: Path) -> None:
    models = data / "models" / "checkpoints"
    (models / "lost.safetensors").symlink_to(tmp_path / "gone.safetensors")
    (models / "disk").symlink_to(tmp_path / "unplugged")
    (models / "loop.safetensors").symlink_to(models / "loop.safetensors")
    folders = Folders(data)
    for name, link in (
        ("lost.safetensors", "lost.safetensors"),
        ("disk/far.safetensors", "disk"),
        ("loop.safetensors", "loop.safetensors"),
    ):
        with pytest.raises(BadInput, match=r"is a link to .*, which is not there") as caught:
            folders.find("checkpoints", name)
        assert str(models / link) in caught.value.problem
        assert "Did you mean" not in caught.value.remedy
        assert name not in folders.names("checkpoints")


def test_a_file_that_may_be_missing_is_asked_for_without_a_fuss(data: Path) -> None:
    folders = Folders(data)
    assert folders.first("input", "a.png") == data / "input" / "a.png"
    assert folders.first("input", "z.png") is None
    with pytest.raises(BadInput, match="leads out of its folder"):
        folders.first("input", "../secret.png")


def test_links_in_a_circle_are_walked_once(data: Path) -> None:
    models = data / "models" / "checkpoints"
    (models / "again").symlink_to(models)
    (models / "xl" / "up").symlink_to(models)
    (models / "xl" / "self").symlink_to(models / "xl")
    assert Folders(data).names("checkpoints") == ["folder", "one.safetensors", "xl/two.safetensors"]


def test_saved_files_are_numbered_on(data: Path) -> None:
    folders = Folders(data)
    assert folders.reserve("pic", ".png") == data / "output" / "pic_00001_.png"
    assert folders.reserve("pic", ".png").name == "pic_00002_.png"
    (data / "output" / "pic_00041_.webp").touch()
    (data / "output" / "picture_00099_.png").touch()
    (data / "output" / "pic_x_.png").touch()
    assert folders.reserve("pic", ".png").name == "pic_00042_.png"


def test_numbers_grow_beyond_five_digits(data: Path) -> None:
    (data / "output" / "pic_99999_.png").touch()
    assert Folders(data).reserve("pic", ".png").name == "pic_100000_.png"


def test_a_prefix_may_name_folders_that_are_not_there_yet(data: Path) -> None:
    path = Folders(data).reserve("new\\deep/pic", ".png")
    assert path == data / "output" / "new" / "deep" / "pic_00001_.png"
    assert path.stat().st_size == 0


def test_tokens_in_a_prefix_are_replaced(data: Path) -> None:
    folders = Folders(data)
    name = folders.reserve("%width%x%height%_%year%-%month%", ".png", width=64, height=32).name
    assert re.fullmatch(r"64x32_\d{4}-\d\d_00001_\.png", name)
    assert folders.reserve("100%_%unknown%", ".png").name == "100%_%unknown%_00001_.png"


def test_a_token_cannot_lead_out_of_the_folder(data: Path) -> None:
    with pytest.raises(BadInput, match="leads out of its folder"):
        Folders(data).reserve("%title%", ".png", title="../../x")


def test_a_long_prefix_leaves_room_for_its_number(data: Path) -> None:
    folders = Folders(data)
    assert folders.reserve("x" * 200, ".png").exists()
    with pytest.raises(BadInput, match=r"the file name prefix .* is too long. Use at most 200 letters"):
        folders.reserve("x" * 201, ".png")


def test_an_output_folder_may_be_anywhere(data: Path, tmp_path: Path) -> None:
    folders = Folders(data, output=tmp_path / "pictures")
    assert folders.reserve("pic", ".png") == tmp_path / "pictures" / "pic_00001_.png"
    assert folders.find("input", "pic_00001_.png [output]").is_relative_to(tmp_path / "pictures")


RESERVE = """
import sys
from contextlib import suppress
from pathlib import Path
from safelight.core.folder import Folders
from safelight.core.widget import File
for _ in range(50):
    print(Folders(Path(sys.argv[1])).reserve("pic", ".png").name)
"""


def test_several_processes_never_reserve_the_same_name(data: Path) -> None:
    command = [sys.executable, "-c", RESERVE, os.fspath(data)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    names = [name for process in running for name in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(names) == len(set(names)) == 150


def test_files_with_an_ending_of_their_own_are_listed_in_place_of_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "input" / "deep"
    folder.mkdir(parents=True)
    for name in ("a.png", "b.latent", "c.LATENT", "d.txt"):
        (folder / name).write_bytes(b"x")
    folders = Folders(tmp_path)
    assert folders.names("input") == ["deep/a.png"]
    assert folders.names(File("input", ending=".latent").listed) == ["deep/b.latent", "deep/c.LATENT"]
    assert File("input").listed == "input"


def test_the_nearest_name_is_found_in_any_folder_whatever_the_endings_have_in_common(tmp_path: Path) -> None:
    for name in ("outer.safetensors", "deep/style.safetensors"):
        path = tmp_path / "models" / "loras" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with pytest.raises(BadInput, match=re.escape("Did you mean 'deep/style.safetensors'?")):
        Folders(tmp_path).find("loras", "SDXL\\Stile.safetensors")
