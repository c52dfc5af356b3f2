"""Fetching models from a hub: a small local stand-in that speaks the hub's HTTP."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy
import pytest
from huggingface_hub import constants
from safetensors.numpy import save

from safelight import hub
from safelight.hub import HubError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LORA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"


class Stand(ThreadingHTTPServer):
    """A hub with one repository of files, which can break off or lie."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.stated: dict[str, str] = {}
        self.break_after: int | None = None
        self.ranges: list[str] = []

    def sha256(self, name: str) -> str:
        return self.stated.get(name) or hashlib.sha256(self.files[name]).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    server: Stand
    protocol_version = "HTTP/1.1"

    def log_message(self, *words: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/api/models/some/repo"):
            self._info()
        elif path.startswith("/some/repo/resolve/"):
            self._file(path.split("/", 5)[5], body)
        else:
            self._send(404, b'{"error": "no such repository"}', {"X-Error-Code": "RepoNotFound"})

    def _info(self) -> None:
        siblings = [
            {
                "rfilename": name,
                "size": len(data),
                "lfs": {"sha256": self.server.sha256(name), "size": len(data), "pointerSize": 1},
            }
            for name, data in self.server.files.items()
        ]
        tree = {
            "id": "some/repo",
            "sha": COMMIT,
            "siblings": siblings,
            "private": False,
            "tags": [],
            "downloads": 0,
        }
        self._send(200, json.dumps(tree).encode(), {"Content-Type": "application/json"})

    def _file(self, name: str, body: bool) -> None:
        data = self.server.files.get(name)
        if data is None:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        headers = {"ETag": f'"{self.server.sha256(name)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        asked, code, part = self.headers.get("Range"), 200, data
        if asked and body:
            self.server.ranges.append(asked)
            first = int(asked.removeprefix("bytes=").split("-")[0])
            code, part = 206, data[first:]
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        self.send_response(code)
        for header, value in {**headers, "Content-Length": str(len(part))}.items():
            self.send_header(header, value)
        self.end_headers()
        if body and self.server.break_after is not None:
            self.wfile.write(part[: self.server.break_after])
            self.server.break_after = 0
            self.close_connection = True
            self.connection.close()
        elif body:
            self.wfile.write(part)

    def _send(self, code: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for header, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    server = Stand()
    server.files["ink.safetensors"] = save({LORA: numpy.ones((4, 768), "float32")})
    server.files["old.ckpt"] = b"\x80"
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", url)
    monkeypatch.setattr(constants, "ENDPOINT", url)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    yield server
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_into_the_folder_that_its_header_tells(stand: Stand, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    kind, path = hub.fetch(
        "some/repo", "ink.safetensors", tmp_path, progress=lambda *words: told.append(words)
    )
    assert (kind, path) == ("loras", tmp_path / "loras" / "ink.safetensors")
    size = len(stand.files["ink.safetensors"])
    assert path.read_bytes() == stand.files["ink.safetensors"]
    assert told[-1] == ("ink.safetensors", size, size)
    assert not (tmp_path / hub.STAGE / "some--repo").exists()


def test_a_broken_transfer_goes_on_where_it_stopped(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 2**16)
    stand.files["big.safetensors"] = save({LORA: numpy.ones((2000, 768), "float32")})
    stand.break_after = 3_000_000
    with pytest.raises(HubError, match="what has arrived is kept"):
        hub.fetch("some/repo", "big.safetensors", tmp_path)
    assert not (tmp_path / "loras").exists()
    stand.break_after = None
    stand.ranges.clear()
    _, path = hub.fetch("some/repo", "big.safetensors", tmp_path)
    assert path.read_bytes() == stand.files["big.safetensors"]
    assert stand.ranges
    assert all(int(one.removeprefix("bytes=").split("-")[0]) > 0 for one in stand.ranges)


def test_a_file_that_is_not_what_the_hub_states_never_becomes_a_model(stand: Stand, tmp_path: Path) -> None:
    stand.stated["ink.safetensors"] = "0" * 64
    with pytest.raises(HubError, match="arrived damaged"):
        hub.fetch("some/repo", "ink.safetensors", tmp_path)
    assert not (tmp_path / "loras").exists()


def test_a_whole_diffusers_repository_becomes_one_model(stand: Stand, tmp_path: Path) -> None:
    stand.files |= {
        "model_index.json": b"{}",
        "unet/model.safetensors": stand.files["ink.safetensors"],
        "x.png": b"",
    }
    kind, path = hub.fetch("some/repo", None, tmp_path)
    assert (kind, path.name) == ("checkpoints", "repo")
    files = {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}
    assert files == {"model_index.json", "unet/model.safetensors", "ink.safetensors"}


@pytest.mark.parametrize(
    ("repository", "file", "words"),
    [
        ("some/repo", "inc.safetensors", "Did you mean 'ink.safetensors'"),
        ("some/repo", "old.ckpt", "is a pickle"),
        ("some/repo", None, "no diffusers repository.*ink.safetensors"),
        ("some/other", "a.safetensors", "there is no repository 'some/other'"),
        ("a b/..", "a.safetensors", "there is no repository"),
    ],
)
def test_what_cannot_be_fetched_is_told_with_what_to_do(
    stand: Stand, tmp_path: Path, repository: str, file: str | None, words: str
) -> None:
    with pytest.raises(HubError, match=words):
        hub.fetch(repository, file, tmp_path)


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "", "c:x"])
def test_a_name_never_leads_out_of_its_folder(stand: Stand, tmp_path: Path, name: str) -> None:
    with pytest.raises(HubError, match="is no "):
        hub.fetch("some/repo", "ink.safetensors", tmp_path, name=name or "..")
    with pytest.raises(HubError, match="is no folder"):
        hub.fetch("some/repo", "ink.safetensors", tmp_path, kind=name or "..")


def test_what_is_there_already_is_not_replaced(stand: Stand, tmp_path: Path) -> None:
    hub.fetch("some/repo", "ink.safetensors", tmp_path)
    with pytest.raises(HubError, match="is there already"):
        hub.fetch("some/repo", "ink.safetensors", tmp_path)
    _, path = hub.fetch("some/repo", "ink.safetensors", tmp_path, name="second.safetensors")
    assert path.name == "second.safetensors"


def test_the_command_line_fetches_and_then_lists(stand: Stand, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "safelight", "models"]
    got = subprocess.run(
        [*words, "--data", str(tmp_path), "get", "some/repo", "ink.safetensors"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert got.returncode == 0, got.stderr
    assert got.stdout.strip() == str(tmp_path / "models" / "loras" / "ink.safetensors")
    listed = subprocess.run(
        [*words, "--data", str(tmp_path), "list", "loras"], capture_output=True, text=True, check=True
    )
    assert "ink.safetensors  Stable Diffusion 1" in listed.stdout
