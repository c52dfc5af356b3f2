"""Row: records as rows, and rows as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from server.answer import dump
from server.job.record import Ending, Job, NewJob, Summary

CHUNK = 500
"""Rows that one statement is asked for."""
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
    cursor = connection.execute(
        """INSERT INTO job(id, number, placed, party, client_id, dialect, title, workflow_id, models, roots,
        created) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            new.id,
            new.front or new.number is not None,
            new.party,
            new.client_id,
            new.dialect,
            new.title,
            new.workflow_id,
            dump(list(new.models)),
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
        (seq, new.prompt, new.graph, new.extra_data, new.texts.casefold()[:TEXTS_MAX]),
    )
    terms = [("model", model.casefold()) for model in new.models]
    terms += [("seed", str(seed)) for seed in new.seeds]
    connection.executemany(
        "INSERT INTO term(seq, kind, value) VALUES (?, ?, ?)", [(seq, *term) for term in dict.fromkeys(terms)]
    )
    return seq


def finish(connection: sqlite3.Connection, id: str, ending: Ending, now: int) -> bool:
    """Write how a job ended, unless it has ended already; tells whether this did it."""
    shown = list(_files(ending.outputs))
    preview = next((one for one in shown if one.get("type") == "output"), shown[0] if shown else None)
    found = connection.execute("SELECT seq FROM job WHERE id = ? AND ended IS NULL", (id,)).fetchone()
    if found is None:
        return False
    seq: int = found[0]
    connection.execute(
        """UPDATE job SET state = ?, ended = ?, worker = NULL, stopping = 0, outputs_count = ?,
        previewable_count = ?, preview = ?, error = ? WHERE seq = ?""",
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


def job(found: sqlite3.Row, body: sqlite3.Row) -> Job:
    """A row and its texts as a record."""
    return Job(
        **_fields(found),
        prompt=body["prompt"],
        graph=body["graph"],
        extra_data=body["extra_data"],
    )


def _fields(found: sqlite3.Row) -> dict[str, Any]:
    fields = dict(found)
    del fields["death_marker"]
    fields["models"] = tuple(json.loads(fields["models"]))
    fields["roots"] = tuple(json.loads(fields["roots"]))
    fields["placed"], fields["stopping"] = bool(fields["placed"]), bool(fields["stopping"])
    for name in ("preview", "error"):
        fields[name] = None if fields[name] is None else json.loads(fields[name])
    return fields


def bodies(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Prompt and extra data of jobs."""
    return {
        found[0]: (found[1], found[2])
        for found in _select(connection, "SELECT seq, prompt, extra_data FROM body WHERE seq IN ", seqs)
    }


def results(connection: sqlite3.Connection, seqs: Sequence[int]) -> dict[int, ResultText]:
    """What is kept of jobs that ended."""
    columns = "seq, outputs, meta, messages, nodes, seconds"
    found = _select(connection, f"SELECT {columns} FROM result WHERE seq IN ", seqs)  # noqa: S608
    return {one[0]: ResultText(*one[1:]) for one in found}


def _select(connection: sqlite3.Connection, select: str, seqs: Sequence[int]) -> Iterator[sqlite3.Row]:
    for start in range(0, len(seqs), CHUNK):
        part = seqs[start : start + CHUNK]
        yield from connection.execute(f"{select}({', '.join('?' * len(part))})", part)


def setting(connection: sqlite3.Connection, name: str) -> str | None:
    """A value that the store remembers."""
    found = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def set_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a value."""
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
