"""Clients told apart: by address, and behind a proxy by what that says of them."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from server import guess
from server.option import Options
from server.peer import FORWARDED, Peers, peer

SECRET = "the-token-of-this-test"


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("/run/socket", "/run/socket"),
        (None, ""),
    ],
)
def test_all_addresses_of_one_line_count_as_one(address: str | None, counts: str) -> None:
    assert peer(address) == counts


@pytest.mark.parametrize(
    ("remote", "forwarded", "counts"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.5", "1.1.1.1", "203.0.113.5"),
        ("/run/socket", "1.1.1.1", "/run/socket"),
    ],
)
def test_only_a_proxy_is_believed_and_only_the_last_client_before_it(
    remote: str, forwarded: str, counts: str
) -> None:
    request = make_mocked_request("GET", "/", {FORWARDED: forwarded}).clone(remote=remote)
    assert Peers(["10.0.0.0/8"]).of(request) == counts
    assert Peers().of(request) == peer(remote)


def test_who_guesses_behind_a_proxy_keeps_nobody_else_out(
    tmp_path: Path, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guess, "PAUSE", 1000.0)
    with start(Options(tmp_path, token=SECRET, proxies=("127.0.0.1",))) as server:

        def asked(client: str, token: str) -> int:
            headers = {"Authorization": f"Bearer {token}", FORWARDED: client}
            return int(server.ask("GET", "/queue", headers=headers).status)

        for number in range(guess.FREE + 1):
            asked("203.0.113.9", f"wrong{number}")
        assert asked("203.0.113.9", SECRET) == 429
        assert asked("203.0.113.10", SECRET) == 200


def test_the_connections_of_a_proxy_are_not_counted_as_one_client_s(
    tmp_path: Path, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.door.CONNECTIONS_MAX", 2)
    with start(Options(tmp_path, proxies=("127.0.0.0/8",))) as server:
        held = [socket.create_connection((server.host, server.port)) for _ in range(5)]
        assert server.get("/queue").status == 200
        for connection in held:
            connection.close()


@pytest.mark.parametrize(("proxies", "secure"), [(("127.0.0.1",), True), ((), False)])
def test_the_cookie_of_a_client_that_a_proxy_reaches_over_tls_is_never_sent_in_the_clear(
    tmp_path: Path, start: Any, proxies: tuple[str, ...], secure: bool
) -> None:
    with start(Options(tmp_path, token=SECRET, proxies=proxies)) as server:
        answer = server.get(f"/?token={SECRET}", X_Forwarded_Proto="https")
        assert ("secure" in answer.headers["Set-Cookie"].lower()) is secure
