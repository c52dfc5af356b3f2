"""Projection: jobs in the shapes that ComfyUI's clients read. Stored JSON is put in as the text it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from server.answer import dump
from server.job.face import Jobs
from server.job.record import State, Summary
from server.job.row import ResultText

CHUNK = 50
"""Jobs whose texts are in memory together."""
STATUS: dict[State, str] = {
    "queued": "pending",
    "running": "in_progress",
    "done": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
NO_RESULT = ResultText("{}", "{}", "[]", "{}", 0.0)


def number(value: float) -> float:
    """A number as it was given: whole ones without a point."""
    return int(value) if value.is_integer() else value


def item(job: Summary, prompt: str, extra_data: str) -> str:
    """An entry of the queue: `[number, prompt_id, prompt, extra_data, output_ids]`."""
    inner = extra_data.strip()[1:]
    comma = "" if inner.strip() == "}" else ","
    extra = f'{{"create_time":{job.created}{comma}{inner}'
    return f"[{dump(number(job.number))},{dump(job.id)},{prompt},{extra},{dump(list(job.roots))}]"


async def items(jobs: Jobs, found: Sequence[Summary]) -> AsyncIterator[str]:
    """The entries of several jobs, with commas between."""
    first = True
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        texts = await jobs.texts([job.seq for job in part])
        for job in part:
            if job.seq in texts:  # else it was forgotten meanwhile
                yield ("" if first else ",") + item(job, *texts[job.seq])
                first = False


async def queue(jobs: Jobs) -> AsyncIterator[str]:
    """What `GET /queue` answers, in parts."""
    running, waiting = await jobs.queue()
    yield '{"queue_running":['
    async for text in items(jobs, running):
        yield text
    yield '],"queue_pending":['
    async for text in items(jobs, waiting):
        yield text
    yield "]}"


def entry(job: Summary, texts: tuple[str, str], result: ResultText) -> str:
    """An entry of the history."""
    return (
        f'{{"prompt":{item(job, *texts)},"outputs":{result.outputs},"meta":{result.meta},'
        f'"status":{execution_status(job, result)}}}'
    )


def execution_status(job: Summary, result: ResultText) -> str:
    """How a job ended, and the messages that were sent of it."""
    good = job.state == "done"
    status = f'"status_str":{dump("success" if good else "error")},"completed":{dump(good)}'
    return f'{{{status},"messages":{result.messages}}}'


async def history(jobs: Jobs, found: Sequence[Summary]) -> AsyncIterator[str]:
    """Entries of the history by id, in parts."""
    yield "{"
    first = True
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        seqs = [job.seq for job in part]
        texts, results = await jobs.texts(seqs), await jobs.results(seqs)
        for job in part:
            if job.seq in texts:
                text = entry(job, texts[job.seq], results.get(job.seq, NO_RESULT))
                yield f"{'' if first else ','}{dump(job.id)}:{text}"
                first = False
    yield "}"


def listed(job: Summary) -> dict[str, Any]:
    """A job as `GET /api/jobs` lists it."""
    fields = {
        "id": job.id,
        "status": STATUS[job.state],
        "priority": number(job.number),
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


async def whole(jobs: Jobs, job: Summary) -> str:
    """A job as `GET /api/jobs/{id}` tells it, with its outputs if it has ended."""
    text = dump(listed(job))
    if job.ended is None:
        return text
    result = (await jobs.results([job.seq])).get(job.seq, NO_RESULT)
    prompt, extra = (await jobs.texts([job.seq])).get(job.seq, ("{}", "{}"))
    return (
        f'{text[:-1]},"outputs":{result.outputs},"execution_status":{execution_status(job, result)},'
        f'"workflow":{{"prompt":{prompt},"extra_data":{extra}}}}}'
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
