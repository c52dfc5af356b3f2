from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.guard import Guard, is_loopback, needs_token, split_host
from server.option import Options

SECRET = "the-token-of-this-test"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:8188", "localhost"),
        ("[::1]:8188", "::1"),
        ("EXAMPLE.org.", "example.org"),
        ("user@localhost", ""),
        ("localhost:99999", ""),
        ("localhost/evil", ""),
        ("", ""),
        ("[::1", ""),
    ],
)
def test_a_host_header_is_read_strictly(host: str, name: str) -> None:
    assert split_host(host)[0] == name


@pytest.mark.parametrize(
    ("host", "fine"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("app.localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("localhost.evil.org", False),
        ("127.0.0.1.evil.org", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, fine: bool) -> None:
    assert is_loopback(host) is fine
    assert needs_token(host, ()) is not fine


@pytest.mark.parametrize(
    ("bound", "allowed", "host", "fine"),
    [
        ("127.0.0.1", (), "127.0.0.1:8188", True),
        ("127.0.0.1", (), "localhost:1", True),
        ("127.0.0.1", (), "[::1]:8188", True),
        ("127.0.0.1", (), "evil.org:8188", False),
        ("127.0.0.1", (), "192.168.1.5:8188", False),
        ("127.0.0.1", ("studio.example",), "studio.example", True),
        ("127.0.0.1", ("studio.example:8443",), "studio.example:8443", True),
        ("127.0.0.1", ("studio.example:8443",), "studio.example:80", False),
        ("0.0.0.0", (), "192.168.1.5:8188", True),
        ("0.0.0.0", (), "evil.org:8188", False),
        ("studio.example", (), "studio.example:8188", True),
    ],
)
def test_only_names_of_this_server_are_admitted(
    bound: str, allowed: tuple[str, ...], host: str, fine: bool
) -> None:
    assert Guard(bound, allowed).admits(host) is fine


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.org"}, 403),
        ({"Host": "evil.org", "Origin": "http://evil.org"}, 403),
        ({"Origin": "http://evil.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "file://127.0.0.1"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/queue", "/api/queue", "/safelight/health", "/ws"])
def test_pages_of_others_are_refused(live: Any, path: str, headers: dict[str, str], status: int) -> None:
    answer = live.ask("GET", path, headers=headers)
    wanted = 400 if path == "/ws" and status == 200 else status  # it is no socket handshake
    assert answer.status == wanted
    if status == 403:
        assert answer.problem


def test_a_link_to_the_page_can_be_followed_but_not_framed(live: Any) -> None:
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert live.ask("GET", "/", headers=visit).status == 200
    assert live.ask("GET", "/", headers={**visit, "Sec-Fetch-Dest": "iframe"}).status == 403
    assert live.ask("POST", "/", headers=visit).status == 403


def test_the_page_that_the_server_serves_may_speak_to_it(live: Any) -> None:
    assert live.ask("GET", "/queue", headers={"Origin": live.address}).status == 200


def test_every_answer_has_the_headers_that_browsers_heed(live: Any) -> None:
    for path in ("/", "/queue", "/nothing-here", "/view?filename=../x"):
        headers = live.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
    assert "script-src 'self'" in live.get("/").headers["Content-Security-Policy"]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory, start: Any) -> Any:
    with start(Options(tmp_path_factory.mktemp("locked"), token=SECRET)) as server:
        yield server


@pytest.mark.parametrize(
    "path", ["/queue", "/object_info", "/view?filename=x.png", "/safelight/health", "/x"]
)
def test_without_the_token_nothing_is_told(locked: Any, path: str) -> None:
    answer = locked.get(path)
    assert (answer.status, answer.tree["error"]["type"]) == (401, "token_required")
    assert locked.get(path, Authorization="Bearer wrong").status == 401
    assert locked.get(f"{path}{'&' if '?' in path else '?'}token={SECRET}").status == 401


@pytest.mark.parametrize("header", [{"Authorization": f"Bearer {SECRET}"}, {"X-Safelight-Token": SECRET}])
def test_the_token_is_taken_in_a_header(locked: Any, header: dict[str, str]) -> None:
    assert locked.ask("GET", "/queue", headers=header).status == 200


def test_a_socket_takes_the_token_behind_the_question_mark(locked: Any) -> None:
    assert locked.get(f"/ws?token={SECRET}").status == 400  # let in, though it is no handshake
    assert locked.get("/ws?token=wrong").status == 401


def test_a_person_logs_in_once_and_has_a_cookie_that_is_not_the_token(locked: Any) -> None:
    page = locked.get("/", Accept="text/html")
    assert page.status == 401
    assert b'name="token"' in page.body
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    wrong = locked.ask("POST", "/safelight/login", "token=guess", kind)
    assert wrong.status == 401
    assert "Set-Cookie" not in wrong.headers
    right = locked.ask("POST", "/safelight/login", f"token={SECRET}", kind)
    assert (right.status, right.headers["Location"]) == (303, "/")
    cookie = right.headers["Set-Cookie"]
    assert SECRET not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert locked.get("/queue", Cookie=cookie.split(";")[0]).status == 200
    assert locked.get("/queue", Cookie="safelight_token=forged").status == 401


def test_a_login_with_too_many_fields_is_refused_in_words(locked: Any) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = locked.ask("POST", "/safelight/login", "&".join(["a=b"] * 50), kind)
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_form")
    answer = locked.ask("POST", "/safelight/login", "token=" + "x" * 5000, kind)
    assert (answer.status, answer.problem) == (413, "The body is larger than 4 KiB.")


def test_the_address_that_is_printed_logs_in_and_loses_the_token(locked: Any) -> None:
    answer = locked.get(f"/?token={SECRET}&x=1")
    assert (answer.status, answer.headers["Location"]) == (303, "/?x=1")
    assert "Set-Cookie" in answer.headers


def test_a_cookie_does_not_open_the_door_to_other_pages(locked: Any) -> None:
    cookie = locked.get(f"/?token={SECRET}").headers["Set-Cookie"].split(";")[0]
    answer = locked.ask("POST", "/queue", "{}", {"Cookie": cookie, "Origin": "http://evil.org"})
    assert answer.status == 403


def test_nothing_of_the_token_is_logged(locked: Any, caplog: pytest.LogCaptureFixture) -> None:
    from server.log import redact

    assert SECRET not in redact(f"GET /ws?token={SECRET}&x=1 Authorization: Bearer {SECRET}")
    assert (
        SECRET not in locked.ask("GET", "/internal/logs", headers={"X-Safelight-Token": SECRET}).body.decode()
    )


def test_a_proxy_is_let_in_by_its_name(tmp_path: Path, start: Any) -> None:
    with start(Options(tmp_path, allowed_hosts=("studio.example",), token=SECRET)) as server:
        headers = {"Host": "studio.example", "Origin": "https://studio.example", "X-Safelight-Token": SECRET}
        assert server.ask("GET", "/queue", headers=headers).status == 200
        assert server.ask("GET", "/queue", headers={**headers, "Host": "other.example"}).status == 403
