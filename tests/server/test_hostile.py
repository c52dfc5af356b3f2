"""Requests that nobody honest sends: each gets a 4xx with a sentence, and the server goes on."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

JSON = {"Content-Type": "application/json"}
TEXT = {"class_type": "PrimitiveString", "inputs": {"value": "x"}}
SHOW = {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}
EMPTY = {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}}
OUTSIDE = ("../../etc/passwd", "/etc/passwd", "..\\..\\secret.png", "C:\\secret.png", "x\0.png")


@pytest.fixture(autouse=True)
def _still_alive(live: Any) -> Iterator[None]:
    yield
    assert live.get("/safelight/health").status == 200


def prompt(**nodes: Any) -> dict[str, Any]:
    return {"prompt": {name.lstrip("n"): node for name, node in nodes.items()}}


def saved(prefix: Any) -> dict[str, Any]:
    return prompt(
        n1=EMPTY, n2={"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": prefix}}
    )


def loaded(name: Any) -> dict[str, Any]:
    load = {"class_type": "LoadImage", "inputs": {"image": name}}
    return prompt(n1=load, n2={"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}})


def deep_chain(length: int) -> dict[str, Any]:
    """So many nodes in a row, and at their end one whose input is missing."""
    nodes: dict[str, Any] = {"0": {"class_type": "StringReplace", "inputs": {}}}
    for place in range(1, length):
        nodes[str(place)] = {
            "class_type": "StringReplace",
            "inputs": {"string": [str(place - 1), 0], "find": "a", "replace": "b"},
        }
    return {
        "prompt": {**nodes, "end": {"class_type": "PreviewAny", "inputs": {"source": [str(length - 1), 0]}}}
    }


CYCLE = prompt(
    n1={"class_type": "StringTrim", "inputs": {"string": ["2", 0], "mode": "Both"}},
    n2={"class_type": "StringTrim", "inputs": {"string": ["1", 0], "mode": "Both"}},
    n3=SHOW,
)


@pytest.mark.parametrize(
    ("tree", "word"),
    [
        (CYCLE, "circle"),
        (
            prompt(n1={"class_type": "StringTrim", "inputs": {"string": ["1", 0], "mode": "Both"}}, n2=SHOW),
            "circle",
        ),
        (deep_chain(5000), "string"),
        (prompt(n1=TEXT, n2={"class_type": "PreviewAny", "inputs": {}}), "source"),
        (prompt(n2={"class_type": "PreviewAny", "inputs": {"source": ["99", 0]}}), "99"),
        (prompt(n1=TEXT, n2={"class_type": "PreviewAny", "inputs": {"source": ["1", 7]}}), "7"),
        (prompt(n1={"class_type": "PreviewAny"}), "source"),
        (prompt(n1={"class_type": "NoSuchNode", "inputs": {}}), "NoSuchNode"),
        (prompt(n1=TEXT), "SaveImage"),
        ({"prompt": {}}, "SaveImage"),
        ({"prompt": []}, "object"),
        ({"prompt": "x"}, "object"),
        ({"prompt": {"1": "x"}}, "'1'"),
        ({"prompt": {"1": {"class_type": 5}}}, "class_type"),
        ({"prompt": {"1": {"class_type": "PreviewAny", "inputs": []}}}, "inputs"),
        ({}, "prompt"),
        ([], "prompt"),
        ("x", "prompt"),
        (saved("../out"), "prefix"),
        (saved("/tmp/out"), "prefix"),
        (saved("a\0b"), "prefix"),
        (saved("a" * 5000), "prefix"),
        (saved(["1", 0]), "filename_prefix"),
        *((loaded(name), "image") for name in OUTSIDE),
        (loaded(""), "image"),
        (loaded(5), "image"),
        ({**prompt(n1=TEXT, n2=SHOW), "prompt_id": "../../x"}, "UUID"),
        ({**prompt(n1=TEXT, n2=SHOW), "number": "first"}, "number"),
        ({**prompt(n1=TEXT, n2=SHOW), "extra_data": [1]}, "object"),
        ({**prompt(n1=TEXT, n2=SHOW), "client_id": {"a": 1}}, "client_id"),
        ({**prompt(n1=TEXT, n2=SHOW), "partial_execution_targets": "2"}, "targets"),
        ({**prompt(n1=TEXT, n2=SHOW), "extra_data": {"preview_method": "oil"}}, "latent2rgb"),
        ({**prompt(n1=TEXT, n2=SHOW), "extra_data": {"preview_method": [1]}}, "latent2rgb"),
        ({"prompt": {"1": TEXT, "2": SHOW, "\ud800": TEXT}}, "half a character"),
    ],
)
def test_a_prompt_that_cannot_be_run_is_refused_in_words(live: Any, tree: Any, word: str) -> None:
    answer = live.post("/prompt", tree)
    assert answer.status == 400
    assert word in json.dumps(answer.tree)
    assert "Traceback" not in answer.body.decode()
    assert str(Path(__file__).parents[2]) not in answer.body.decode()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("1.width", "abc", ["node '1' (EmptyImage)", "input 'width'", "'abc' is not a whole number"]),
        ("1.width", 0, ["node '1' (EmptyImage)", "input 'width'"]),
        ("Keep it.images", "x", ["node '2' (SaveImage, 'Keep it')", "input 'images'"]),
    ],
)
def test_a_value_that_an_input_cannot_have_is_told_with_its_node(
    live: Any, name: str, value: Any, words: list[str]
) -> None:
    nodes = saved("x")["prompt"]
    nodes["2"]["_meta"] = {"title": "Keep it"}
    answer = live.post("/safelight/run", {"workflow": nodes, "set": {name: value}})
    assert answer.status == 400
    assert [word for word in words if word not in answer.problem] == []


def test_half_a_character_as_an_id_is_refused_by_each_way_to_run(live: Any) -> None:
    nodes = {"1": TEXT, "2": SHOW, "\ud800": TEXT}
    for path in ("/safelight/run", "/safelight/check"):
        answer = live.post(path, {"workflow": nodes})
        assert answer.status == 400
        assert "half a character" in answer.body.decode()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e30", "9" * 5000])
def test_numbers_that_are_none_are_refused(live: Any, number: str) -> None:
    body = json.dumps(saved("x")).replace('"width": 8', f'"width": {number}')
    assert live.ask("POST", "/prompt", body, JSON).status == 400


def test_a_real_number_that_is_none_is_refused(live: Any) -> None:
    scale = {
        "class_type": "ImageScaleBy",
        "inputs": {"image": ["1", 0], "upscale_method": "area", "scale_by": 1},
    }
    save = {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "x"}}
    body = json.dumps(prompt(n1=EMPTY, n2=scale, n3=save)).replace('"scale_by": 1', '"scale_by": NaN')
    answer = live.ask("POST", "/prompt", body, JSON)
    assert answer.status == 400
    assert "finite" in answer.body.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"not json",
        b"{",
        b'{"prompt": ',
        b"\xff\xfe\x00",
        b"\x80abc",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"prompt": {"1": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b"123",
        b"null",
        b'"\\ud800"',
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/prompt",
        "/queue",
        "/history",
        "/interrupt",
        "/free",
        "/api/jobs/cancel",
        "/settings",
        "/safelight/run",
        "/safelight/check",
        "/safelight/queue",
    ],
)
def test_a_body_that_is_no_good_is_refused_or_taken_as_empty(live: Any, path: str, body: bytes) -> None:
    answer = live.ask("POST", path, body, JSON)
    empty = not body.strip() and path in ("/queue", "/history", "/interrupt", "/free", "/settings")
    assert answer.status == (200 if empty else 400)
    assert empty or answer.tree["error"]


@pytest.mark.parametrize("path", ["/prompt", "/settings/x", "/userdata/x.json", "/upload/image"])
def test_a_body_that_is_not_packed_as_it_says_is_refused(live: Any, path: str) -> None:
    type = "multipart/form-data; boundary=edge" if path.startswith("/upload") else "application/json"
    headers = {"Content-Type": type, "Content-Encoding": "gzip"}
    answer = live.ask("POST", path, b"no gzip", headers)
    assert answer.status == 400
    assert answer.tree["error"]["message"]


def test_a_body_that_is_no_json_is_told_without_advice_about_workflows(live: Any) -> None:
    assert "workflow" not in live.ask("POST", "/settings/x", b"{", JSON).problem


def test_a_body_that_is_too_large_is_refused_before_it_is_read(live: Any) -> None:
    head = b"POST /prompt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    assert live.raw(head + b"x" * 1000, patience=1).startswith(b"HTTP/1.1 413")


def test_chunks_without_end_are_cut_off(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.bound.BODY", 2**20)
    head = b"POST /settings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
    got = live.raw(head + chunk * 80, patience=2)
    assert got.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/9.9",
        b"GET  HTTP/1.1",
        b"\x00\x01\x02",
        b"GET " + b"/" + b"a" * 70_000 + b" HTTP/1.1",
        b"GET /%00 HTTP/1.1",
        b"GET /%ff%fe HTTP/1.1",
        b"GET //etc/passwd HTTP/1.1",
        b"GET /../../etc/passwd HTTP/1.1",
        b"GET /..%2f..%2fetc/passwd HTTP/1.1",
        b"GET /assets/..%5c..%5cx HTTP/1.1",
        b"BREW /queue HTTP/1.1",
        b"PUT /prompt HTTP/1.1",
    ],
)
def test_an_odd_first_line_is_a_client_error(live: Any, request_line: bytes) -> None:
    got = live.raw(request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n", patience=5)
    assert got.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert b"root:" not in got


@pytest.mark.parametrize(
    "line", [b"GET * HTTP/1.1", b"GET x HTTP/1.1", b"GET / HTTP/9.9", b"GET /a b HTTP/1.1"]
)
def test_what_is_no_http_leaves_no_traceback_in_the_log(
    live: Any, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    got = live.raw(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n", patience=5)
    assert got.startswith(b"HTTP/1.0 400")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "max_items=-5",
        "max_items=many",
        "offset=1e9",
        "max_items=" + "9" * 400,
    ],
)
def test_parameters_that_are_no_numbers_are_refused(live: Any, query: str) -> None:
    answer = live.get(f"/history?{query}")
    assert answer.status == 400
    assert "whole number" in answer.tree["error"]["details"]


def test_a_foreign_page_cannot_use_a_form_that_needs_no_leave(live: Any) -> None:
    headers = {"Content-Type": "text/plain", "Origin": "http://evil.org"}
    assert live.ask("POST", "/prompt", json.dumps(prompt(n1=TEXT, n2=SHOW)), headers).status == 403


def test_a_client_that_goes_in_the_middle_of_what_it_sends_leaves_no_file_and_no_failure_in_the_log(
    live: Any,
) -> None:
    head = (
        "POST /upload/image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
        "Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
        '--edge\r\nContent-Disposition: form-data; name="image"; filename="gone.png"\r\n\r\n'
    )
    with socket.create_connection((live.host, live.port)) as upload:
        upload.sendall(head.encode() + b"x" * 500_000)
        until(lambda: drafts(live))
    until(lambda: not drafts(live))
    answer = live.ask("POST", "/prompt", b"no gzip at all", {"Content-Encoding": "gzip"})
    assert (answer.status, answer.tree["error"]["type"]) == (400, "bad_body")
    assert not (live.data / "input" / "gone.png").exists()
    assert "Traceback" not in live.get("/internal/logs").tree


def drafts(live: Any) -> list[Path]:
    return list((live.data / "temp").glob(".upload*"))


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
