"""Clients that are slow, silent or gone cannot hold the server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from safelight.core.error import SafelightError
from server.listen import bind
from server.option import Options


def test_a_connection_without_a_request_is_put_out_and_others_go_on(tmp_path: Path, start: Any) -> None:
    with start(Options(tmp_path), silence=0.5) as server:
        silent = [socket.create_connection((server.host, server.port)) for _ in range(100)]
        for connection in silent[::2]:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert server.get("/queue").status == 200
        time.sleep(1.0)
        for connection in silent:
            connection.settimeout(5)
            with contextlib.suppress(ConnectionError):
                assert connection.recv(1) == b""
            connection.close()


def test_one_address_cannot_have_all_connections(
    tmp_path: Path, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.door.CONNECTIONS_MAX", 5)
    with start(Options(tmp_path)) as server:
        held = [socket.create_connection((server.host, server.port)) for _ in range(5)]
        answer = server.get("/queue")
        assert (answer.status, b"Too many connections" in answer.body) == (503, True)
        for connection in held:
            connection.close()
        end = time.monotonic() + 60
        while server.get("/queue").status != 200 and time.monotonic() < end:
            time.sleep(0.02)
        assert [server.get("/queue").status for _ in range(20)] == [200] * 20


@pytest.mark.skipif(sys.platform == "win32", reason="this bound is one of Unix")
def test_a_server_may_open_more_files_than_most_systems_give_a_process_at_first() -> None:
    text = """
import resource
from server.listen import allow_files
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
allow_files(2000)
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (min(2000, hard), hard))
allow_files(1000)
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (min(2000, hard), hard))
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


@pytest.mark.parametrize(
    ("host", "word"),
    [
        ("no.such.name.invalid", "not an address of this machine"),
        ("a" * 70, "not an address"),
        ("203.0.113.9", "not an address"),
    ],
)
def test_a_host_that_is_not_this_machine_is_told_as_that(host: str, word: str) -> None:
    with pytest.raises(SafelightError) as caught:
        bind(host, 0)
    assert word in str(caught.value)


def test_a_port_that_is_taken_is_told_as_that() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(SafelightError) as caught:
        bind("127.0.0.1", taken.getsockname()[1])
    assert "running there already" in str(caught.value)


def test_a_body_that_does_not_arrive_is_given_up(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.bound.PATIENCE", 0.3)
    head = b"POST /prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    assert live.raw(head, patience=2).startswith(b"HTTP/1.1 408")


def test_an_upload_that_falls_silent_leaves_nothing(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.bound.SILENCE", 0.3)
    head = (
        b"POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n--edge\r\n"
        b'Content-Disposition: form-data; name="image"; filename="slow.png"\r\n\r\nxxxx'
    )
    assert live.raw(head, patience=2).startswith(b"HTTP/1.1 408")
    assert not list((live.data / "temp").glob(".upload*"))
    assert not (live.data / "input" / "slow.png").exists()


def test_a_client_that_leaves_in_the_middle_of_an_upload_leaves_nothing(live: Any) -> None:
    head = (
        b"POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n--edge\r\n"
        b'Content-Disposition: form-data; name="image"; filename="left.png"\r\n\r\nxxxx'
    )
    with socket.create_connection((live.host, live.port)) as connection:
        connection.sendall(head)
        time.sleep(0.2)
    end = time.monotonic() + 5
    while list((live.data / "temp").glob(".upload*")) and time.monotonic() < end:
        time.sleep(0.05)
    assert not list((live.data / "temp").glob(".upload*"))
    assert live.get("/queue").status == 200
