"""The data folder: where it is, and what a fresh one gets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from safelight import home
from safelight.core.error import SafelightError


def test_what_is_given_goes_before_the_environment_and_that_before_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SAFELIGHT_DATA", raising=False)
    assert home.locate() == tmp_path / "safelight"
    monkeypatch.setenv("SAFELIGHT_DATA", str(tmp_path / "env"))
    assert home.locate() == tmp_path / "env"
    assert home.locate(tmp_path / "given") == tmp_path / "given"
    assert home.locate("~/there") == tmp_path / "there"


def test_a_fresh_one_gets_its_folders_and_the_pictures_to_start_from(tmp_path: Path) -> None:
    home.prepare(tmp_path / "new")
    for name in home.FOLDERS:
        assert (tmp_path / "new" / name).is_dir()
    assert {path.name for path in (tmp_path / "new" / "input").iterdir()} == {"half_apple.png", "sketch.png"}


def test_a_picture_of_the_user_s_is_left_alone(tmp_path: Path) -> None:
    home.prepare(tmp_path)
    (tmp_path / "input" / "sketch.png").write_bytes(b"mine")
    home.prepare(tmp_path)
    assert (tmp_path / "input" / "sketch.png").read_bytes() == b"mine"


def test_one_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SafelightError, match="Choose another with --data"):
        home.prepare(tmp_path / "file")


def test_the_model_that_ships_can_be_chosen(tmp_path: Path) -> None:
    assert home.folders(tmp_path).names("checkpoints") == ["emoji"]
    assert home.folders(tmp_path).names("input") == []
    assert home.folders(tmp_path, prepared=False).names("input") == ["half_apple.png", "sketch.png"]


def test_previews_are_kept_up_to_a_limit_the_newest_longest(tmp_path: Path) -> None:
    for age in range(4):
        path = tmp_path / "temp" / f"{age}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (1e9 - age, 1e9 - age))
    home.bound(tmp_path / "temp", limit=250)
    assert {path.name for path in (tmp_path / "temp").iterdir()} == {"0.png", "1.png"}
    home.bound(tmp_path / "none", limit=250)
