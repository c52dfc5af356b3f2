"""The published description of `/safelight` is true: machines that read it find what it says."""

from __future__ import annotations

import inspect
import re
import socket
import warnings
from typing import Any

import pytest

from safelight import hub
from safelight.hub import HubError
from server import bound, guard, guess, login, refusal
from server.app import OURS, SHARED
from server.job import StoreFull
from server.route.openapi import OPERATIONS, document


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any, **__: Any) -> None:
        raise HubError("there is no hub here")

    monkeypatch.setattr(hub, "fetch", nothing)


def test_every_route_of_ours_is_described_and_nothing_else() -> None:
    routes = {
        (route.method.lower(), route.path)
        for module in SHARED
        for route in module.ROUTES
        if route.path.startswith(OURS[0])
    }
    assert {(one.method, one.path) for one in OPERATIONS} == routes - {("get", "/safelight/openapi.json")}


def described(one: Any) -> set[int]:
    return {int(status) for status in document()["paths"][one.path][one.method]["responses"]}


def test_every_refusal_that_comes_before_or_beside_a_route_is_described() -> None:
    """Which these are is read from the code, so that a new one is not forgotten."""
    modules = {"guard": (guard, login, guess), "body": (bound,), "error": (refusal,)}
    said = {
        name: {int(status) for one in some for status in SAID.findall(inspect.getsource(one))}
        for name, some in modules.items()
    }
    assert said == {"guard": {400, 401, 403, 429}, "body": {400, 408, 413}, "error": {400, 503, 507}}
    for one in OPERATIONS:
        assert said["guard"] | (said["error"] - {507}) <= described(one), one.path
        if one.method == "post":
            assert said["body"] | said["error"] <= described(one), one.path


SAID = re.compile(r"(?:Refused|refuse|super\(\).__init__)\(\s*(\d{3}),")
POSTS = [one for one in OPERATIONS if one.method == "post"]


@pytest.mark.parametrize("operation", POSTS, ids=lambda one: one.path)
@pytest.mark.parametrize(("length", "status"), [("100", 408), ("99999999999", 413)])
def test_bodies_that_do_not_come_or_are_too_large_are_refused_as_described(
    live: Any, monkeypatch: pytest.MonkeyPatch, operation: Any, length: str, status: int
) -> None:
    monkeypatch.setattr("server.bound.PATIENCE", 0.1)
    path = re.sub(r"\{\w+\}", "x", operation.path)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection((live.host, live.port), timeout=60) as connection:
        connection.sendall(f"{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{{".encode())
        got = connection.recv(4096)
    assert got.startswith(f"HTTP/1.1 {status}".encode())
    assert status in described(operation)


def test_a_queue_that_cannot_be_paused_for_want_of_room_says_so_as_described(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: Any) -> None:
        raise StoreFull("the disk is full")

    monkeypatch.setattr("server.job.store.JobStore.pause", full)
    assert live.post("/safelight/queue", {"paused": True}).status == 507
    assert 507 in described(next(one for one in POSTS if one.path == "/safelight/queue"))


def test_it_is_served(live: Any) -> None:
    assert live.get("/safelight/openapi.json").tree == document()


CASES = [
    (mode, one)
    for one in OPERATIONS
    for mode in ("positive", "negative")
    if mode == "positive" or one.body is not None or one.query is not None
]


@pytest.mark.parametrize(("mode", "operation"), CASES, ids=lambda one: getattr(one, "path", one))
def test_machines_find_what_it_says(live: Any, mode: str, operation: Any) -> None:
    """Requests as described, and requests that break the description in some place, which must be refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from hypothesis import HealthCheck, given, settings
        from schemathesis import GenerationMode
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi.checks import (
            content_type_conformance,
            negative_data_rejection,
            response_schema_conformance,
            status_code_conformance,
        )

        checks = [
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            negative_data_rejection,
        ]
        described = schemathesis.openapi.from_dict(document())
        wanted = described[operation.path][operation.method.upper()]

        @settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=wanted.as_strategy(generation_mode=GenerationMode(mode)))
        def ask(case: Any) -> None:
            if isinstance(case.query, dict) and "wait" in case.query:
                case.query["wait"] = 0
            if isinstance(case.body, dict) and "wait" in case.body:
                case.body["wait"] = 0
            case.call_and_validate(base_url=live.address, checks=checks, timeout=20)

        ask()
