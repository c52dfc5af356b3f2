"""Order: a workflow in any dialect, with other values for some inputs, as a wish that can be admitted."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import uuid4

from safelight.compat import Document, assign, find, make_ready, parse_value, target
from safelight.core.error import BadInput, SafelightError
from safelight.core.registry import Registry
from safelight.core.spec import InputSpec
from server.complaint import flaw
from server.schema import Means
from server.state import State
from server.verdict import Verdict, judge
from server.wish import Unacceptable, Wish


@dataclass(frozen=True)
class RunRequest:
    """A workflow to run, or to check."""

    workflow: Annotated[dict[str, Any], Means("The editor's JSON or API-format JSON.")]
    set: Annotated[
        dict[str, Any],
        Means("Values for inputs, by `NODE.INPUT`; a node is named by its title, its type or its id."),
    ] = field(default_factory=dict)
    only: Annotated[
        list[str], Means("Run only these nodes, by title, type or id, and what they need; any will do.")
    ] = field(default_factory=list)
    partial: Annotated[bool, Means("Run what can be run, though other outputs have problems.")] = False
    wait: Annotated[
        float, Means("Seconds to wait for the job to end before answering.", minimum=0, maximum=3600)
    ] = 0.0
    front: Annotated[bool, Means("Run before all that waits.")] = False
    title: Annotated[str, Means("What to call the job in the history.", maxLength=200)] = ""
    client_id: Annotated[str | None, Means("Whose sockets are to hear of it.", maxLength=200)] = None


@dataclass(frozen=True)
class Order:
    """What a request comes to."""

    wish: Wish
    verdict: Verdict
    notices: list[str]


def read_order(state: State, request: RunRequest, document: Document) -> Order:
    """Make a document ready and judge it. Refused or SafelightError says what is wrong with the request.

    It reads files, so it is to be called in a thread.
    """
    registry = state.catalogue.everything
    document = _changed(document, registry, request.set)
    ready = make_ready(document, registry, state.folders)
    targets = [find(ready.graph, name, registry) for name in request.only] or None
    wrong = flaw(ready.prompt)
    if wrong is not None:
        raise Unacceptable(wrong)
    verdict = judge(ready.prompt, registry, state.folders, targets, any_node=True)
    info = {"extra_pnginfo": {"workflow": ready.workflow}} if ready.workflow is not None else {}
    client = {"client_id": request.client_id} if request.client_id else {}
    wish = Wish(
        id=str(uuid4()),
        prompt=ready.prompt,
        extra_data={**info, **client},
        client_id=request.client_id,
        front=request.front,
        targets=targets,
        any_node=True,
        dialect=document.dialect,
        title=request.title,
    )
    return Order(wish, verdict, list(dict.fromkeys(map(str, ready.notices))))


def _changed(document: Document, registry: Registry, values: Mapping[str, Any]) -> Document:
    """The document with other values."""
    if not values:
        return document
    changed = Document(copy.deepcopy(document.tree))
    for name, value in values.items():
        id, one = target(changed, registry, name)
        try:
            assign(changed, registry, id, one.name, _read(one, value))
        except SafelightError as error:
            raise error.at(node=id, input=one.name, **_named(document, registry, id)) from None
    return changed


def _read(one: InputSpec, value: Any) -> Any:
    """A value for an input, or what a text means for it. BadInput if it is none."""
    if isinstance(value, str):
        return parse_value(one, value)
    if one.widget is not None and (refusal := one.widget.refusal(value)) is not None:
        raise BadInput(one.name, *refusal)
    return value


def _named(document: Document, registry: Registry, id: str) -> dict[str, str]:
    """The type and title of a node, for a person who does not know ids."""
    node = next((node for node in document.nodes(registry) if node.id == id), None)
    return {"type": node.type, "title": node.title} if node is not None else {}


def must_be_whole(request: RunRequest, verdict: Verdict) -> None:
    """Refused if anything is wrong, unless a part is enough."""
    if verdict.error is not None or (verdict.node_errors and not request.partial):
        error = verdict.error or {
            "type": "prompt_outputs_failed_validation",
            "message": "Some outputs cannot be run",
            "details": "Mend what node_errors names, or send partial: true to run the others.",
            "extra_info": {},
        }
        raise Unacceptable(error, verdict.node_errors)
