"""Told: what `/safelight` answers, as plain records. The published schema is made from these."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from server.job import Job, Jobs
from server.job.projection import NO_RESULT
from server.schema import Means

StateName = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Failure:
    """Why something was refused."""

    type: Annotated[str, Means("What kind of problem it is, for programs.")]
    message: Annotated[str, Means("What is wrong, in a sentence.")]
    details: Annotated[str, Means("What can be done about it, or more about what is wrong.")]
    extra_info: Annotated[dict[str, Any], Means("Further facts.")]


@dataclass(frozen=True)
class Refusal:
    """The answer to a request that is refused."""

    error: Failure
    node_errors: Annotated[dict[str, Any], Means("By node id: what is wrong with its inputs.")]


@dataclass(frozen=True)
class NodeTold:
    """What became of one node."""

    type: Annotated[str, Means("Its node type.")]
    title: Annotated[str, Means("What it is called in the workflow.")]
    state: Annotated[
        str, Means("`ran`, `memory` or `disk` (a result from before was found), `skipped` or `failed`.")
    ]
    seconds: Annotated[float, Means("How long its body took.")]
    why: Annotated[str, Means("Why it ran, or what was found.")]
    resumed: Annotated[list[int] | None, Means("The step at which it was taken up, and of how many.")] = None


@dataclass(frozen=True)
class FileTold:
    """A file that a node saved or showed."""

    node: Annotated[str, Means("The node's id.")]
    kind: Annotated[str, Means("`images`, `audio`, ...")]
    filename: str
    subfolder: str
    type: Annotated[str, Means("The folder: `output`, `temp` or `input`.")]
    url: Annotated[str, Means("Where it can be had from this server.")]


@dataclass(frozen=True)
class JobTold:
    """A job as it is now."""

    id: str
    state: StateName
    title: str
    created: Annotated[int, Means("Milliseconds since 1970.")]
    started: Annotated[int | None, Means("When its last attempt began.")]
    ended: int | None
    seconds: Annotated[float, Means("How long the last attempt took, in the worker.")]
    attempt: Annotated[int, Means("How often it was begun.")]
    files: Annotated[list[FileTold], Means("What it made that can be fetched.")]
    outputs: Annotated[dict[str, Any], Means("By node id: all that it showed.")]
    nodes: Annotated[
        dict[str, NodeTold], Means("By node id: what became of it, and why. There when the job ended.")
    ]
    error: Annotated[dict[str, Any] | None, Means("What ended it early: node, type, input, problem, remedy.")]
    notices: Annotated[list[str], Means("What was read with tolerance when the job was sent.")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class Pause:
    """Whether further jobs are taken up."""

    paused: bool


async def tell_job(jobs: Jobs, job: Job, notices: list[str] | None = None) -> JobTold:
    """A job with what it made."""
    result = (await jobs.results([job.seq])).get(job.seq, NO_RESULT)
    outputs: dict[str, Any] = json.loads(result.outputs)
    titles = {id: str((node.get("_meta") or {}).get("title", "")) for id, node in job.prompt_tree().items()}
    return JobTold(
        id=job.id,
        state=job.state,
        title=job.title,
        created=job.created,
        started=job.started,
        ended=job.ended,
        seconds=result.seconds,
        attempt=job.attempt,
        files=_files(outputs),
        outputs=outputs,
        nodes={id: _node(node, titles.get(id, "")) for id, node in json.loads(result.nodes).items()},
        error=job.error,
        notices=notices or [],
    )


def _files(outputs: dict[str, Any]) -> list[FileTold]:
    found = []
    for node, shown in outputs.items():
        for kind, entries in shown.items():
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict) and isinstance(entry.get("filename"), str):
                    place = {name: str(entry.get(name, "")) for name in ("filename", "subfolder", "type")}
                    found.append(FileTold(node, kind, **place, url=f"/view?{urlencode(place)}"))
    return found


def _node(tree: dict[str, Any], title: str) -> NodeTold:
    resumed = tree.get("resumed")
    return NodeTold(
        type=str(tree.get("type", "")),
        title=title,
        state=str(tree.get("state", "")),
        seconds=float(tree.get("seconds") or 0.0),
        why=str(tree.get("why", "")),
        resumed=list(resumed) if isinstance(resumed, (list, tuple)) else None,
    )
