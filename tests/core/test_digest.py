"""Digests: the identity of a file is its content, remembered while it looks the same."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from safelight.core.digest import Digests


class Counting:
    """How often a file was really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        real = Digests._hash

        def counted(digests: Digests, path: str) -> str:
            self.reads += 1
            return real(digests, path)

        monkeypatch.setattr(Digests, "_hash", counted)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    return Counting(monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    return path


def test_a_digest_is_the_sha_256_of_the_content(file: Path) -> None:
    assert Digests().of(file) == hashlib.sha256(b"weights").hexdigest()


def test_a_file_that_looks_the_same_is_read_once(file: Path, counting: Counting) -> None:
    digests = Digests()
    assert digests.of(file) == digests.of(file)
    assert counting.reads == 1


def test_another_size_is_noticed(file: Path) -> None:
    digests = Digests()
    before = digests.of(file)
    written = file.stat().st_mtime_ns
    file.write_bytes(b"more weights")
    os.utime(file, ns=(written, written))
    assert digests.of(file) != before


def test_another_time_is_noticed(file: Path) -> None:
    digests = Digests()
    before = digests.of(file)
    written = file.stat().st_mtime_ns
    with file.open("r+b") as handle:
        handle.write(b"changed")
    os.utime(file, ns=(written, written + 1))
    assert digests.of(file) != before


def test_a_change_in_place_with_the_old_size_and_time_is_noticed(file: Path) -> None:
    digests = Digests()
    before, status = digests.of(file), file.stat()
    deadline = time.monotonic() + 5
    while file.stat().st_ctime_ns == status.st_ctime_ns:  # some file systems tell time in coarse steps
        assert time.monotonic() < deadline
        with file.open("r+b") as handle:
            handle.write(b"WEIGHTS")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_mtime_ns == status.st_mtime_ns
    assert digests.of(file) != before


def test_another_file_of_the_same_size_and_time_is_noticed(file: Path, tmp_path: Path) -> None:
    digests = Digests()
    before = digests.of(file)
    written = file.stat().st_mtime_ns
    other = tmp_path / "other"
    other.write_bytes(b"WEIGHTS")
    os.utime(other, ns=(written, written))
    other.replace(file)
    assert digests.of(file) != before


def test_a_file_that_is_gone_is_an_error(file: Path) -> None:
    digests = Digests()
    digests.of(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        digests.of(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "folder"
    (root / "unet").mkdir(parents=True)
    (root / "model_index.json").write_text("{}")
    (root / "unet" / "weights").write_text("1")
    return root


def test_a_folder_is_its_names_and_contents(folder: Path, tmp_path: Path) -> None:
    digests = Digests()
    before = digests.of(folder)
    copy = tmp_path / "copy"
    (copy / "unet").mkdir(parents=True)
    (copy / "unet" / "weights").write_text("1")
    (copy / "model_index.json").write_text("{}")
    assert digests.of(copy) == before
    (copy / "unet" / "weights").rename(copy / "weights")
    assert digests.of(copy) != before


def test_a_changed_new_or_missing_file_changes_its_folder(folder: Path) -> None:
    digests = Digests()
    seen = {digests.of(folder)}
    (folder / "unet" / "weights").write_text("22")
    seen.add(digests.of(folder))
    (folder / "new").write_text("")
    seen.add(digests.of(folder))
    (folder / "model_index.json").unlink()
    seen.add(digests.of(folder))
    assert len(seen) == 4


def test_a_name_that_is_no_text_has_a_digest_too(folder: Path) -> None:
    before = Digests().of(folder)
    (folder / os.fsdecode(b"caf\xe9")).write_text("x")
    assert Digests().of(folder) != before


def test_a_memo_is_remembered_by_the_next_process(file: Path, tmp_path: Path, counting: Counting) -> None:
    memo = tmp_path / "cache" / "digests.json"
    first = Digests(memo)
    known = first.of(file)
    first.save()
    assert Digests(memo).of(file) == known
    assert counting.reads == 1


def test_a_memo_of_an_older_shape_is_as_good_as_none(file: Path, tmp_path: Path) -> None:
    memo, status = tmp_path / "digests.json", file.stat()
    memo.write_text(json.dumps({os.fspath(file): [status.st_size, status.st_mtime_ns, status.st_ino, "old"]}))
    assert Digests(memo).of(file) == hashlib.sha256(b"weights").hexdigest()


def test_a_memo_of_a_changed_file_is_not_believed(file: Path, tmp_path: Path) -> None:
    memo = tmp_path / "digests.json"
    first = Digests(memo)
    first.of(file)
    first.save()
    file.write_bytes(b"other weights")
    assert Digests(memo).of(file) == hashlib.sha256(b"other weights").hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"\xff\xfe",
        b'{"x": 3}',
        b'{"x": []}',
        b"[" * 100_000,
        pytest.param(b'{"x": ["cut off', id="cut-off"),
    ],
)
def test_a_damaged_memo_is_as_good_as_none(file: Path, tmp_path: Path, text: bytes) -> None:
    memo = tmp_path / "digests.json"
    memo.write_bytes(text)
    digests = Digests(memo)
    assert digests.of(file) == hashlib.sha256(b"weights").hexdigest()
    digests.save()
    assert os.fspath(file) in json.loads(memo.read_text())


def test_a_memo_is_written_whole_and_only_if_something_was_added(file: Path, tmp_path: Path) -> None:
    memo = tmp_path / "digests.json"
    digests = Digests(memo)
    digests.save()
    assert not memo.exists()
    digests.of(file)
    digests.save()
    assert [path.name for path in tmp_path.glob("*digests*")] == ["digests.json"]


def test_a_memo_that_cannot_be_written_is_a_warning(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    digests = Digests(tmp_path / "cache" / "digests.json")
    digests.of(file)
    digests.save()
    assert "the digests of files cannot be kept in" in caplog.text
