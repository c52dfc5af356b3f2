"""The published description of `/safelight` is true: machines that read it find what it says."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from safelight import hub
from safelight.hub import HubError
from server.app import OURS, SHARED
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
