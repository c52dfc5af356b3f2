"""Row: records as rows, and rows as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from server.answer import dump
from server.job.record import Ending, Job, NewJob, Summary

LOT = 4 * 2**20
"""Characters of texts that are given at once."""
TEXTS_MAX = 20_000
"""Characters of a job that a search looks through."""
MEDIA = ("images", "video", "videos", "gifs", "audio", "3d")
"""The kinds of output that can be looked at."""


class ResultText(NamedTuple):
    """What the history keeps of a job, each as JSON text."""

    outputs: str
    meta: str
    messages: str
    nodes: str
    seconds: float


def insert(connection: sqlite3.Connection, new: NewJob, now: int) -> int:
    """Write a new job; returns its place in the order of arrival."""
    models = [_storable(model) for model in new.models]
    cursor = connection.execute(
        """INSERT INTO job(id, number, placed, party, client_id, dialect, title, workflow_id, models, roots,
        created) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            new.id,
            new.front or new.number is not None,
            _storable(new.party),
            None if new.client_id is None else _storable(new.client_id),
            new.dialect,
            _storable(new.title),
            None if new.workflow_id is None else _storable(new.workflow_id),
            dump(models),
            dump(list(new.roots)),
            now,
        ),
    )
    seq = cursor.lastrowid
    assert seq is not None
    number = new.number if new.number is not None else -seq if new.front else seq
    connection.execute("UPDATE job SET number = ? WHERE seq = ?", (number, seq))
    connection.execute(
        "INSERT INTO body(seq, prompt, graph, extra_data, texts) VALUES (?, ?, ?, ?, ?)",
        (seq, new.prompt, new.graph, new.extra_data, _storable(new.texts.casefold()[:TEXTS_MAX])),
    )
    terms = [("model", model.casefold()) for model in models]
    terms += [("seed", str(seed)) for seed in new.seeds]
    connection.executemany(
        "INSERT INTO term(seq, kind, value) VALUES (?, ?, ?)", [(seq, *term) for term in dict.fromkeys(terms)]
    )
    return seq


def _storable(text: str) -> str:
    """A text without the half characters that JSON can say but nothing can store."""
    return text.encode("utf-8", "replace").decode()


def finish(connection: sqlite3.Connection, id: str, ending: Ending, now: int) -> bool:
    """Write how a job ended, unless it has ended already; tells whether this did it."""
    shown = list(_files(ending.outputs))
    preview = next((one for one in shown if one.get("type") == "output"), shown[0] if shown else None)
    found = connection.execute("SELECT seq FROM job WHERE id = ? AND ended IS NULL", (id,)).fetchone()
    if found is None:
        return False
    seq: int = found[0]
    connection.execute(
        """UPDATE job SET state = ?, ended = max(?, coalesce(started, created)), worker = NULL, stopping = 0,
        outputs_count = ?, previewable_count = ?, preview = ?, error = ? WHERE seq = ?""",
        (
            ending.status,
            now,
            sum(len(entries) for entries in _entries(ending.outputs)),
            len(shown),
            dump(preview) if preview is not None else None,
            dump(ending.error) if ending.error is not None else None,
            seq,
        ),
    )
    texts = (dump(part) for part in (ending.outputs, ending.meta, ending.messages, ending.nodes))
    connection.execute("INSERT INTO result VALUES (?, ?, ?, ?, ?, ?)", (seq, *texts, ending.seconds))
    return True


def cancel(connection: sqlite3.Connection, id: str, now: int) -> bool:
    """Write that a job was cancelled while it waited, with what is told of that if it was begun before."""
    found = connection.execute("SELECT attempt, started FROM job WHERE id = ?", (id,)).fetchone()
    if found is None or not found[0]:
        return finish(connection, id, Ending("cancelled"), now)
    start = ("execution_start", {"prompt_id": id, "timestamp": found[1]})
    stop = {"prompt_id": id, "timestamp": now, "node_id": None, "node_type": None, "executed": []}
    messages = [start, ("execution_interrupted", stop)]
    return finish(connection, id, Ending("cancelled", messages=messages, error=stop), now)


def _entries(outputs: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The lists of what nodes show, apart from those that only describe others."""
    for shown in outputs.values():
        for kind, entries in shown.items() if isinstance(shown, Mapping) else ():
            if kind != "animated" and isinstance(entries, list):
                yield entries


def _files(outputs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The files among what nodes show, as clients name the one that stands for a job."""
    for node, shown in outputs.items():
        for kind in MEDIA if isinstance(shown, Mapping) else ():
            for entry in shown.get(kind) or ():
                if isinstance(entry, Mapping) and "filename" in entry:
                    yield {**entry, "nodeId": node, "mediaType": kind}


def summary(found: sqlite3.Row) -> Summary:
    """A row as a record."""
    return Summary(**_fields(found))


def job(found: sqlite3.Row) -> Job:
    """A row with its texts as a record."""
    return Job(**_fields(found))


def _fields(found: sqlite3.Row) -> dict[str, Any]:
    fields = dict(found)
    del fields["death_marker"]
    fields["models"] = tuple(json.loads(fields["models"]))
    fields["roots"] = tuple(json.loads(fields["roots"]))
    fields["placed"], fields["stopping"] = bool(fields["placed"]), bool(fields["stopping"])
    for name in ("preview", "error"):
        fields[name] = None if fields[name] is None else json.loads(fields[name])
    return fields


def items(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, str | None]:
    """Jobs as entries of the queue, of as many as make a lot of text; None for one that is not there."""
    select = """SELECT number, id, prompt, extra_data, created, roots FROM job JOIN body USING (seq)
    WHERE seq = ?"""
    texts: dict[int, str | None] = {}
    size = 0
    for seq in seqs:
        found = connection.execute(select, (seq,)).fetchone()
        text = texts[seq] = None if found is None else item(*found)
        size += len(text or "")
        if size > LOT:
            break
    return texts


def item(number: float, id: str, prompt: str, extra_data: str, created: int, roots: str) -> str:
    """`[number, prompt_id, prompt, extra_data, output_ids]`; what is JSON already is put in as it is."""
    inner = extra_data.strip()[1:]
    comma = "" if inner.strip() == "}" else ","
    extra = f'{{"create_time":{created}{comma}{inner}'
    return f"[{plain_number(number)},{_quoted(id)},{prompt},{extra},{roots}]"


_quoted = json.JSONEncoder().encode


def plain_number(value: float) -> float:
    """A number as it was given: whole ones without a point."""
    return int(value) if value.is_integer() else value


def results(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, ResultText]:
    """What is kept of jobs that ended."""
    select = "SELECT outputs, meta, messages, nodes, seconds FROM result WHERE seq = ?"
    rows = ((seq, connection.execute(select, (seq,)).fetchone()) for seq in seqs)
    return {seq: ResultText(*found) for seq, found in rows if found is not None}


def setting(connection: sqlite3.Connection, name: str) -> str | None:
    """A value that the store remembers."""
    found = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def set_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a value."""
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
