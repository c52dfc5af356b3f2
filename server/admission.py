"""Admission: a request to run a prompt becomes a job that is kept, or a refusal that says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from safelight.core.error import SafelightError
from safelight.core.registry import Registry
from server.answer import Refused, dump
from server.job.record import DuplicateJob, Job, NewJob, StoreFull
from server.state import State
from server.verdict import Verdict, judge
from server.wish import Unacceptable, Wish, must_be_sayable, refused

PATIENCE = 30.0
"""Seconds that a prompt waits for a worker to say which nodes its packs have."""
ASK_PATIENCE = 5.0
"""Seconds that a worker gets to check nodes of packs."""
GLANCE = 0.1
SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")
"""What clients of ComfyUI send along for services that are not used here: it is never kept."""
TITLE = 200
"""Characters of a job's title."""
SMALL = 500
"""Nodes up to which a prompt counts as small."""
SMALL_ONES = ThreadPoolExecutor(1, thread_name_prefix="admission")
T = TypeVar("T")


@dataclass(frozen=True)
class Admitted:
    """A job that is kept, and what is wrong with those of its outputs that will not be run."""

    job: Job
    node_errors: dict[str, Any]


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
        raise refused("invalid_prompt_id", "The prompt_id is taken", str(error)) from error
    except StoreFull as error:
        raise Refused(507, error.kind, "The job cannot be kept", str(error)) from error
    return Admitted(job, verdict.node_errors)


def _new_job(wish: Wish, verdict: Verdict) -> NewJob:
    must_be_sayable(wish)
    extra = {name: value for name, value in wish.extra_data.items() if name not in SECRETS}
    title = wish.title or _title(extra, verdict)
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
        title=title,
        workflow_id=_workflow_id(extra),
        texts="\n".join([title, *verdict.texts]),
        models=verdict.models,
        seeds=verdict.seeds,
    )


def _title(extra: Mapping[str, Any], verdict: Verdict) -> str:
    """What a job without a title is called: as its workflow is, else as the first of its outputs that is."""
    workflow = _workflow(extra)
    inner = workflow.get("extra")
    named = [workflow.get("name"), inner.get("name") if isinstance(inner, dict) else None]
    nodes = (verdict.graph.nodes.get(root) for root in verdict.roots)
    named += [node.title for node in nodes if node is not None]
    return next((text.strip()[:TITLE] for text in named if isinstance(text, str) and text.strip()), "")


def _workflow(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    info = extra.get("extra_pnginfo")
    workflow = info.get("workflow") if isinstance(info, dict) else None
    return workflow if isinstance(workflow, dict) else {}


def _workflow_id(extra: Mapping[str, Any]) -> str | None:
    id = _workflow(extra).get("id")
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
    verdict = judge(wish.prompt, registry, state.folders, wish.targets, found, any_node=wish.any_node)
    return verdict, (_new_job(wish, verdict) if verdict.error is None else None)


async def _examine_strange(state: State, wish: Wish) -> tuple[Verdict, NewJob | None]:
    """The same for a prompt with nodes of packs: what the server finds out, and what their worker does."""
    registry = await known_types(state, _strange(state, wish))
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


async def known_types(state: State, strange: set[str]) -> Registry:
    """All node types, after a bounded wait for the worker if only its packs can have what is asked for."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not strange.issubset(state.catalogue.packs) and _is_starting(state):
        if asyncio.get_running_loop().time() > end:
            break
        await asyncio.sleep(GLANCE)
    return state.catalogue.everything


def _is_starting(state: State) -> bool:
    """Whether no worker has yet said what its packs have, but one will."""
    states = {worker.state for worker in state.pool.workers()}
    return state.opening.is_set() or ("starting" in states and states.isdisjoint({"idle", "busy"}))
