"""Projection: jobs in the shapes that ComfyUI's clients read. Stored JSON is put in as the text it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from server.answer import dump
from server.job.face import Jobs
from server.job.record import Job, State, Summary
from server.job.row import ResultText, plain_number

CHUNK = 500
"""Jobs whose texts are asked for together."""
STATUS: dict[State, str] = {
    "queued": "pending",
    "running": "in_progress",
    "done": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
TURN = 100
"""Jobs of the history that are written before others in the event loop get their turn."""
NO_RESULT = ResultText("{}", "{}", "[]", "{}", 0.0)


async def queue(jobs: Jobs) -> AsyncIterator[str]:
    """What `GET /queue` answers, in parts."""
    running, waiting = await jobs.places()
    yield '{"queue_running":['
    async for text in _items(jobs, running):
        yield text
    yield '],"queue_pending":['
    async for text in _items(jobs, waiting):
        yield text
    yield "]}"


async def _items(jobs: Jobs, seqs: Sequence[int]) -> AsyncIterator[str]:
    """The entries of several jobs, with commas between; as many at a time as may be in memory."""
    comma = ""
    place = 0
    while place < len(seqs):
        items = await jobs.items(seqs[place : place + CHUNK])
        place += len(items)
        there = [item for item in items.values() if item is not None]
        if there:
            yield comma + ",".join(there)
            comma = ","


async def history(jobs: Jobs, found: Sequence[Summary]) -> AsyncIterator[str]:
    """Entries of the history by id, in parts."""
    yield "{"
    comma = ""
    place = 0
    while place < len(found):
        items = await jobs.items([job.seq for job in found[place : place + TURN]])
        results = await jobs.results(list(items))
        for job in found[place : place + len(items)]:
            item = items[job.seq]
            if item is not None:
                yield f"{comma}{dump(job.id)}:{_entry(job, item, results.get(job.seq, NO_RESULT))}"
                comma = ","
        place += len(items)
    yield "}"


def _entry(job: Summary, item: str, result: ResultText) -> str:
    return (
        f'{{"prompt":{item},"outputs":{result.outputs},"meta":{result.meta},'
        f'"status":{execution_status(job, result)}}}'
    )


def execution_status(job: Summary, result: ResultText) -> str:
    """How a job ended, and the messages that were sent of it."""
    good = job.state == "done"
    status = f'"status_str":{dump("success" if good else "error")},"completed":{dump(good)}'
    return f'{{{status},"messages":{result.messages}}}'


def listed(job: Summary) -> dict[str, Any]:
    """A job as `GET /api/jobs` lists it."""
    fields = {
        "id": job.id,
        "status": STATUS[job.state],
        "priority": plain_number(job.number),
        "create_time": job.created,
        "execution_start_time": job.started,
        "execution_end_time": job.ended,
        "execution_error": job.error if job.state == "failed" else None,
        "outputs_count": job.outputs_count,
        "previewable_outputs_count": job.previewable_count,
        "preview_output": job.preview,
        "workflow_id": job.workflow_id,
    }
    return {name: value for name, value in fields.items() if value is not None}


def page(found: Sequence[Summary], pagination: Mapping[str, Any]) -> str:
    """What `GET /api/jobs` answers."""
    return dump({"jobs": [listed(job) for job in found], "pagination": pagination})


async def whole(jobs: Jobs, job: Job) -> str:
    """A job as `GET /api/jobs/{id}` tells it, with its outputs if it has ended."""
    text = dump(listed(job))
    if job.ended is None:
        return text
    result = (await jobs.results([job.seq])).get(job.seq, NO_RESULT)
    return (
        f'{text[:-1]},"outputs":{result.outputs},"execution_status":{execution_status(job, result)},'
        f'"workflow":{{"prompt":{job.prompt},"extra_data":{job.extra_data}}}}}'
    )


def told(found: Iterable[Summary]) -> list[dict[str, Any]]:
    """Jobs as our own routes tell them: what ComfyUI's clients know, and what only we keep."""
    return [
        listed(job)
        | {
            "state": job.state,
            "title": job.title,
            "client_id": job.client_id,
            "attempt": job.attempt,
            "models": list(job.models),
            "worker": job.worker,
        }
        for job in found
    ]
