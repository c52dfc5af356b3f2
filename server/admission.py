"""Admission: a request to run a prompt becomes a job that is kept, or a refusal that says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeVar
from uuid import UUID, uuid4

from aiohttp import web

from safelight.core.error import SafelightError
from safelight.core.registry import Registry
from safelight.core.widget import shown
from server.answer import Refused, dump, reply
from server.foreign import with_packs
from server.job.record import DuplicateJob, Job, NewJob, StoreFull
from server.parameter import is_text
from server.state import State
from server.verdict import Verdict, fault, flaw, judge

PATIENCE = 30.0
"""Seconds that a prompt waits for a worker to say which nodes its packs have."""
ASK_PATIENCE = 5.0
"""Seconds that a worker gets to check nodes of packs."""
GLANCE = 0.1
SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")
"""What clients of ComfyUI send along for services that are not used here: it is never kept."""
TEXT_LONGEST = 1000
SMALL = 500
"""Nodes up to which a prompt counts as small."""
SMALL_ONES = ThreadPoolExecutor(1, thread_name_prefix="admission")
T = TypeVar("T")


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
    dialect: str = "api"
    title: str = ""


@dataclass(frozen=True)
class Admitted:
    """A job that is kept, and what is wrong with those of its outputs that will not be run."""

    job: Job
    node_errors: dict[str, Any]


def read_wish(body: Any) -> Wish:
    """What the body of `POST /prompt` asks for. Refused if it is none."""
    if not isinstance(body, dict) or body.get("prompt") is None:
        raise _refused("no_prompt", "No prompt was sent", 'Send {"prompt": {...}}.')
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


async def admit(state: State, wish: Wish) -> Admitted:
    """Keep a job that does what is wished, as far as it can be done.

    Refused says why it cannot: Unacceptable for a prompt without a valid output, else 507 for a full disk.
    """
    verdict, new = await _beside(wish, _examine, state, wish)
    if verdict is None:
        verdict, new = await _examine_strange(state, wish)
    if verdict.error is not None:
        raise Unacceptable(verdict.error, verdict.node_errors)
    assert new is not None
    try:
        job = await state.jobs.accept(new)
    except DuplicateJob as error:
        raise _refused("invalid_prompt_id", "The prompt_id is taken", str(error)) from error
    except StoreFull as error:
        raise Refused(507, error.kind, "The job cannot be kept", str(error)) from error
    return Admitted(job, verdict.node_errors)


def _new_job(wish: Wish, verdict: Verdict) -> NewJob:
    extra = {name: value for name, value in wish.extra_data.items() if name not in SECRETS}
    return NewJob(
        id=wish.id,
        prompt=dump(wish.prompt),
        roots=verdict.roots,
        graph=dump(verdict.graph.as_tree()) if verdict.changed else None,
        extra_data=dump(extra),
        dialect=wish.dialect,
        client_id=wish.client_id,
        token_id=wish.token_id,
        number=wish.number,
        front=wish.front,
        title=wish.title,
        workflow_id=_workflow_id(extra),
        texts="\n".join([wish.title, *verdict.texts]),
        models=verdict.models,
        seeds=verdict.seeds,
    )


def _workflow_id(extra: Mapping[str, Any]) -> str | None:
    info = extra.get("extra_pnginfo")
    workflow = info.get("workflow") if isinstance(info, dict) else None
    id = workflow.get("id") if isinstance(workflow, dict) else None
    return id if isinstance(id, str) else None


# -- node types


def _strange(state: State, wish: Wish) -> set[str]:
    """The node types of a prompt that are not built in."""
    return {node["class_type"] for node in wish.prompt.values() if node["class_type"] not in state.registry}


def _examine(state: State, wish: Wish) -> tuple[Verdict | None, NewJob | None]:
    """What there is to say about a prompt, and the job that it makes; nothing if packs are to be asked."""
    if _strange(state, wish):
        return None, None
    return _judged(state, wish, state.registry)


def _judged(
    state: State, wish: Wish, registry: Registry, found: Sequence[Mapping[str, Any]] = ()
) -> tuple[Verdict, NewJob | None]:
    verdict = judge(wish.prompt, registry, state.folders, wish.targets, found)
    return verdict, (_new_job(wish, verdict) if verdict.error is None else None)


async def _examine_strange(state: State, wish: Wish) -> tuple[Verdict, NewJob | None]:
    """The same for a prompt with nodes of packs: what the server finds out, and what their worker does."""
    registry = await _with_packs(state, _strange(state, wish))
    verdict, new = await _beside(wish, _judged, state, wish, registry)
    found = await _ask(state, verdict) if new is not None else []
    return await _beside(wish, _judged, state, wish, registry, found) if found else (verdict, new)


async def _beside(wish: Wish, function: Callable[..., T], *args: Any) -> T:
    """Do what takes a while beside the loop; small prompts one after the other, so that it has one rival."""
    line = SMALL_ONES if len(wish.prompt) <= SMALL else None
    return await asyncio.get_running_loop().run_in_executor(line, function, *args)


async def _ask(state: State, verdict: Verdict) -> list[dict[str, Any]]:
    """The problems that packs find in their own nodes; none if no worker answers: it looks again later."""
    question = {"graph": verdict.graph.as_tree(), "roots": verdict.roots}
    try:
        answer = await state.pool.ask("validate", question, patience=ASK_PATIENCE)
    except SafelightError:
        return []
    return [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []


async def _with_packs(state: State, strange: set[str]) -> Registry:
    """All node types, after a bounded wait for the worker if only its packs can have what is asked for."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not strange.issubset(state.catalogue.packs) and _is_starting(state):
        if asyncio.get_running_loop().time() > end:
            break
        await asyncio.sleep(GLANCE)
    return with_packs(state.registry, state.catalogue.packs)


def _is_starting(state: State) -> bool:
    """Whether no worker has yet said what its packs have, but one will."""
    states = {worker.state for worker in state.pool.workers()}
    return "starting" in states and states.isdisjoint({"idle", "busy"})


# -- the form of a request


def _refused(type: str, message: str, details: str) -> Unacceptable:
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
        raise _refused("invalid_prompt_id", "The prompt_id cannot be used", details)
    return str(value)


def _extra_data(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _refused("invalid_extra_data", "The extra_data is not an object", f"It is {shown(value)}.")
    return value


def _text(value: Any, name: str) -> str | None:
    if value is None:
        return None
    if not is_text(value, TEXT_LONGEST):
        details = f"It is {shown(value)}. Send at most {TEXT_LONGEST} characters."
        raise _refused(f"invalid_{name}", f"The {name} is not a short text", details)
    return str(value) or None


def _number(value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not isfinite(number):
        raise _refused("invalid_number", "The number is none", f"It is {shown(value)}. Send a finite number.")
    return number


def _targets(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(id, (str, int)) for id in value):
        details = f"It is {shown(value)}. Send a list of node ids."
        raise _refused("invalid_targets", "The partial_execution_targets are not a list of ids", details)
    return [str(id) for id in value]
