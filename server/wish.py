"""Wish: what a client asks for when it queues a prompt, read from the body of its request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web

from safelight.core.widget import shown
from server.answer import Refused, dump_exactly, reply
from server.complaint import fault, flaw
from server.parameter import CLIENT_LONGEST, is_text

PREVIEWS = ("default", "auto", "latent2rgb", "taesd", "none")
"""How a client can ask to see work in progress."""


class Unacceptable(Refused):
    """A prompt that is not accepted, with the problems of its nodes."""

    def __init__(self, error: Mapping[str, Any], node_errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(400, error["type"], error["message"], error["details"])
        self.error = error
        self.node_errors = node_errors or {}

    def response(self) -> web.Response:
        return reply({"error": self.error, "node_errors": self.node_errors}, 400)


@dataclass(frozen=True)
class Wish:
    """What a client asks for, in its own words, checked for its form."""

    id: str
    prompt: dict[str, Any]
    extra_data: dict[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    token_id: str | None = None
    number: float | None = None
    front: bool = False
    targets: list[str] | None = None
    any_node: bool = False
    """Whether targets need not be outputs: a run to a node in the midst of a graph."""
    dialect: str = "api"
    title: str = ""


def read_wish(body: Any) -> Wish:
    """What the body of `POST /prompt` asks for. Refused if it is none."""
    if not isinstance(body, dict) or body.get("prompt") is None:
        raise refused("no_prompt", "No prompt was sent", 'Send {"prompt": {...}}.')
    extra = _extra_data(body.get("extra_data"))
    client = _text(body.get("client_id", extra.get("client_id")), "client_id")
    wrong = flaw(body["prompt"])
    if wrong is not None:
        raise Unacceptable(wrong)
    return Wish(
        id=_id(body.get("prompt_id")),
        prompt=body["prompt"],
        extra_data={**extra, "client_id": client} if client else extra,
        client_id=client,
        number=_number(body.get("number")),
        front=bool(body.get("front")),
        targets=_targets(body.get("partial_execution_targets")),
    )


def must_be_sayable(wish: Wish) -> None:
    """Refused if what is kept of a wish holds a NaN or an infinity: JSON has no word for them.

    A picture's workflow may: old programs wrote some, and whoever runs the picture cannot mend it. The same
    goes for what they noted beside a node's inputs, which means nothing.
    """
    if wish.dialect != "api":
        return
    kept = {
        "prompt": {id: node.get("inputs") for id, node in wish.prompt.items()},
        "extra_data": wish.extra_data,
    }
    for name, tree in kept.items():
        try:
            dump_exactly(tree)
        except ValueError:
            details = f"It is at {'.'.join(_unsayable(tree))}. Send a number, or null."
            raise refused(f"invalid_{name}", f"The {name} holds NaN or an infinity", details) from None


def _unsayable(tree: Any) -> list[str]:
    """The way to the first number that is none; nothing if there is none."""
    branches = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, inner in branches:
        if isinstance(inner, float) and not isfinite(inner):
            return [str(name)]
        if way := _unsayable(inner):
            return [str(name), *way]
    return []


def refused(type: str, message: str, details: str) -> Unacceptable:
    """A refusal of the whole, to be raised."""
    return Unacceptable(fault(type, message, details))


def _id(value: Any) -> str:
    if value is None:
        return str(uuid4())
    try:
        good = isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        good = False
    if not good:
        details = f"{shown(value)} is not a UUID in lower case. Send one, or none."
        raise refused("invalid_prompt_id", "The prompt_id cannot be used", details)
    return str(value)


def _extra_data(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refused("invalid_extra_data", "The extra_data is not an object", f"It is {shown(value)}.")
    method = value.get("preview_method")
    if method is not None and method not in PREVIEWS:
        details = f"It is {shown(method)}. Send one of {', '.join(PREVIEWS)}, or none."
        raise refused("invalid_preview_method", "The preview_method is unknown", details)
    return value


def _text(value: Any, name: str) -> str | None:
    if value is None:
        return None
    if not is_text(value, CLIENT_LONGEST):
        details = f"It is {shown(value)}. Send at most {CLIENT_LONGEST} characters."
        raise refused(f"invalid_{name}", f"The {name} is not a short text", details)
    return str(value) or None


def _number(value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise refused("invalid_number", "The number is none", f"It is {shown(value)}. Send a finite number.")
    return number


def _targets(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(id, (str, int)) for id in value):
        details = f"It is {shown(value)}. Send a list of node ids."
        raise refused("invalid_targets", "The partial_execution_targets are not a list of ids", details)
    return [str(id) for id in value]
